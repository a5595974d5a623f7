package io.keyhold.identity;

import java.time.Instant;

/**
 * A call as it came through a door: nothing of it is believed yet.
 *
 * @param peer the other end of the connection
 * @param actAs the principal that the call wants to be; empty if it says nothing
 * @param region the region that the call names, or the daemon's own
 * @param body what was sent
 * @param sourceAddress where it came from, for the audit
 */
public record Inbound<Q>(
        Peer peer,
        String actAs,
        String region,
        Q body,
        String requestId,
        String sourceAddress,
        String userAgent,
        Instant received) {}
