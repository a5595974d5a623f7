package io.keyhold.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.key.Services;
import io.keyhold.testkit.TestServices;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Services that act for principals: what their tokens carry, whom they serve, and how long. */
class ForwardingTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");
    private static final Instant END = NOW.plusSeconds(900);
    private static final Arn ROLE = Arn.parse("arn:aws:iam::123456789012:role/app").orElseThrow();
    private static final BoundPrincipal HOLDER =
            new BoundPrincipal(
                    new Principal.OfAccount(
                            Arn.parse("arn:aws:iam::123456789012:user/alice").orElseThrow()),
                    "AIDA1");
    private static final Caller S3 = service("s3.amazonaws.com");
    private static final Set<String> ACTIONS = Set.of("kms:Decrypt", "kms:Encrypt");

    private final Forwarding forwarding =
            new Forwarding(
                    "aws",
                    new Services(
                            List.of(
                                    TestServices.of("s3", "s3.amazonaws.com"),
                                    TestServices.of("sns", "sns.amazonaws.com")),
                            Set.of()),
                    new Reversed());

    /** What is sealed here can be told from what is not, no more. */
    private static final class Reversed implements Seal {

        @Override
        public byte[] seal(String purpose, byte[] secret) {
            assertThat(purpose).isEqualTo("forward-access");
            return reversed(secret);
        }

        @Override
        public Optional<byte[]> open(String purpose, byte[] sealed) {
            byte[] opened = reversed(sealed);
            return opened.length > 0 && opened[0] == 1 ? Optional.of(opened) : Optional.empty();
        }

        private static byte[] reversed(byte[] bytes) {
            byte[] reversed = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                reversed[bytes.length - 1 - i] = bytes[i];
            }
            return reversed;
        }
    }

    @Test
    void theCallIsThePrincipalsThroughTheService() {
        Caller caller = forwarding.of(S3, bringing(token(), "us-east-1", NOW));

        assertThat(caller.arn()).contains(ROLE.session("one"));
        assertThat(caller.via().orElseThrow().service().name()).isEqualTo("s3");
        assertThat(caller.via().orElseThrow().actions()).isEqualTo(ACTIONS);
        Caller.SessionContext session = caller.session().orElseThrow();
        assertThat(session.policies()).containsExactly("{}");
        assertThat(session.holder()).isEqualTo(HOLDER);
        assertThat(caller.isService()).isFalse();
        assertThat(forwarding.of(S3, inbound(Claims.NONE, "us-east-1", NOW))).isEqualTo(S3);
    }

    @Test
    void itEndsAndIsForOneServiceAndOneRegion() {
        String token = token();

        forwarding.of(S3, bringing(token, "us-east-1", END.minusMillis(1)));
        assertThat(refused(S3, bringing(token, "us-east-1", END)).name())
                .isEqualTo(FaultName.ExpiredTokenException);
        assertThat(refused(S3, bringing(token, "eu-west-1", NOW)).text()).contains("Region");
        assertThat(refused(service("sns.amazonaws.com"), bringing(token, "us-east-1", NOW)).text())
                .contains("another service");
        assertThat(refused(service("sqs.amazonaws.com"), bringing(token, "us-east-1", NOW)).text())
                .contains("only a declared service");
        assertThat(refused(S3, bringing("AAAA", "us-east-1", NOW)).text()).contains("not make it");
    }

    @Test
    void aTokenOfAnotherVersionIsNotGuessedAt() {
        byte[] bytes = ForwardAccessCodec.encode(access());
        assertThat(ForwardAccessCodec.decode(bytes)).isPresent();
        bytes[0]++;
        assertThat(ForwardAccessCodec.decode(bytes)).isEmpty();
    }

    private KmsFault refused(Caller caller, Inbound<?> inbound) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> forwarding.of(caller, inbound));
        assertThat(fault).as("must be refused").isNotNull();
        return fault;
    }

    private String token() {
        return forwarding.issue(access());
    }

    private static ForwardAccess access() {
        Session session =
                new Session(ROLE, "AROA1", "one", HOLDER, NOW, END, List.of("{}"), "", new byte[0]);
        return new ForwardAccess(session, "s3.amazonaws.com", "us-east-1", ACTIONS);
    }

    private static Caller service(String name) {
        return new Caller(new Principal.Service(name), Authentication.TLS_CERTIFICATE);
    }

    private static Inbound<String> bringing(String token, String region, Instant when) {
        return inbound(new Claims(Map.of(Claim.FORWARD_ACCESS, List.of(token))), region, when);
    }

    private static Inbound<String> inbound(Claims claims, String region, Instant when) {
        return new Inbound<>(
                new Peer.Tls(List.of()), claims, region, "request", "id", "", "test", when);
    }
}
