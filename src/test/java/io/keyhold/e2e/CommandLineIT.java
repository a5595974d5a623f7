package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import io.keyhold.v1.ListKeysRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a person at a terminal, or a script, meets. */
final class CommandLineIT {

    private static Home home;

    @BeforeAll
    static void prepare() {
        home = Home.prepare();
    }

    @AfterAll
    static void remove() {
        home.close();
    }

    @Test
    void anOlderJavaIsToldInOneLine() throws IOException {
        Outcome outcome = Commands.run(olderJava().toString(), "-jar", Commands.JAR.toString());
        assertThat(outcome.exitCode()).isEqualTo(Keyhold.UNAVAILABLE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .startsWith("keyhold needs Java 25 or newer; this is Java ");
    }

    @Test
    void helpAndVersion() {
        Outcome help = Keyhold.run("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("serve", "call", "version");
        Outcome serve = Keyhold.run("serve", "--help");
        assertThat(serve.exitCode()).isZero();
        assertThat(serve.out()).contains("--home", "--config", "--grpc-port", "--aws-port");
        for (String version : new String[] {"version", "--version"}) {
            Outcome outcome = Keyhold.run(version);
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.out()).containsPattern("^keyhold [0-9]+\\.[0-9]+").contains("Java ");
        }
    }

    @Test
    void aWrongCommandLineIsExplained() {
        for (String[] wrong :
                new String[][] {
                    {},
                    {"nonsense"},
                    {"call"},
                    {"call", "DeleteEverything"},
                    {"serve", "--grpc-port", "x"},
                    {"serve", "--grpc-port", "65536", "--home", home.folder().toString()},
                    {"serve", "--grpc-port", "-1", "--home", home.folder().toString()}
                }) {
            Outcome outcome = Keyhold.run(wrong);
            assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(Keyhold.USAGE);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).isNotEmpty().doesNotContain("\tat ");
        }
    }

