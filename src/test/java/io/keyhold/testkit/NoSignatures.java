package io.keyhold.testkit;

import io.keyhold.identity.Signatures;

/** For tests in which nobody signs requests. */
public final class NoSignatures {

    public static final Signatures EXPECTED =
            new Signatures(
                    id -> {
                        throw new AssertionError("nobody signs requests here");
                    },
                    NoSessions.EXPECTED,
                    "us-east-1");

    private NoSignatures() {}
}
