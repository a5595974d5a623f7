package io.keyhold.token.pkcs11;

import io.keyhold.key.Canary;
import io.keyhold.key.KeySpec;
import io.keyhold.key.Material;
import io.keyhold.token.Sealed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** The AES-256-GCM family: what its objects look like, its canary, its operations. */
final class AesGcm extends SecretFamily {

    private static final int KEY_BYTES = 32;
    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final byte[] IDENTITY = ascii("keyhold imported material 1");
    private static final byte[] CANARY = ascii("keyhold canary 1");

    AesGcm(Cryptoki cryptoki, SecretLength length) {
        super(cryptoki, length);
    }

    @Override
    int bytes(KeySpec spec) {
        return KEY_BYTES;
    }

    @Override
    public Attributes trial(KeySpec spec) {
        return SealedKey.trial(Pkcs11.CKO_SECRET_KEY, Pkcs11.CKK_AES);
    }

    /** CMAC: nothing that GCM does under the same key says anything of it. */
    @Override
    byte[] code(Lane lane, long trial, KeySpec spec) {
        Mechanism cmac = new Mechanism.Plain(Pkcs11.CKM_AES_CMAC);
        return cryptoki().sign(lane.session(), cmac, trial, IDENTITY);
    }

    @Override
    Mechanism generation() {
        return new Mechanism.Plain(Pkcs11.CKM_AES_KEY_GEN);
    }

    /** A constant, encrypted. */
    @Override
    public Canary canary(Lane lane, long object, Material material) {
        Sealed sealed = encrypt(lane, object, SealedKey.identity(material), CANARY);
        return new Canary(
                ByteBuffer.allocate(IV_BYTES + CANARY.length + TAG_BYTES)
                        .put(sealed.iv())
                        .put(sealed.ciphertextAndTag())
                        .array());
    }

    @Override
    public boolean answers(Lane lane, long object, Material material, Canary canary) {
        byte[] bytes = canary.bytes();
        Sealed sealed =
                new Sealed(
                        Arrays.copyOf(bytes, IV_BYTES),
                        Arrays.copyOfRange(bytes, IV_BYTES, bytes.length));
        byte[] answer = decrypt(lane, object, SealedKey.identity(material), sealed);
        return MessageDigest.isEqual(answer, CANARY);
    }

    Sealed encrypt(Lane lane, long object, byte[] aad, byte[] plaintext) {
        byte[] iv = lane.nextIv();
        return new Sealed(
                iv,
                cryptoki()
                        .encrypt(
                                lane.session(),
                                new Mechanism.Gcm(iv, aad),
                                object,
                                plaintext,
                                TAG_BYTES));
    }

    byte[] decrypt(Lane lane, long object, byte[] aad, Sealed sealed) {
        return cryptoki()
                .decrypt(
                        lane.session(),
                        new Mechanism.Gcm(sealed.iv(), aad),
                        object,
                        sealed.ciphertextAndTag());
    }

    @Override
    public Attributes template(Material material) {
        return SealedKey.template(Pkcs11.CKO_SECRET_KEY, Pkcs11.CKK_AES, material)
                .with(Pkcs11.CKA_VALUE_LEN, KEY_BYTES)
                .with(Pkcs11.CKA_ENCRYPT, true)
                .with(Pkcs11.CKA_DECRYPT, true)
                .with(Pkcs11.CKA_WRAP, false)
                .with(Pkcs11.CKA_UNWRAP, false)
                .with(Pkcs11.CKA_SIGN, false)
                .with(Pkcs11.CKA_VERIFY, false)
                .with(Pkcs11.CKA_DERIVE, false)
                .withAll(Pkcs11.CKA_ALLOWED_MECHANISMS, Pkcs11.CKM_AES_GCM);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
