package io.keyhold.token.pkcs11;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/**
 * The public key of whoever signs by ECDSA. A private key that was unwrapped into a token does not
 * tell it; one signature allows a few, and a second one leaves one of them.
 *
 * @param signer signs a digest; answers r and s side by side
 * @see "SEC 1 v2.0, section 4.1.6"
 */
record PublicKeyRecovery(ECDomainParameters curve, UnaryOperator<byte[]> signer) {

    private static final int DIGEST_BYTES = 32;

    /**
     * Recovers it.
     *
     * @throws IllegalArgumentException if the signer is none on this curve
     */
    ECPublicKeyParameters run() {
        byte[] first = new byte[DIGEST_BYTES];
        first[0] = 1;
        byte[] second = new byte[DIGEST_BYTES];
        second[0] = 2;
        Signature witness = Signature.parse(signer.apply(second));
        return candidates(first, Signature.parse(signer.apply(first))).stream()
                .filter(each -> verifies(each, second, witness))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no signer on this curve"));
    }

    /** Every x that is r modulo the order, and both points that have it. */
    private List<ECPublicKeyParameters> candidates(byte[] digest, Signature signature) {
        BigInteger field = curve.getCurve().getField().getCharacteristic();
        List<ECPublicKeyParameters> found = new ArrayList<>();
        for (BigInteger x = signature.r; x.compareTo(field) < 0; x = x.add(curve.getN())) {
            for (int parity = 0; parity <= 1; parity++) {
                add(found, x, parity, digest, signature);
            }
        }
        return found;
    }

    private void add(
            List<ECPublicKeyParameters> found,
            BigInteger x,
            int parity,
            byte[] digest,
            Signature signature) {
        ECPoint nonce;
        try {
            nonce = curve.getCurve().decodePoint(compressed(x, parity));
        } catch (IllegalArgumentException e) {
            return; // no point has this x
        }
        BigInteger inverse = signature.r.modInverse(curve.getN());
        BigInteger e = new BigInteger(1, digest).negate().multiply(inverse).mod(curve.getN());
        BigInteger s = signature.s.multiply(inverse).mod(curve.getN());
        ECPoint key = ECAlgorithms.sumOfTwoMultiplies(curve.getG(), e, nonce, s).normalize();
        if (!key.isInfinity()) {
            found.add(new ECPublicKeyParameters(key, curve));
        }
    }

    private byte[] compressed(BigInteger x, int parity) {
        int bytes = (curve.getCurve().getFieldSize() + 7) / 8;
        byte[] point = new byte[1 + bytes];
        byte[] number = BigIntegers.asUnsignedByteArray(bytes, x);
        point[0] = (byte) (2 + parity);
        System.arraycopy(number, 0, point, 1, bytes);
        return point;
    }

    private static boolean verifies(ECPublicKeyParameters key, byte[] digest, Signature signature) {
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, key);
        return verifier.verifySignature(digest, signature.r, signature.s);
    }

    private record Signature(BigInteger r, BigInteger s) {

        static Signature parse(byte[] raw) {
            int half = raw.length / 2;
            return new Signature(
                    new BigInteger(1, raw, 0, half), new BigInteger(1, raw, half, half));
        }
    }
}
