package io.keyhold.token.pkcs11;

import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;

/**
 * Ed25519, pure: the message itself is signed.
 *
 * @see "OASIS PKCS #11 v3.1, sections 6.3.13 and 6.3.15; RFC 8032"
 */
final class Edwards25519 extends PairFamily {

    /** "edwards25519" as PrintableString. */
    private static final byte[] CURVE = HexFormat.of().parseHex("130c656477617264733235353139");

    private static final int BYTES = 32;

    Edwards25519(Cryptoki cryptoki, Turns turns) {
        super(cryptoki, turns);
    }

    @Override
    Mechanism generation() {
        return new Mechanism.Plain(Pkcs11.CKM_EC_EDWARDS_KEY_PAIR_GEN);
    }

    @Override
    public boolean isQuick() {
        return true;
    }

    @Override
    long keyType() {
        return Pkcs11.CKK_EC_EDWARDS;
    }

    @Override
    Attributes publicHalf(Attributes template, KeySpec spec, KeyUsage usage) {
        return template.with(Pkcs11.CKA_EC_PARAMS, CURVE).with(Pkcs11.CKA_VERIFY, true);
    }

    @Override
    long[] mechanisms(KeyUsage usage) {
        return new long[] {Pkcs11.CKM_EDDSA};
    }

    @Override
    byte[] publicKey(Lane lane, long publicHalf, KeySpec spec) {
        byte[] given =
                cryptoki()
                        .attributes(lane.session(), publicHalf, Pkcs11.CKA_EC_POINT)
                        .bytes(Pkcs11.CKA_EC_POINT);
        if (given.length < BYTES) {
            throw new WrongObjectException("the token's CKA_EC_POINT is no point");
        }
        return der(new Ed25519PublicKeyParameters(given, given.length - BYTES));
    }

    @Override
    byte[] privateKey(Lane lane, long privateHalf, byte[] publicKey) {
        byte[] seed = value(lane, privateHalf);
        return PrivateKeyInfo.of(algorithm(publicKey), PrivateKeyInfo.octets(seed));
    }

    /** Nothing would tell the public key: neither the object nor its signatures. */
    @Override
    public void requireImportable(KeySpec spec) {
        throw KmsFault.of(
                FaultName.UnsupportedOperationException,
                "Material of KeySpec %s cannot be imported: PKCS #11 has no way from an unwrapped"
                        + " private key of CKK_EC_EDWARDS to its public key.",
                spec);
    }

    @Override
    byte[] publicKeyOf(Lane lane, long trial, KeySpec spec) {
        throw new IllegalStateException("none is ever looked at");
    }

    @Override
    Attributes numbers(Attributes template, byte[] publicKey) {
        throw new IllegalStateException("none is ever imported");
    }

    @Override
    boolean belongs(Lane lane, long object, Material material, byte[] publicKey) {
        return signs(lane, object, material, publicKey);
    }

    @Override
    byte[] sign(Lane lane, long object, SigningAlgorithm algorithm, byte[] message) {
        return cryptoki()
                .sign(lane.session(), new Mechanism.Plain(Pkcs11.CKM_EDDSA), object, message);
    }
}
