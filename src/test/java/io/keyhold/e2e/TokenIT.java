package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import io.keyhold.v1.KeyMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code keyhold token list} and {@code keyhold token probe}. */
final class TokenIT {

    @Test
    void theTokenIsLookedAtBesideARunningDaemon() {
        try (Home home = Home.prepare();
                Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            KeyMetadata key = client.createKey();
            byte[] blob = client.encrypt(key.getKeyId(), new byte[] {1}, Map.of());
            int objects = home.token().objects().size();

            Outcome list = run(home, "list");
            Outcome probe = run(home, "probe");

            assertThat(list.exitCode()).as(list.toString()).isZero();
            assertThat(list.out().lines().filter(line -> line.endsWith("yes")))
                    .singleElement()
                    .asString()
                    .contains(" keyhold ", "SoftHSM v2", "ready");
            assertThat(probe.exitCode()).as(probe.toString()).isZero();
            assertThat(probe.out().lines().skip(1).filter(line -> line.contains(" yes     yes")))
                    .hasSize(3);
            assertThat(probe.out()).contains("C_DecryptInit: CKR_ARGUMENTS_BAD");
            assertThat(home.token().objects()).hasSize(objects);
            assertThat(client.decrypt(blob, Map.of())).isEqualTo(new byte[] {1});
        }
    }

    @Test
    void programsReadJson() {
        try (Home home = Home.prepare()) {
            JsonNode tokens = JsonMapper.shared().readTree(run(home, "list", "--json").out());
            JsonNode probed = JsonMapper.shared().readTree(run(home, "probe", "--json").out());

            assertThat(tokens.get(0).path("label").asString()).isEqualTo("keyhold");
            assertThat(tokens.get(0).path("configured").asString()).isEqualTo("yes");
            assertThat(probed.findValuesAsString("works"))
                    .contains("yes", "no", "not tried")
                    .doesNotContain("wrong answer");
        }
    }

    /** A probe in a loop must not lock the token either. */
    @Test
    void aWrongPinIsOfferedOnce() throws IOException {
        try (Home home = Home.prepare()) {
            Files.write(home.path("pin"), "wrong-pin".getBytes(UTF_8));

            Outcome first = run(home, "probe");
            Outcome second = run(home, "probe");

            assertThat(first.exitCode()).isEqualTo(Keyhold.CONFIG);
            assertThat(first.err()).contains("refused the PIN").doesNotContain("wrong-pin");
            assertThat(second.exitCode()).isEqualTo(Keyhold.CONFIG);
            assertThat(second.err()).contains("refused this PIN before");
            assertThat(run(home, "list").out()).contains("a wrong PIN was given");
        }
    }

    private static Outcome run(Home home, String command, String... more) {
        String[] arguments = new String[4 + more.length];
        arguments[0] = "token";
        arguments[1] = command;
        arguments[2] = "--home";
        arguments[3] = home.folder().toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return Keyhold.run(arguments);
    }
}
