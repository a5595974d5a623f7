package io.keyhold.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.config.Config.Audit;
import io.keyhold.config.Config.Aws;
import io.keyhold.config.Config.ClientCa;
import io.keyhold.config.Config.Daemon;
import io.keyhold.config.Config.Grpc;
import io.keyhold.config.Config.Imports;
import io.keyhold.config.Config.Mapping;
import io.keyhold.config.Config.Operator;
import io.keyhold.config.Config.Service;
import io.keyhold.config.Config.Store;
import io.keyhold.config.Config.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every default, and every setting: a change of either is a change that operators see. */
class ConfigDefaultsTest {

    private static final String SPIFFE = "spiffe://example.org/ns/{namespace}/sa/{name}";
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    @TempDir private Path folder;

    @Test
    void defaultsStayWhatTheyAre() throws IOException {
        assertThat(new Home(folder).load(Home.LEAST))
                .isEqualTo(
                        new Config(
                                folder,
                                new Daemon("aws", "123456789012", "us-east-1"),
                                new Operator(false),
                                new Grpc(
                                        "127.0.0.1",
                                        7443,
                                        false,
                                        folder.resolve("tls/server.crt"),
                                        folder.resolve("tls/server.key"),
                                        CORES,
                                        List.of(
                                                new ClientCa(
                                                        folder.resolve("tls/ca.crt"),
                                                        Optional.empty(),
                                                        List.of("123456789012"),
                                                        false,
                                                        List.of(),
                                                        List.of()))),
                                Optional.empty(),
                                List.of(),
                                new Store(folder.resolve("keyhold.db")),
                                new Audit(folder.resolve("audit")),
                                new Imports(false),
                                new Token(
                                        folder.resolve("hsm/softhsm.cfg"),
                                        "keyhold",
                                        Optional.empty(),
                                        folder.resolve("pin"),
                                        false,
                                        2 * CORES + 4,
                                        Duration.ofSeconds(10),
                                        Map.of())));
    }

    @Test
    void everySettingCanBeSet() throws IOException {
        Config config =
                new Home(folder)
                        .load(
                                """
                                [daemon]
                                partition = "aws-cn"
                                account = "111111111111"
                                region = "cn-north-1"

                                [operator]
                                act_as = true

                                [grpc]
                                listen = "[::1]:1"
                                reflection = true
                                certificate = "/etc/tls/server.crt"
                                private_key = "../server.key"
                                event_loops = 3

                                [[grpc.client_ca]]
                                certificate = "a.crt"
                                crl = "a.crl"
                                accounts = ["111111111111", "222222222222"]
                                allow_root = true

                                [[grpc.client_ca]]
                                certificate = "b.crt"
                                accounts = ["333333333333"]
                                services = ["s3.amazonaws.com"]

                                [[grpc.client_ca.mapping]]
                                uri = "spiffe://example.org/ns/{namespace}/sa/{name}"
                                principal = "arn:aws-cn:iam::333333333333:role/{namespace}-{name}"

                                [[grpc.client_ca.mapping]]
                                uri = "spiffe://example.org/storage"
                                principal = "Service:s3.amazonaws.com"

                                [aws]
                                listen = "[::]:2"
                                tls = true

                                [[service]]
                                principal = "s3.amazonaws.com"
                                may_assert_accounts = ["333333333333"]

                                [[service]]
                                name = "ssm"
                                principal = "parameters.ssm.amazonaws.com"
                                account = "444444444444"
                                keys = ["service-owned"]

                                [store]
                                file = "/var/lib/keyhold.db"

                                [audit]
                                directory = "/var/log/keyhold"

                                [import]
                                allow_plaintext_in_daemon = true

                                [[token]]
                                library = "hsm/vendor.cfg"
                                label = "orders"
                                serial = "4f2a"
                                pin_file = "/run/credentials/pin"
                                in_process = true
                                lanes = 7
                                timeout_seconds = 42
                                environment = { VENDOR_MODE = "fast" }
                                """);

        assertThat(config)
                .isEqualTo(
                        new Config(
                                folder,
                                new Daemon("aws-cn", "111111111111", "cn-north-1"),
                                new Operator(true),
                                new Grpc(
                                        "[::1]",
                                        1,
                                        true,
                                        Path.of("/etc/tls/server.crt"),
                                        folder.resolveSibling("server.key"),
                                        3,
                                        List.of(
                                                new ClientCa(
                                                        folder.resolve("a.crt"),
                                                        Optional.of(folder.resolve("a.crl")),
                                                        List.of("111111111111", "222222222222"),
                                                        true,
                                                        List.of(),
                                                        List.of()),
                                                new ClientCa(
                                                        folder.resolve("b.crt"),
                                                        Optional.empty(),
                                                        List.of("333333333333"),
                                                        false,
                                                        List.of("s3.amazonaws.com"),
                                                        List.of(
                                                                new Mapping(
                                                                        SPIFFE,
                                                                        "arn:aws-cn:iam::333333333333"
                                                                                + ":role/{namespace}-{name}"),
                                                                new Mapping(
                                                                        "spiffe://example.org/storage",
                                                                        "Service:s3.amazonaws.com"))))),
                                Optional.of(new Aws("[::]", 2, true, Optional.empty())),
                                List.of(
                                        new Service(
                                                "s3",
                                                "s3.amazonaws.com",
                                                Optional.empty(),
                                                List.of("customer-managed", "service-managed"),
                                                List.of("333333333333")),
                                        new Service(
                                                "ssm",
                                                "parameters.ssm.amazonaws.com",
                                                Optional.of("444444444444"),
                                                List.of("service-owned"),
                                                List.of())),
                                new Store(Path.of("/var/lib/keyhold.db")),
                                new Audit(Path.of("/var/log/keyhold")),
                                new Imports(true),
                                new Token(
                                        folder.resolve("hsm/vendor.cfg"),
                                        "orders",
                                        Optional.of("4f2a"),
                                        Path.of("/run/credentials/pin"),
                                        true,
                                        7,
                                        Duration.ofSeconds(42),
                                        Map.of("VENDOR_MODE", "fast"))));
    }

    @Test
    void onlyThePortIsOtherWithAnotherPort() throws IOException {
        Config config = new Home(folder).load(Home.LEAST);
        Config other = config.withGrpcPort(1234);

        assertThat(other.grpc().port()).isEqualTo(1234);
        assertThat(other.withGrpcPort(config.grpc().port())).isEqualTo(config);
    }
}
