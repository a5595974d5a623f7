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
        Instant received) {

    /** The longest of what a client calls itself, in characters: the rest is not kept. */
    private static final int LONGEST_AGENT = 256;

    public Inbound {
        userAgent =
                userAgent.length() > LONGEST_AGENT
                        ? userAgent.substring(0, LONGEST_AGENT)
                        : userAgent;
    }

    /** The access key that the call says has signed it; empty if it says none. */
    public String accessKeyId() {
        return peer instanceof Peer.Signer signer ? signer.request().accessKeyId() : "";
    }
}
