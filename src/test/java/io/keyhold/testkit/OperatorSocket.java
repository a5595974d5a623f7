package io.keyhold.testkit;

import io.keyhold.identity.Authenticated;
import io.keyhold.identity.Authenticator;
import io.keyhold.identity.Claims;
import io.keyhold.identity.Inbound;
import io.keyhold.identity.Operator;
import io.keyhold.identity.Peer;
import io.keyhold.identity.Sessions;
import io.keyhold.key.Arn;
import io.keyhold.key.LocalProcess;
import java.time.Instant;

/** Requests that come in over the operator's socket. */
public final class OperatorSocket {

    /** The operator's. */
    public static final int UID = 1000;

    private OperatorSocket() {}

    /** A request of an operator that is this principal, and claims nothing. */
    public static Authenticated<String> request(Arn principal, String region) {
        Operator operator = new Operator(principal, UID, false, account -> false);
        LocalProcess process = new LocalProcess(UID, UID, 1);
        return authenticator(operator, NoSessions.EXPECTED)
                .authenticate(inbound(process, Claims.NONE, region, Instant.EPOCH), person -> {});
    }

    /** One that nobody reaches over TLS. */
    public static Authenticator authenticator(Operator operator, Sessions sessions) {
        return new Authenticator(
                operator,
                () -> {
                    throw new AssertionError("nobody comes over TLS here");
                },
                sessions,
                NoSessions.FORWARDING,
                NoSignatures.EXPECTED);
    }

    /** A request of a process. */
    public static Inbound<String> inbound(
            LocalProcess process, Claims claims, String region, Instant received) {
        return new Inbound<>(
                new Peer.Unix(process), claims, region, "request", "id", "unix", "test", received);
    }
}
