package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.keyhold.v1.ListKeysRequest;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R28: who gets in over TCP: TLS 1.3 with a good client certificate, and nobody else. */
final class TlsIT {

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static Certificates certificates;

    @BeforeAll
    static void begin() {
        certificates = new Certificates(one.home());
    }

    @AfterEach
    void theGoodOneStillGetsIn() {
        try (Client client = Listener.TLS.connect(one.daemon())) {
            assertThat(client.createKey().getKeyId()).isNotEmpty();
        }
    }

    @Test
    void withoutACertificate() {
        assertNoConnection("no certificate", Tls.anonymous(one.home()));
    }

    @Test
    void withoutTls13() {
        assertNoConnection("TLS 1.2", good().protocols("TLSv1.2"));
    }

    @Test
    void withoutTlsAtAll() {
        try (Client client =
                new Client(
                        io.grpc.netty.NettyChannelBuilder.forAddress(
                                        "127.0.0.1", one.daemon().port())
                                .channelType(io.netty.channel.epoll.EpollSocketChannel.class)
                                .usePlaintext())) {
            assertUnavailable("no TLS", client);
        }
    }

    @Test
    void withACertificateOfNoKnownAuthority() {
        assertNoConnection("self-signed", as(certificates.selfSigned("self")));
        String other = certificates.selfSigned("other-ca");
        Instant now = Instant.now();
        assertNoConnection(
                "another CA of the same name",
                as(
                        certificates.issue(
                                "of-other-ca",
                                Path.of(other),
                                "clientAuth",
                                Certificates.ROOT,
                                now.minus(Duration.ofHours(1)),
                                now.plus(Duration.ofDays(1)))));
    }

    @Test
    void withACertificateOfAnotherTime() {
        Instant now = Instant.now();
        Duration day = Duration.ofDays(1);
        for (Map.Entry<Instant, Instant> times :
                Map.of(
                                now.minus(day.multipliedBy(2)),
                                now.minus(day),
                                now.plus(day),
                                now.plus(day.multipliedBy(2)))
                        .entrySet()) {
            assertNoConnection(
                    "from " + times.getKey(),
                    as(
                            certificates.issue(
                                    "of-another-time",
                                    one.home().path("tls/ca"),
                                    "clientAuth",
                                    Certificates.ROOT,
                                    times.getKey(),
                                    times.getValue())));
        }
    }

    @Test
    void withACertificateForAnotherPurpose() {
        assertNoConnection("server", as(one.home().path("tls/server").toString()));
        for (String usage : new String[] {"serverAuth", "codeSigning", ""}) {
            assertNoConnection(
                    "EKU '" + usage + "'",
                    as(certificates.issue("of-other-use", usage, Certificates.ROOT)));
        }
    }

    /** The connection stands, since its authority is known; each call is refused and recorded. */
    @Test
    void withACertificateThatNamesNobody() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("", "0 URIs");
        names.put("DNS:localhost", "0 URIs");
        names.put(Certificates.ROOT + ", URI:arn:aws:iam::123456789012:user/u", "2 URIs");
        names.put("URI:https://example.com/", "no ARN");
        names.put("URI:arn:aws:iam::999999999999:root", "account 999999999999");
        names.put("URI:arn:aws:s3:::bucket", "names no IAM user");
        names.put("URI:arn:aws-cn:iam::123456789012:root", "names no IAM user");
        names.put("URI:arn:aws:iam:us-east-1:123456789012:root", "names no IAM user");
        names.put("URI:arn:aws:iam::123456789012:group/g", "names no IAM user");
        for (Map.Entry<String, String> name : names.entrySet()) {
            String certificate = certificates.issue("nobody", "clientAuth", name.getKey());
            int before = one.home().journal().events().size();
            try (Client client = new Client(Tls.channel(one.daemon(), as(certificate)))) {
                Refusal refusal = Refusal.of(client::createKey);
                assertThat(refusal.name()).isEqualTo("UnrecognizedClientException");
                assertThat(refusal.text()).contains(name.getValue());
            }
            assertThat(one.home().journal().since(before).events())
                    .singleElement()
                    .satisfies(
                            event -> {
                                assertThat(event.path("errorCode").asString())
                                        .isEqualTo("UnrecognizedClientException");
                                assertThat(event.path("userIdentity").path("type").asString())
                                        .isEqualTo("Unknown");
                            });
        }
    }

    /**
     * Nothing but the account's root is allowed yet; who calls is in the message and the record.
     */
    @Test
    void asSomebodyWithoutPermission() {
        String key = one.client().createKey().getKeyId();
        byte[] blob = one.client().encrypt(key, new byte[1], Map.of());
        for (String who : new String[] {"user/alice", "role/app"}) {
            String arn = "arn:aws:iam::123456789012:" + who;
            String certificate = certificates.issue("somebody", "clientAuth", "URI:" + arn);
            try (Client client = new Client(Tls.channel(one.daemon(), as(certificate)))) {
                for (Refusal refusal :
                        new Refusal[] {
                            Refusal.of(client::createKey),
                            Refusal.of(
                                    () ->
                                            client.call(
                                                    Rpc.LIST_KEYS,
                                                    ListKeysRequest.getDefaultInstance())),
                            Refusal.of(() -> client.encrypt(key, new byte[1], Map.of())),
                            Refusal.of(() -> client.rotate(key)),
                            Refusal.of(() -> client.rotations(key))
                        }) {
                    assertThat(refusal.name()).isEqualTo("AccessDeniedException");
                    assertThat(refusal.text())
                            .startsWith("User: " + arn + " is not authorized to perform: kms:")
                            .contains("no identity-based policy allows");
                }
                assertThat(Refusal.of(() -> client.decrypt(blob, Map.of())).name())
                        .isEqualTo("AccessDeniedException");
            }
        }
    }

    private static SslContextBuilder good() {
        return as(one.home().path("tls/client").toString());
    }

    private static SslContextBuilder as(String name) {
        return Tls.as(one.home(), name);
    }

    private static void assertNoConnection(String who, SslContextBuilder tls) {
        try (Client client = new Client(Tls.channel(one.daemon(), tls))) {
            assertUnavailable(who, client);
        }
    }

    private static void assertUnavailable(String who, Client client) {
        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, client::createKey);
        assertThat(refused).as(who).isNotNull();
        assertThat(refused.getStatus().getCode())
                .as("%s: %s", who, refused)
                .isEqualTo(Status.Code.UNAVAILABLE);
    }
}
