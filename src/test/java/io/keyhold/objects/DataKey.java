package io.keyhold.objects;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * A data key, as it is and encrypted. The cache holds it, and each call that uses it; the last that
 * closes it zeroes it, so that no call seals with zeros. What gRPC and the cipher have copied is
 * left to the garbage collector.
 */
final class DataKey implements AutoCloseable {

    private final byte[] plaintext;
    private final ByteString encrypted;
    private int holders = 1;

    DataKey(ByteString plaintext, ByteString encrypted) {
        this.plaintext = plaintext.toByteArray();
        this.encrypted = encrypted;
    }

    /** Makes the caller a holder too; false if it is too late for that. */
    synchronized boolean hold() {
        if (holders == 0) {
            return false;
        }
        holders++;
        return true;
    }

    ByteString encrypted() {
        return encrypted;
    }

    byte[] seal(byte[] content, String bound) throws GeneralSecurityException {
        return Sealed.seal(plaintext, content, bound);
    }

    byte[] open(byte[] sealed, String bound) throws GeneralSecurityException {
        return Sealed.open(plaintext, sealed, bound);
    }

    @Override
    public synchronized void close() {
        holders--;
        if (holders == 0) {
            Arrays.fill(plaintext, (byte) 0);
        }
    }
}
