package io.keyhold.token.pkcs11;

/** A mechanism with its parameters (CK_MECHANISM). */
sealed interface Mechanism {

    /** Its CKM_ code. */
    long code();

    /** A mechanism without parameters. */
    record Plain(long code) implements Mechanism {}

    /** CKM_AES_GCM with CK_GCM_PARAMS (section 6.13.3); the tag has 128 bits. */
    record Gcm(byte[] iv, byte[] aad) implements Mechanism {
        @Override
        public long code() {
            return Pkcs11.CKM_AES_GCM;
        }
    }

    /** CKM_RSA_PKCS_PSS on a digest; MGF1 with the same hash, a salt as long as it. */
    record Pss(Hash hash) implements Mechanism {
        @Override
        public long code() {
            return Pkcs11.CKM_RSA_PKCS_PSS;
        }
    }

    /** CKM_RSA_PKCS_OAEP; MGF1 with the same hash, no label. */
    record Oaep(Hash hash) implements Mechanism {
        @Override
        public long code() {
            return Pkcs11.CKM_RSA_PKCS_OAEP;
        }
    }

    /**
     * CKM_ECDH1_DERIVE without a key derivation function.
     *
     * @param point the other side's public key, uncompressed
     */
    record Ecdh(byte[] point) implements Mechanism {
        @Override
        public long code() {
            return Pkcs11.CKM_ECDH1_DERIVE;
        }
    }
}
