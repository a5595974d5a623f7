package io.keyhold.token.pkcs11;

import java.util.Arrays;

/**
 * PKCS#8 of private keys, put together from bytes. Libraries do it from numbers and streams, which
 * nobody can wipe; here every array that is left behind is zeroed.
 *
 * @see "RFC 5958; RFC 8017, appendix A.1.2; RFC 5915; RFC 8410"
 */
final class PrivateKeyInfo {

    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int LONG_FORM = 0x80;

    private PrivateKeyInfo() {}

    /** The private key of an algorithm; what is inside is wiped. */
    static byte[] of(byte[] algorithm, byte[] privateKey) {
        return wrap(SEQUENCE, integer(new byte[1]), algorithm.clone(), octets(privateKey));
    }

    /** RSAPrivateKey; the numbers are wiped. */
    static byte[] rsa(byte[]... numbers) {
        byte[][] parts = new byte[1 + numbers.length][];
        parts[0] = integer(new byte[1]);
        for (int i = 0; i < numbers.length; i++) {
            parts[i + 1] = integer(numbers[i]);
        }
        return wrap(SEQUENCE, parts);
    }

    /** ECPrivateKey; the number is wiped. */
    static byte[] ellipticCurve(byte[] number) {
        return wrap(SEQUENCE, integer(new byte[] {1}), octets(number));
    }

    /** An OCTET STRING; what is inside is wiped. */
    static byte[] octets(byte[] content) {
        return wrap(OCTETS, content);
    }

    /** An INTEGER that is not negative, from its magnitude, which is wiped. */
    private static byte[] integer(byte[] magnitude) {
        int zeros = 0;
        while (zeros < magnitude.length - 1 && magnitude[zeros] == 0) {
            zeros++;
        }
        boolean needsSign = magnitude[zeros] < 0;
        byte[] content = new byte[magnitude.length - zeros + (needsSign ? 1 : 0)];
        System.arraycopy(magnitude, zeros, content, needsSign ? 1 : 0, magnitude.length - zeros);
        Arrays.fill(magnitude, (byte) 0);
        return wrap(INTEGER, content);
    }

    private static byte[] wrap(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] head = head(tag, length);
        byte[] whole = Arrays.copyOf(head, head.length + length);
        int at = head.length;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
            Arrays.fill(part, (byte) 0);
        }
        return whole;
    }

    private static byte[] head(int tag, int length) {
        if (length < LONG_FORM) {
            return new byte[] {(byte) tag, (byte) length};
        }
        if (length < 1 << Byte.SIZE) {
            return new byte[] {(byte) tag, (byte) (LONG_FORM | 1), (byte) length};
        }
        return new byte[] {
            (byte) tag, (byte) (LONG_FORM | 2), (byte) (length >> Byte.SIZE), (byte) length
        };
    }
}
