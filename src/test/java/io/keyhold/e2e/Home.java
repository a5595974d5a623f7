package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A daemon's home as {@code scripts/run prepare} makes it, in a temporary folder. */
final class Home implements AutoCloseable {

    private final Path work;
    private final Path folder;

    private Home(Path work) {
        this.work = work;
        this.folder = work.resolve("home");
    }

    /** Makes one. Not below target/: the path of a Unix socket has at most 107 bytes. */
    static Home prepare() {
        try {
            Home home = new Home(Files.createTempDirectory("keyhold-e2e"));
            Commands.must("scripts/run", "prepare", "--home", home.folder.toString());
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    /** A file or folder of the home. */
    Path path(String name) {
        return folder.resolve(name);
    }

    Path socket() {
        return path("keyhold.sock");
    }

    /** Replaces a line of the configuration. */
    void configure(String line, String by) {
        Path file = path("keyhold.toml");
        String text = Commands.text(file);
        assertThat(text).contains(line);
        try {
            Files.writeString(file, text.replace(line, by));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets client certificates name principals of more accounts. */
    void addAccounts(String... more) {
        String own = "\naccounts = [\"123456789012\"";
        configure(own, own + ", \"" + String.join("\", \"", more) + "\"");
    }

    /** Declares one more service, which may assert the usual account. */
    void addService(String principal) {
        String one = "services = [\"s3.amazonaws.com\"";
        configure(one, one + ", \"" + principal + "\"");
        String last = "may_assert_accounts = [\"123456789012\"]\n";
        configure(last, last + "\n[[service]]\nprincipal = \"" + principal + "\"\n" + last);
    }

    /** A place outside the home that is removed with it. */
    Path scratch(String name) {
        return work.resolve(name);
    }

    String pin() {
        return Commands.text(path("pin")).strip();
    }

    /** The audit records of calls. */
    Journal journal() {
        return wholeJournal().calls();
    }

    /** Those of what the daemon did by itself, too. */
    Journal wholeJournal() {
        return Journal.read(path("audit/journal.jsonl"));
    }

    /** What the token holds, by the word of pkcs11-tool. */
    Token token() {
        return new Token(this);
    }

    /** What a PKCS#11 program needs to find the token. */
    Map<String, String> tokenEnvironment() {
        return Map.of("SOFTHSM2_CONF", path("softhsm2.conf").toString(), "TEST_PIN", pin());
    }

    @Override
    public void close() {
        Commands.delete(work);
    }
}
