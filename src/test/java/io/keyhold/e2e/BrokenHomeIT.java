package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with a home, the daemon ends with 78 and one line that helps. */
final class BrokenHomeIT {

    private Home home;

    @BeforeEach
    void prepare() {
        home = Home.prepare();
    }

    @AfterEach
    void remove() {
        home.close();
    }

    /** The line is the one that was broken. */
    @Test
    void aMistakeInTheConfigurationIsNamedWithItsLine() throws IOException {
        Path file = home.path("keyhold.toml");
        String good = Commands.text(file);
        int line = good.substring(0, good.indexOf("listen =")).split("\n", -1).length;
        Map<String, String> mistakes = new LinkedHashMap<>();
        mistakes.put("listen = 5", "grpc.listen is 5; right would be a text in quotes");
        mistakes.put("listen = \"127.0.0.1:70000\"", "grpc.listen is 127.0.0.1:70000; right would");
        mistakes.put("listen = \"nowhere\"", "grpc.listen is 'nowhere'; right would be");
        mistakes.put("bogus = 1", "grpc.bogus is not known; right would be one of");
        mistakes.put("listen = \"127.0.0.1:7443", "expected \"");
        mistakes.put("nonsense", "expected . or =");
        mistakes.put("listen = \"127.0.0.1:1\"\nlisten = \"127.0.0.1:2\"", "listen");
        for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
            write(file, good.replaceFirst("(?m)^listen = .*$", mistake.getKey()));
            int at = line + (mistake.getKey().contains("\n") ? 1 : 0);
            assertThat(Keyhold.refusal(home))
                    .startsWith("keyhold: " + file + ":" + at + ": ")
                    .contains(mistake.getValue());
        }
    }

    @Test
    void aConfigurationThatIsNoTextOrNotThere() throws IOException {
        Path file = home.path("keyhold.toml");
        Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE});
        assertThat(Keyhold.refusal(home)).isEqualTo("keyhold: " + file + " is not UTF-8 text");
        Files.delete(file);
        assertThat(Keyhold.refusal(home)).isEqualTo("keyhold: " + file + " does not exist");
    }

    @Test
    void aPinFileThatIsMissingOrOpen() throws IOException {
        Path pin = home.path("pin");
        Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(refusal()).contains(pin + " is open to others: chmod 600 it");
        Files.delete(pin);
        assertThat(refusal()).contains(pin + " does not exist");
    }

    @Test
    void tlsFilesThatAreMissingOrNoCertificates() throws IOException {
        Path certificate = home.path("tls/server.crt");
        byte[] good = Files.readAllBytes(certificate);
        Files.delete(certificate);
        assertThat(refusal()).contains(certificate + " does not exist");
        Files.write(certificate, good);
        write(home.path("tls/ca.crt"), "no certificate");
        assertThat(refusal()).contains(home.path("tls/ca.crt") + " holds no certificate");
    }

    @Test
    void aFileInTheWay() throws IOException {
        Files.write(home.path("audit"), new byte[0]);
        assertThat(refusal()).contains(home.path("audit") + " is in the way");
    }

    @Test
    void aDatabaseThatIsMissingBesideATokenWithKeys() throws IOException {
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            client.createKey();
            assertThat(daemon.terminate()).isEqualTo(Daemon.TERMINATED);
        }
        Files.delete(home.path("keyhold.db"));

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(refusal())
                    .contains(home.path("keyhold.db") + " does not exist")
                    .contains("the token holds 1 objects of keys: restore the database");
        }
    }

    @Test
    void anAuthorityThatIsListedTwice() throws IOException {
        Path settings = home.path("keyhold.toml");
        String entry =
                "\n[[grpc.client_ca]]\ncertificate = \"tls/ca.crt\"\n"
                        + "accounts = [\"999999999999\"]\n";
        Files.writeString(settings, Files.readString(settings) + entry);

        assertThat(refusal()).contains("tls/ca.crt is the same authority as an earlier client_ca");
    }

    @Test
    void aDatabaseThatIsNone() throws IOException {
        write(home.path("keyhold.db"), "no database ".repeat(1000));
        assertThat(refusal())
                .contains(home.path("keyhold.db") + " cannot be used as the database")
                .contains("NOTADB");
    }

    @Test
    void aLibraryThatIsNotThere() throws IOException {
        Path file = home.path("hsm/softhsm.cfg");
        write(file, Commands.text(file).replaceFirst("(?m)^library = .*$", "library = /no/where"));
        assertThat(refusal()).contains(file + ": library = /no/where is no file");
    }

    @Test
    void aPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(Keyhold.refusal(home, "--grpc-port", port, "--aws-port", "0"))
                    .contains("127.0.0.1:" + port)
                    .contains("Address already in use");
        }
    }

    private String refusal() {
        return Keyhold.refusal(home, "--grpc-port", "0", "--aws-port", "0");
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(ISO_8859_1));
    }
}
