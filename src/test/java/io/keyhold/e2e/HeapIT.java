package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * R21: what is too large costs the daemon no memory. Its heap has less room than one message of 64
 * MB, and what lives there afterwards is hardly more than before.
 */
final class HeapIT {

    private static final int MEGABYTE = 1 << 20;

    /** The limit of a message. */
    private static final long LIMIT = MEGABYTE;

    private static final int ROUNDS = 20;
    private static final int AT_ONCE = 4;
    private static final Pattern TOTAL =
            Pattern.compile("^Total +[0-9]+ +([0-9]+)", Pattern.MULTILINE);

    private static Home home;
    private static Daemon daemon;
    private static String key;

    @BeforeAll
    static void start() {
        home = Home.prepare();
        daemon = Daemon.start(home, "-Xmx56m", "-XX:+UseSerialGC");
        try (Client client = Listener.UNIX.connect(daemon)) {
            key = client.createKey().getKeyId();
        }
    }

    @AfterAll
    static void itLives() {
        try (Home used = home;
                Daemon running = daemon) {
            assertThat(running.alive()).as("%s: %s", used.folder(), running.log()).isTrue();
            assertThat(running.log()).doesNotContain("OutOfMemory").doesNotContain(" ERROR ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesOf64Megabytes(Listener listener) {
        grows(listener, "64 MB", new byte[64 * MEGABYTE]);
    }

    @ParameterizedTest
    @EnumSource
    void hundredThousandMapEntries(Listener listener) {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            entries.put(Integer.toString(i, Character.MAX_RADIX), "");
        }
        byte[] body = Client.encryptRequest(key, new byte[1], entries).toByteArray();
        assertThat(body.length).isLessThan(MEGABYTE);
        grows(listener, "100,000 entries", body);
    }

    private static void grows(Listener listener, String what, byte[] body) {
        try (Client client = listener.connect(daemon)) {
            send(client, body); // so that what is made once is there
            long before = live();
            for (int round = 0; round < ROUNDS / AT_ONCE; round++) {
                send(client, body);
            }
            long growth = live() - before;
            System.out.printf(
                    "R21 heap, %s, %s: %d refused calls, live before %d KiB, growth %d KiB%n",
                    what, listener, ROUNDS, before >> 10, growth >> 10);
            assertThat(growth).isLessThan(2 * LIMIT);
        }
    }

    private static void send(Client client, byte[] body) {
        List<ListenableFuture<byte[]>> calls = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            calls.add(client.begin(Raw.method(Rpc.ENCRYPT.getFullMethodName()), body));
        }
        for (ListenableFuture<byte[]> call : calls) {
            try {
                call.get();
                throw new AssertionError("it was taken");
            } catch (ExecutionException e) {
                assertThat(e.getMessage()).containsAnyOf("RESOURCE_EXHAUSTED", "INVALID_ARGUMENT");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** Bytes of objects that are reachable; the histogram collects garbage first. */
    private static long live() {
        String jcmd = Path.of(Commands.JAVA).resolveSibling("jcmd").toString();
        Matcher total =
                TOTAL.matcher(
                        Commands.must(jcmd, Long.toString(daemon.pid()), "GC.class_histogram"));
        assertThat(total.find()).isTrue();
        return Long.parseLong(total.group(1));
    }
}
