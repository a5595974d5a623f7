package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Principal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session as bytes and back. */
class SessionCodecTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");
    private static final Arn ROLE =
            Arn.parse("arn:aws:iam::123456789012:role/team/app").orElseThrow();

    @Test
    void aSessionKeepsItsSecretAndEverythingElse() {
        Session session = session("0123456789/+abcdefghijABCDEFGHIJ01234567".getBytes(UTF_8));

        Session decoded = SessionCodec.decode(SessionCodec.encode(session)).orElseThrow();

        assertThat(decoded).usingRecursiveComparison().isEqualTo(session);
        assertThat(decoded.secretAccessKey()).isNotSameAs(session.secretAccessKey());
    }

    @Test
    void anotherVersionIsNotGuessedAt() {
        byte[] bytes = SessionCodec.encode(session(new byte[40]));
        bytes[0]++;

        assertThat(SessionCodec.decode(bytes)).isEmpty();
    }

    private static Session session(byte[] secret) {
        return new Session(
                ROLE,
                "AROA1",
                "one",
                new BoundPrincipal(new Principal.Service("s3.amazonaws.com"), "AIDA1"),
                NOW,
                NOW.plusSeconds(900),
                List.of("{}", "\u00e9"),
                "ASIA1",
                secret);
    }
}
