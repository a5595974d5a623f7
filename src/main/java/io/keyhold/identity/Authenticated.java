package io.keyhold.identity;

import io.keyhold.key.Caller;
import java.time.Instant;

/** Proof that the caller of a request is known. Only {@link Authenticator} makes the first one. */
public final class Authenticated<Q> {

    private final Inbound<?> inbound;
    private final Caller caller;
    private final Q body;

    Authenticated(Inbound<?> inbound, Caller caller, Q body) {
        this.inbound = inbound;
        this.caller = caller;
        this.body = body;
    }

    /** The same caller with the same request in another form: parsed, say. */
    public <T> Authenticated<T> with(T form) {
        return new Authenticated<>(inbound, caller, form);
    }

    public Caller caller() {
        return caller;
    }

    /** The region that the request is for. */
    public String region() {
        return inbound.region();
    }

    /** When it came in. */
    public Instant received() {
        return inbound.received();
    }

    /** Where it came from: an IP address, of a call over TCP. */
    public String sourceAddress() {
        return inbound.sourceAddress();
    }

    /** Whether it came over TLS. */
    public boolean isOverTls() {
        return inbound.peer().isOverTls();
    }

    /** What the client calls itself. */
    public String userAgent() {
        return inbound.userAgent();
    }

    public Q body() {
        return body;
    }
}
