package io.keyhold.token.pkcs11;

/** A hash by PKCS#11's numbers and the JDK's name. */
enum Hash {
    SHA_1("SHA-1", 20, 0x220, 0x1),
    SHA_224("SHA-224", 28, 0x255, 0x5),
    SHA_256("SHA-256", 32, 0x250, 0x2),
    SHA_384("SHA-384", 48, 0x260, 0x3),
    SHA_512("SHA-512", 64, 0x270, 0x4);

    private final String jcaName;
    private final int bytes;
    private final long mechanism;
    private final long maskGeneration;

    Hash(String jcaName, int bytes, long mechanism, long maskGeneration) {
        this.jcaName = jcaName;
        this.bytes = bytes;
        this.mechanism = mechanism;
        this.maskGeneration = maskGeneration;
    }

    /** The hash of a JCA name. */
    static Hash of(String jcaName) {
        return valueOf(jcaName.replace('-', '_'));
    }

    String jcaName() {
        return jcaName;
    }

    /** As part of a JCA name: SHA256. */
    String shortName() {
        return jcaName.replace("-", "");
    }

    /** Length of a digest. */
    int bytes() {
        return bytes;
    }

    /** CKM_SHA… */
    long mechanism() {
        return mechanism;
    }

    /** CKM_SHA…_HMAC, which always follows. */
    long hmac() {
        return mechanism + 1;
    }

    /** CKG_MGF1_SHA… */
    long maskGeneration() {
        return maskGeneration;
    }
}
