package io.keyhold.access;

import io.keyhold.identity.Authenticated;
import io.keyhold.key.Caller;
import java.time.Instant;
import java.util.List;

/**
 * Who asks for something, when and from where.
 *
 * @param sourceAddress an IP address, of a call over TCP; empty if it is not known
 * @param found all that the request needs
 */
record Circumstances(
        Caller caller,
        Instant time,
        String region,
        boolean overTls,
        String sourceAddress,
        String userAgent,
        List<Resolved.Found> found) {

    /** The same call, about something else. */
    Circumstances about(Resolved.Found other) {
        return new Circumstances(
                caller, time, region, overTls, sourceAddress, userAgent, List.of(other));
    }

    /** A call of somebody else, over TLS and from nowhere in particular. */
    Circumstances by(Caller other) {
        return new Circumstances(other, time, region, true, "", "", found);
    }

    static Circumstances of(Resolved<?> resolved) {
        Authenticated<?> request = resolved.request();
        return new Circumstances(
                request.caller(),
                request.received(),
                request.region(),
                request.isOverTls(),
                request.sourceAddress(),
                request.userAgent(),
                resolved.found());
    }
}
