package io.keyhold.token.pkcs11;

import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;

/** Which family a key spec belongs to. */
final class Families {

    private final AesGcm aesGcm;
    private final Hmac hmac;
    private final EllipticCurve ellipticCurve;
    private final Edwards25519 edwards25519;
    private final Rsa rsa;
    private final Unwrapper unwrapper;
    private final boolean unwrapsPrivateKeys;

    /**
     * @param plaintextImports whether the daemon may unwrap what the token cannot
     */
    Families(
            Cryptoki cryptoki,
            Turns turns,
            LibraryConfiguration library,
            boolean plaintextImports) {
        SecretLength length = new SecretLength(cryptoki, library.aesKeyWrapPad());
        this.aesGcm = new AesGcm(cryptoki, length);
        this.hmac = new Hmac(cryptoki, length);
        this.ellipticCurve = new EllipticCurve(cryptoki, turns);
        this.edwards25519 = new Edwards25519(cryptoki, turns);
        this.rsa = new Rsa(cryptoki, turns, library.oaepSha256(), plaintextImports);
        this.unwrapsPrivateKeys = library.unwrapsPrivateKeys();
        this.unwrapper = new Unwrapper(cryptoki, rsa, library);
    }

    /**
     * The family of some material.
     *
     * @throws KmsFault UnsupportedOperationException if there is none
     */
    Family of(Material material) {
        return of(material.spec());
    }

    /** Likewise, of a kind of material. */
    Family of(KeySpec spec) {
        return switch (spec) {
            case SYMMETRIC_DEFAULT -> aesGcm;
            case HMAC_224, HMAC_256, HMAC_384, HMAC_512 -> hmac;
            default -> pairs(spec);
        };
    }

    /**
     * Passes if a kind of material may come wrapped.
     *
     * @throws KmsFault UnsupportedOperationException
     */
    void requireImportable(KeySpec spec) {
        of(spec).requireImportable(spec);
        if (spec.isAsymmetric() && !unwrapsPrivateKeys) {
            throw KmsFault.of(
                    FaultName.UnsupportedOperationException,
                    "Material of KeySpec %s cannot be imported: the token unwraps no private key as"
                            + " it is asked to (unwraps_private_keys).",
                    spec);
        }
    }

    Unwrapper unwrapper() {
        return unwrapper;
    }

    /** Likewise, of a pair. */
    PairFamily pairs(KeySpec spec) {
        return switch (spec) {
            case ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256K1 -> ellipticCurve;
            case ECC_NIST_EDWARDS25519 -> edwards25519;
            case RSA_2048, RSA_3072, RSA_4096 -> rsa;
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 -> throw unsupported(spec, "CKM_ML_DSA");
            case ML_KEM_512, ML_KEM_768, ML_KEM_1024 -> throw withoutEncapsulation(spec);
            default -> throw unsupported(spec, "a mechanism for SM2");
        };
    }

    /** No family encapsulates, and no pair for it can be made. */
    KmsFault withoutEncapsulation(KeySpec spec) {
        return unsupported(spec, "CKM_ML_KEM");
    }

    /** The binding has no such mechanism either, so that no token can be asked for it. */
    private static KmsFault unsupported(KeySpec spec, String mechanism) {
        return KmsFault.of(
                FaultName.UnsupportedOperationException,
                "KeySpec %s is not supported: SunPKCS11 cannot carry %s.",
                spec,
                mechanism);
    }

    AesGcm aesGcm() {
        return aesGcm;
    }

    EllipticCurve ellipticCurve() {
        return ellipticCurve;
    }

    Rsa rsa() {
        return rsa;
    }

    Hmac hmac() {
        return hmac;
    }
}
