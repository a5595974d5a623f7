package io.keyhold.token.pkcs11;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Verifies ECDSA signatures on secp256k1, which the JDK no longer has. Slow, and of public values
 * only.
 *
 * @see "SEC 1, section 4.1.4; SEC 2, section 2.4.1"
 */
final class Secp256k1 {

    private static final int BYTES = 32;
    private static final BigInteger TWO = BigInteger.TWO;
    private static final BigInteger THREE = BigInteger.valueOf(3);
    private static final BigInteger P =
            TWO.pow(256).subtract(TWO.pow(32)).subtract(BigInteger.valueOf(977));
    private static final BigInteger N =
            hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    private static final Point G =
            new Point(
                    hex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
                    hex("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"));

    private Secp256k1() {}

    /**
     * Whether a signature is right.
     *
     * @param signature r and s, 32 bytes each
     */
    static boolean verify(BigInteger x, BigInteger y, byte[] digest, byte[] signature) {
        if (signature.length != 2 * BYTES || !onCurve(x, y)) {
            return false;
        }
        BigInteger r = new BigInteger(1, signature, 0, BYTES);
        BigInteger s = new BigInteger(1, signature, BYTES, BYTES);
        if (!inRange(r) || !inRange(s)) {
            return false;
        }
        BigInteger inverse = s.modInverse(N);
        Point sum =
                add(
                        times(G, new BigInteger(1, digest).multiply(inverse).mod(N)),
                        times(new Point(x, y), r.multiply(inverse).mod(N)));
        return sum != null && sum.x.mod(N).equals(r);
    }

    private static boolean onCurve(BigInteger x, BigInteger y) {
        BigInteger right = x.pow(3).add(BigInteger.valueOf(7)).mod(P);
        return y.pow(2).mod(P).equals(right) && x.compareTo(P) < 0 && y.compareTo(P) < 0;
    }

    private static boolean inRange(BigInteger number) {
        return number.signum() > 0 && number.compareTo(N) < 0;
    }

    /** Null stands for the point at infinity. */
    private static @Nullable Point times(Point point, BigInteger factor) {
        Point sum = null;
        for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
            sum = add(sum, sum);
            if (factor.testBit(bit)) {
                sum = add(sum, point);
            }
        }
        return sum;
    }

    private static @Nullable Point add(@Nullable Point a, @Nullable Point b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        BigInteger slope;
        if (!a.x.equals(b.x)) {
            slope = b.y.subtract(a.y).multiply(b.x.subtract(a.x).modInverse(P));
        } else if (a.y.equals(b.y) && a.y.signum() != 0) {
            slope = a.x.pow(2).multiply(THREE).multiply(a.y.multiply(TWO).modInverse(P));
        } else {
            return null;
        }
        BigInteger x = slope.pow(2).subtract(a.x).subtract(b.x).mod(P);
        return new Point(x, slope.multiply(a.x.subtract(x)).subtract(a.y).mod(P));
    }

    private static BigInteger hex(String digits) {
        return new BigInteger(digits, 16);
    }

    private record Point(BigInteger x, BigInteger y) {}
}
