package io.keyhold.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The C program on the daemon's token; it ends with its input. */
final class TokenProgram implements AutoCloseable {

    private static final String LIBRARY = "/usr/lib/softhsm/libsofthsm2.so";

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;

    TokenProgram(Path program, Path home, String keyLabel) throws IOException {
        String pin = home.resolve("pin").toString();
        ProcessBuilder builder =
                new ProcessBuilder(program.toString(), LIBRARY, "keyhold", pin, keyLabel)
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("SOFTHSM2_CONF", home.resolve("softhsm2.conf").toString());
        process = builder.start();
        in = process.outputWriter();
        out = process.inputReader();
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** Operations per second of a verb in small letters. */
    double rate(String operation, int threads, double seconds) throws IOException {
        in.write("%s %d %.3f%n".formatted(operation, threads, seconds));
        in.flush();
        String answer = out.readLine();
        if (answer == null) {
            throw new IOException("the token program has ended");
        }
        return Double.parseDouble(answer);
    }

    @Override
    public void close() throws IOException {
        in.close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
