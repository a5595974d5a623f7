package io.keyhold.token.pkcs11;

import io.keyhold.key.KeySpec;
import java.math.BigInteger;
import java.util.HexFormat;

/** The curves of AWS's specs that are given by y^2 = x^3 + ax + b. */
enum Curve {
    P256("ECC_NIST_P256", "secp256r1", "06082a8648ce3d030107", Hash.SHA_256, 32),
    P384("ECC_NIST_P384", "secp384r1", "06052b81040022", Hash.SHA_384, 48),
    P521("ECC_NIST_P521", "secp521r1", "06052b81040023", Hash.SHA_512, 66),
    K256("ECC_SECG_P256K1", "secp256k1", "06052b8104000a", Hash.SHA_256, 32);

    private final String awsName;
    private final String jcaName;
    private final String oid;
    private final Hash hash;
    private final int bytes;

    Curve(String awsName, String jcaName, String oid, Hash hash, int bytes) {
        this.awsName = awsName;
        this.jcaName = jcaName;
        this.oid = oid;
        this.hash = hash;
        this.bytes = bytes;
    }

    /** The curve of a key spec. */
    static Curve of(KeySpec spec) {
        for (Curve curve : values()) {
            if (curve.awsName.equals(spec.name())) {
                return curve;
            }
        }
        throw new IllegalArgumentException(spec.name());
    }

    String awsName() {
        return awsName;
    }

    String jcaName() {
        return jcaName;
    }

    /** CKA_EC_PARAMS: the curve's object identifier, DER. */
    byte[] parameters() {
        return HexFormat.of().parseHex(oid);
    }

    /** The hash that goes with it. */
    Hash hash() {
        return hash;
    }

    /** Length of a coordinate. */
    int bytes() {
        return bytes;
    }

    /** A coordinate of an uncompressed point. */
    BigInteger coordinate(byte[] point, int number) {
        return new BigInteger(1, point, 1 + number * bytes, bytes);
    }
}
