package io.keyhold.token.pkcs11;

import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Material;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.token.DigestInfos;
import java.math.BigInteger;
import java.util.Map;
import org.bouncycastle.crypto.params.RSAKeyParameters;

/**
 * RSA: signatures of both kinds. Digests are made here, since not all tokens have the mechanisms
 * that hash.
 *
 * @see "OASIS PKCS #11 v3.1, section 6.1"
 */
final class Rsa extends PairFamily {

    private static final byte[] EXPONENT = {1, 0, 1};
    private static final Map<KeySpec, Integer> BITS =
            Map.of(KeySpec.RSA_2048, 2048, KeySpec.RSA_3072, 3072, KeySpec.RSA_4096, 4096);

    Rsa(Cryptoki cryptoki, Turns turns) {
        super(cryptoki, turns);
    }

    @Override
    Mechanism generation() {
        return new Mechanism.Plain(Pkcs11.CKM_RSA_PKCS_KEY_PAIR_GEN);
    }

    @Override
    boolean isQuick() {
        return false;
    }

    @Override
    long keyType() {
        return Pkcs11.CKK_RSA;
    }

    @Override
    Attributes publicHalf(Attributes template, Material material) {
        return template.with(Pkcs11.CKA_MODULUS_BITS, BITS.getOrDefault(material.spec(), 0))
                .with(Pkcs11.CKA_PUBLIC_EXPONENT, EXPONENT)
                .with(Pkcs11.CKA_VERIFY, material.usage() == KeyUsage.SIGN_VERIFY)
                .with(Pkcs11.CKA_ENCRYPT, material.usage() == KeyUsage.ENCRYPT_DECRYPT)
                .with(Pkcs11.CKA_WRAP, false);
    }

    @Override
    long[] mechanisms(KeyUsage usage) {
        return new long[] {Pkcs11.CKM_RSA_PKCS, Pkcs11.CKM_RSA_PKCS_PSS};
    }

    @Override
    byte[] publicKey(Lane lane, long publicHalf, Material material) {
        Attributes given =
                cryptoki()
                        .attributes(
                                lane.session(),
                                publicHalf,
                                Pkcs11.CKA_MODULUS,
                                Pkcs11.CKA_PUBLIC_EXPONENT);
        BigInteger modulus = new BigInteger(1, given.bytes(Pkcs11.CKA_MODULUS));
        BigInteger exponent = new BigInteger(1, given.bytes(Pkcs11.CKA_PUBLIC_EXPONENT));
        return der(new RSAKeyParameters(false, modulus, exponent));
    }

    @Override
    boolean belongs(Lane lane, long object, Material material, byte[] publicKey) {
        return signs(lane, object, material, publicKey);
    }

    @Override
    byte[] sign(Lane lane, long object, SigningAlgorithm algorithm, byte[] digest) {
        return switch (algorithm) {
            case RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512 ->
                    sign(lane, object, new Mechanism.Pss(Hash.of(algorithm.digest())), digest);
            default ->
                    sign(
                            lane,
                            object,
                            new Mechanism.Plain(Pkcs11.CKM_RSA_PKCS),
                            DigestInfos.of(algorithm, digest));
        };
    }

    private byte[] sign(Lane lane, long object, Mechanism mechanism, byte[] input) {
        return cryptoki().sign(lane.session(), mechanism, object, input);
    }
}
