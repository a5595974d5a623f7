package io.keyhold.identity;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** When a signature is good: clocks may differ by five minutes. */
final class SigningTime {

    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private SigningTime() {}

    /** Passes if it is good now and was made on the day of its scope. */
    static void require(Authorization authorization, Instant received) {
        Instant made = parse(authorization.time());
        if (made.equals(Instant.MIN)
                || !authorization.time().startsWith(authorization.scope().date() + "T")) {
            throw Authorization.incomplete(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of"
                            + " date from HTTP.");
        }
        Duration lifetime = authorization.lifetime().orElse(SKEW);
        if (made.isBefore(received.minus(lifetime))) {
            throw Signatures.invalid(
                    "Signature expired: %s is now earlier than %s (%s - %d min.)"
                            .formatted(
                                    TIME.format(made),
                                    TIME.format(received.minus(lifetime)),
                                    TIME.format(received),
                                    lifetime.toMinutes()));
        }
        if (made.isAfter(received.plus(SKEW))) {
            throw Signatures.invalid(
                    "Signature not yet current: %s is still later than %s (%s + 5 min.)"
                            .formatted(
                                    TIME.format(made),
                                    TIME.format(received.plus(SKEW)),
                                    TIME.format(received)));
        }
    }

    private static Instant parse(String time) {
        try {
            return TIME.parse(time, Instant::from);
        } catch (DateTimeException e) {
            return Instant.MIN;
        }
    }
}
