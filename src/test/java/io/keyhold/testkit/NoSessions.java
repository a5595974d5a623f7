package io.keyhold.testkit;

import io.keyhold.identity.Forwarding;
import io.keyhold.identity.Seal;
import io.keyhold.identity.Sessions;
import io.keyhold.key.Services;
import java.util.Optional;

/** For tests in which nobody brings temporary credentials. */
public final class NoSessions implements Seal {

    public static final Sessions EXPECTED = new Sessions(new NoSessions());

    /** No service is declared. */
    public static final Forwarding FORWARDING =
            new Forwarding("aws", Services.NONE, new NoSessions());

    private NoSessions() {}

    @Override
    public byte[] seal(String purpose, byte[] secret) {
        throw new AssertionError("nobody is given a session here");
    }

    @Override
    public Optional<byte[]> open(String purpose, byte[] sealed) {
        throw new AssertionError("nobody brings a session here");
    }
}
