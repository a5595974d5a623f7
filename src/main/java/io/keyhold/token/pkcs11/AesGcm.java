package io.keyhold.token.pkcs11;

import io.keyhold.key.BackingKey;
import io.keyhold.key.Bytes16;
import io.keyhold.key.Canary;
import io.keyhold.key.KeyId;
import io.keyhold.token.Sealed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The AES-256-GCM family: what its objects look like, its canary, its operations. */
final class AesGcm {

    private static final long KEY_BYTES = 32;
    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final byte[] CANARY = ascii("keyhold canary 1");

    private final Cryptoki cryptoki;

    AesGcm(Cryptoki cryptoki) {
        this.cryptoki = cryptoki;
    }

    /** C_GenerateKey; answers the handle. */
    long generate(Lane lane, KeyId key, BackingKey backing) {
        Mechanism generation = new Mechanism.Plain(Pkcs11.CKM_AES_KEY_GEN);
        return cryptoki.generateKey(lane.session(), generation, template(key, backing));
    }

    /**
     * The first attribute in which an object is not as it was asked to be; null if there is none.
     */
    @Nullable Long wrongAttribute(Lane lane, long object, KeyId key, BackingKey backing) {
        Attributes wanted =
                template(key, backing)
                        .with(Pkcs11.CKA_LOCAL, true)
                        .with(Pkcs11.CKA_ALWAYS_SENSITIVE, true)
                        .with(Pkcs11.CKA_NEVER_EXTRACTABLE, true);
        Attributes given = cryptoki.attributes(lane.session(), object, wanted.types());
        return wanted.firstDifference(given);
    }

    /** The canary of an object: a constant encrypted under it, bound to the row. */
    Canary canary(Lane lane, long object, KeyId key, BackingKey backing) {
        Sealed sealed = encrypt(lane, object, identity(key, backing), CANARY);
        return new Canary(
                ByteBuffer.allocate(IV_BYTES + CANARY.length + TAG_BYTES)
                        .put(sealed.iv())
                        .put(sealed.ciphertextAndTag())
                        .array());
    }

    /** Whether an object opens the canary, so that it holds the row's material and no other. */
    boolean opens(Lane lane, long object, KeyId key, BackingKey backing, Canary canary) {
        byte[] bytes = canary.bytes();
        Sealed sealed =
                new Sealed(
                        Arrays.copyOf(bytes, IV_BYTES),
                        Arrays.copyOfRange(bytes, IV_BYTES, bytes.length));
        byte[] answer = decrypt(lane, object, identity(key, backing), sealed);
        return MessageDigest.isEqual(answer, CANARY);
    }

    Sealed encrypt(Lane lane, long object, byte[] aad, byte[] plaintext) {
        byte[] iv = lane.nextIv();
        return new Sealed(
                iv,
                cryptoki.encrypt(
                        lane.session(), new Mechanism.Gcm(iv, aad), object, plaintext, TAG_BYTES));
    }

    byte[] decrypt(Lane lane, long object, byte[] aad, Sealed sealed) {
        return cryptoki.decrypt(
                lane.session(),
                new Mechanism.Gcm(sealed.iv(), aad),
                object,
                sealed.ciphertextAndTag());
    }

    private static Attributes template(KeyId key, BackingKey backing) {
        return new Attributes()
                .with(Pkcs11.CKA_CLASS, Pkcs11.CKO_SECRET_KEY)
                .with(Pkcs11.CKA_KEY_TYPE, Pkcs11.CKK_AES)
                .with(Pkcs11.CKA_VALUE_LEN, KEY_BYTES)
                .with(Pkcs11.CKA_ID, Bytes16.of(backing.ckaId()))
                .with(Pkcs11.CKA_LABEL, backing.label(key))
                .with(Pkcs11.CKA_TOKEN, true)
                .with(Pkcs11.CKA_PRIVATE, true)
                .with(Pkcs11.CKA_SENSITIVE, true)
                .with(Pkcs11.CKA_EXTRACTABLE, false)
                .with(Pkcs11.CKA_MODIFIABLE, false)
                .with(Pkcs11.CKA_COPYABLE, false)
                .with(Pkcs11.CKA_ENCRYPT, true)
                .with(Pkcs11.CKA_DECRYPT, true)
                .with(Pkcs11.CKA_WRAP, false)
                .with(Pkcs11.CKA_UNWRAP, false)
                .with(Pkcs11.CKA_SIGN, false)
                .with(Pkcs11.CKA_VERIFY, false)
                .with(Pkcs11.CKA_DERIVE, false)
                .withAll(Pkcs11.CKA_ALLOWED_MECHANISMS, Pkcs11.CKM_AES_GCM);
    }

    private static byte[] identity(KeyId key, BackingKey backing) {
        return ByteBuffer.allocate(2 * Bytes16.LENGTH)
                .put(Bytes16.of(key.value()))
                .put(Bytes16.of(backing.id()))
                .array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
