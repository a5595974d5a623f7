package io.keyhold.token.pkcs11;

import java.util.List;
import java.util.Set;

/**
 * The PKCS#11 functions that Keyhold needs, over plain Java values. A binding implements it for one
 * library; it adds no policy of its own.
 *
 * <p>Every method throws {@link CkrException} for any return value but CKR_OK.
 *
 * @see <a href="https://docs.oasis-open.org/pkcs11/pkcs11-spec/v3.1/pkcs11-spec-v3.1.html">OASIS
 *     PKCS #11 v3.1, section 5</a>
 */
interface Cryptoki {

    /** CKA_ types that the library does not take or does not keep, by its configuration. */
    Set<Long> lacking();

    /** C_Initialize, with the operating system's locking. */
    void initialize();

    /** C_Finalize. No other thread may be inside the library. */
    void terminate();

    /** C_GetSlotList of the slots that hold a token. */
    long[] slots();

    /** C_GetTokenInfo. */
    TokenInfo tokenInfo(long slot);

    /** C_OpenSession, read-write. */
    long openSession(long slot);

    /** C_CloseSession. */
    void closeSession(long session);

    /** C_Login as the normal user. */
    void login(long session, char[] pin);

    /** C_GenerateKey; answers the new object's handle. */
    long generateKey(long session, Mechanism mechanism, Attributes template);

    /** C_GenerateKeyPair. */
    KeyPair generateKeyPair(
            long session, Mechanism mechanism, Attributes publicKey, Attributes privateKey);

    /** C_CreateObject; answers the new object's handle. */
    long createObject(long session, Attributes template);

    /** C_UnwrapKey; answers the new object's handle. */
    long unwrapKey(long session, Mechanism mechanism, long key, byte[] wrapped, Attributes made);

    /** C_WrapKey. */
    byte[] wrapKey(long session, Mechanism mechanism, long wrappingKey, long key);

    /** C_DeriveKey; answers the new object's handle. */
    long deriveKey(long session, Mechanism mechanism, long key, Attributes made);

    /** C_DestroyObject. */
    void destroyObject(long session, long object);

    /** C_FindObjectsInit, C_FindObjects until no more come, C_FindObjectsFinal. */
    List<Long> findObjects(long session, Attributes template);

    /** C_GetAttributeValue of these types. */
    Attributes attributes(long session, long object, long... types);

    /**
     * Likewise of any object that is in the token. None, if it is of a class without them, or if it
     * is damaged: SoftHSM keeps what a full disk or a crash left half made.
     */
    default Attributes attributesOfAny(long session, long object, long... types) {
        try {
            return attributes(session, object, types);
        } catch (CkrException e) {
            return switch (e.kind()) {
                case UNSUPPORTED, BUG, HANDLE_STALE -> new Attributes();
                default -> throw e;
            };
        }
    }

    /**
     * C_EncryptInit and C_Encrypt; {@code room} is how much longer than the input the output is.
     */
    byte[] encrypt(long session, Mechanism mechanism, long key, byte[] input, int room);

    /** C_DecryptInit and C_Decrypt. */
    byte[] decrypt(long session, Mechanism mechanism, long key, byte[] input);

    /** C_SignInit and C_Sign, of signatures and of authentication codes. */
    byte[] sign(long session, Mechanism mechanism, long key, byte[] input);

    /** C_GenerateRandom: fills the array. */
    void generateRandom(long session, byte[] out);

    /** Handles of the two halves of a pair. */
    record KeyPair(long publicKey, long privateKey) {}

    /**
     * What C_GetTokenInfo says of a token, without the padding.
     *
     * @param flags CKF_ bits
     */
    record TokenInfo(
            long slot,
            String label,
            String serial,
            String manufacturer,
            String model,
            String firmware,
            long flags) {

        boolean initialized() {
            return (flags & Pkcs11.CKF_TOKEN_INITIALIZED) != 0;
        }
    }
}