    @Test
    void aCallWithoutADaemonSaysSo() {
        Outcome never = call("ListKeys", "{}");
        assertThat(never.exitCode()).isEqualTo(Keyhold.UNAVAILABLE);
        assertThat(never.err()).startsWith("keyhold: no daemon ").contains("keyhold.sock");
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START)) {
            daemon.kill();
        }
        assertThat(home.socket()).exists();
        Outcome killed = call("ListKeys", "{}");
        assertThat(killed.exitCode()).isEqualTo(Keyhold.UNAVAILABLE);
        assertThat(killed.err().lines()).singleElement().asString().contains("no daemon answers");
    }

    @Test
    void aCallAnswersJsonOrTheRefusal() {
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START)) {
            Awaitility.await().until(() -> daemon.out().contains(home.socket().toString()));
            Outcome made = call("CreateKey", "{\"Description\": \"by hand\"}");
            assertThat(made.exitCode()).as(made.toString()).isZero();
            assertThat(made.out()).contains("\"Description\": \"by hand\"", "\"KeyId\": \"");
            Outcome refused = call("DescribeKey", "{\"KeyId\": \"nobody\"}");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err().strip())
                    .isEqualTo("NotFoundException: Invalid keyId 'nobody'");
            for (String json : new String[] {"{\"KeyIdd\": \"nobody\"}", "{\"KeyId\":"}) {
                Outcome unreadable = call("DescribeKey", json);
                assertThat(unreadable.exitCode()).isEqualTo(Keyhold.USAGE);
                assertThat(unreadable.err())
                        .startsWith("keyhold: the JSON is no DescribeKey request: ")
                        .endsWith("Try 'keyhold call --help'." + System.lineSeparator());
            }
            Outcome twice = call("ListKeys", "{\"Limit\": 1, \"Limit\": 2}");
            assertThat(twice.err()).contains("Duplicate", "Limit", "line 1, column 21");
            Outcome noLiteral = call("CreateKey", "{\"Origin\": \"MARS\"}");
            assertThat(noLiteral.err()).contains("MARS", "right would be AWS_CLOUDHSM, AWS_KMS,");
            Outcome user = call("CreateUser", "{\"UserName\": \"alice\"}");
            assertThat(user.exitCode()).isZero();
            assertThat(user.out()).contains("\"UserId\": \"AIDA");
            Outcome noVerb = call("listkeys", "{}");
            assertThat(noVerb.err())
                    .contains("no verb listkeys; right would be CreateKey, ")
                    .contains(", CreateUser, ");
        }
    }

    @Test
    void aSessionTokenComesFromAFile() throws IOException {
        String alice = "arn:aws:iam::123456789012:user/alice";
        String trust =
                """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                 "Action": "sts:AssumeRole", "Principal": {"AWS": "%s"}}}
                """
                        .formatted(alice);
        Path file = home.scratch("session");
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START)) {
            Awaitility.await().until(() -> daemon.out().contains(home.socket().toString()));
            call(
                    "CreateRole",
                    "{\"RoleName\": \"app\", \"AssumeRolePolicyDocument\": " + trust + "}");
            Outcome assumed =
                    call(
                            "AssumeRole",
                            "{\"RoleArn\": \"arn:aws:iam::123456789012:role/app\","
                                    + " \"RoleSessionName\": \"one\"}",
                            "--as",
                            alice);
            assertThat(assumed.exitCode()).as(assumed.toString()).isZero();
            Files.writeString(file, assumed.out().replaceAll("(?s).*Token\": \"|\".*", ""));
            String[] options = {"--as", alice, "--session-token", file.toString()};
            Outcome called = call("GetCallerIdentity", "{}", options);
            assertThat(called.out()).as(called.toString()).contains("assumed-role/app/one\"");
            Files.writeString(file, "\n");
            assertThat(call("GetCallerIdentity", "{}", options).err()).contains("it is empty");
            Files.delete(file);
            Outcome none = call("GetCallerIdentity", "{}", options);
            assertThat(none.exitCode()).isEqualTo(Keyhold.USAGE);
            assertThat(none.err()).contains("no session token can be read from " + file);
        }
    }

    @Test
    void aCertificateForAnyClient() {
        String uri = "arn:aws:iam::123456789012:user/team/a,b=c";
        Outcome made = certificate(uri);
        assertThat(made.out().lines())
                .as(made.toString())
                .containsExactly(
                        home.path("tls/user-team-a,b=c.crt").toString(),
                        home.path("tls/user-team-a,b=c.key").toString());
        assertThat(certificate(uri).out()).isEqualTo(made.out());
        assertThat(certificate("arn:aws:iam::123456789012:user/team-a,b=c").err())
                .contains("user-team-a,b=c.crt is somebody else's");
        Outcome nobody = certificate("alice");
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).startsWith("run: alice is no client: write arn:aws:iam::");
        assertThat(certificate("Service:s3.amazonaws.com").exitCode()).isZero();
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client team = client(daemon, "tls/user-team-a,b=c");
                Client service = client(daemon, "tls/s3.amazonaws.com")) {
            assertThat(refusal(team)).contains("User: " + uri + " is not authorized");
            Request.of(ListKeysRequest.newBuilder()).send(service);
        }
    }

    private static String refusal(Client client) {
        return Request.of(ListKeysRequest.newBuilder()).refusal(client).text();
    }

    private static Client client(Daemon daemon, String certificate) {
        return new Client(Tls.channel(daemon, Tls.as(home, certificate)));
    }

    private static Outcome certificate(String uri) {
        String folder = home.folder().toString();
        return Commands.run("scripts/run", "certificate", uri, "--home", folder);
    }

    private static Outcome call(String verb, String json, String... options) {
        return Keyhold.run(
                Stream.concat(
                                Stream.of("call", verb, json, "--home", home.folder().toString()),
                                Stream.of(options))
                        .toArray(String[]::new));
    }

    /** A Java below 25: the one in PATH, or one that is installed beside the tests' own. */
    private static Path olderJava() throws IOException {
        Path installed = Path.of(System.getProperty("java.home")).toRealPath().getParent();
        try (Stream<Path> homes = Files.list(installed)) {
            return homes.filter(CommandLineIT::isOlder)
                    .map(java -> java.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no Java 17 is in " + installed));
        }
    }

    private static boolean isOlder(Path java) {
        Properties release = new Properties();
        Path file = java.resolve("release");
        if (!Files.exists(file)) {
            return false;
        }
        try (var in = Files.newInputStream(file)) {
            release.load(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        String version = release.getProperty("JAVA_VERSION", "\"99\"").replace("\"", "");
        int feature = Integer.parseInt(version.split("\\.")[0]);
        return feature >= 17 && feature < 25;
    }
}
