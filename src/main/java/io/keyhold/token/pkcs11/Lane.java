package io.keyhold.token.pkcs11;

import java.util.Arrays;

/** One session with one user at a time, and IVs that the token's random generator made for it. */
final class Lane {

    private static final int IV_LENGTH = 12;
    private static final int IVS_AT_ONCE = 64;

    private final Cryptoki cryptoki;
    private final long slot;
    private final byte[] ivs = new byte[IV_LENGTH * IVS_AT_ONCE];
    private int nextIv = ivs.length;
    private long session;

    Lane(Cryptoki cryptoki, long slot) {
        this.cryptoki = cryptoki;
        this.slot = slot;
        this.session = cryptoki.openSession(slot);
    }

    long session() {
        return session;
    }

    /** Twelve random bytes of the token's, never given out twice. */
    byte[] nextIv() {
        if (nextIv == ivs.length) {
            cryptoki.generateRandom(session, ivs);
            nextIv = 0;
        }
        return Arrays.copyOfRange(ivs, nextIv, nextIv += IV_LENGTH);
    }

    /** Takes another session in place of one that is gone or holds a half-done operation. */
    void reopen() {
        long lost = session;
        session = cryptoki.openSession(slot);
        try {
            cryptoki.closeSession(lost);
        } catch (CkrException e) {
            // It is gone already: that is why a new one was opened.
        }
    }
}
