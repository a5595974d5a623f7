package io.keyhold.identity;

import java.time.Instant;

/**
 * A call as it came through a door: nothing of it is believed yet.
 *
 * @param peer the other end of the connection
 * @param claims what the call says of its caller
 * @param region the region that the call names, or the daemon's own
 * @param body what was sent
 * @param sourceAddress where it came from, for the audit
 */
public record Inbound<Q>(
        Peer peer,
        Claims claims,
        String region,
        Q body,
        String requestId,
        String sourceAddress,
        String userAgent,
        Instant received) {}
