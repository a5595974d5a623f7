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
}
