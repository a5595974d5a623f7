package io.keyhold.token.pkcs11;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Random bytes, AES-GCM, HMAC, and AES keys that come wrapped. */
final class SymmetricTrials {

    private static final int KEY_BYTES = 32;
    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final byte[] AAD = {1, 2, 3, 4, 5};

    private final Trials trials;
    private final SecureRandom random = new SecureRandom();
    private final byte[] key = random(KEY_BYTES);

    SymmetricTrials(Trials trials) {
        this.trials = trials;
    }

    void run() {
        trials.attemptNeeded("C_GenerateRandom", "GenerateRandom, IVs", this::randomness);
        trials.attemptNeeded("AES-256 key, sealed", "SYMMETRIC_DEFAULT", this::generateKey);
        trials.attemptNeeded("AES-256-GCM with AAD", "SYMMETRIC_DEFAULT", this::gcm);
        for (Hash hash : Hash.values()) {
            if (hash != Hash.SHA_1) {
                String name = hash.jcaName();
                trials.attempt("HMAC-" + name, name.replace("SHA-", "HMAC_"), () -> hmac(hash));
            }
        }
        for (long mechanism :
                new long[] {Pkcs11.CKM_AES_KEY_WRAP_PAD, Pkcs11.CKM_AES_KEY_WRAP_KWP}) {
            trials.attempt(
                    "AES-KWP unwrap (0x" + Long.toHexString(mechanism) + ")",
                    "ImportKeyMaterial",
                    () -> unwrap(new Mechanism.Plain(mechanism)));
        }
    }

    private String randomness() {
        byte[] first = new byte[KEY_BYTES];
        byte[] second = new byte[KEY_BYTES];
        trials.cryptoki().generateRandom(trials.session(), first);
        trials.cryptoki().generateRandom(trials.session(), second);
        Trials.require(!Arrays.equals(first, second), "the same bytes twice");
        return "";
    }

    private String generateKey() throws GeneralSecurityException {
        return trials.with(generated(), this::isSealed);
    }

    private long generated() {
        Attributes template =
                Trials.sessionObject(Pkcs11.CKO_SECRET_KEY, Pkcs11.CKK_AES)
                        .with(Pkcs11.CKA_VALUE_LEN, KEY_BYTES)
                        .with(Pkcs11.CKA_PRIVATE, true)
                        .with(Pkcs11.CKA_SENSITIVE, true)
                        .with(Pkcs11.CKA_EXTRACTABLE, false)
                        .with(Pkcs11.CKA_ENCRYPT, true)
                        .with(Pkcs11.CKA_DECRYPT, true);
        Mechanism generate = new Mechanism.Plain(Pkcs11.CKM_AES_KEY_GEN);
        return trials.cryptoki().generateKey(trials.session(), generate, template);
    }

    private String isSealed(long object) {
        Attributes wanted =
                new Attributes()
                        .with(Pkcs11.CKA_SENSITIVE, true)
                        .with(Pkcs11.CKA_EXTRACTABLE, false)
                        .with(Pkcs11.CKA_NEVER_EXTRACTABLE, true);
        Attributes given = trials.cryptoki().attributes(trials.session(), object, wanted.types());
        Trials.require(wanted.firstDifference(given) == null, "the key is not sealed");
        Trials.refused(
                () ->
                        Trials.require(
                                trials.cryptoki()
                                                .attributes(
                                                        trials.session(), object, Pkcs11.CKA_VALUE)
                                                .bytes(Pkcs11.CKA_VALUE)
                                                .length
                                        > 0,
                                ""),
                "the key's value can be read");
        return "";
    }

    /** Some tokens take no key from outside: then at least what goes in must come out. */
    private String gcm() throws GeneralSecurityException {
        long object;
        try {
            object = knownAes();
        } catch (CkrException e) {
            return trials.with(
                    generated(),
                    made -> {
                        opens(made, seal(made, new byte[KEY_BYTES]), new byte[KEY_BYTES]);
                        return "not compared, since the token takes no known key";
                    });
        }
        return trials.with(object, made -> gcmLikeTheJdk(made, key));
    }

    private long knownAes() {
        return trials.known(Pkcs11.CKK_AES, key, Pkcs11.CKA_ENCRYPT, Pkcs11.CKA_DECRYPT);
    }

    private String gcmLikeTheJdk(long object, byte[] value) throws GeneralSecurityException {
        byte[] message = random(100);
        Message sealed = seal(object, message);
        Trials.same(jdk(Cipher.ENCRYPT_MODE, value, sealed.iv, message), sealed.ciphertext);
        opens(object, sealed, message);
        return "";
    }

    private Message seal(long object, byte[] message) {
        byte[] iv = random(IV_BYTES);
        Mechanism gcm = new Mechanism.Gcm(iv, AAD);
        return new Message(
                iv, trials.cryptoki().encrypt(trials.session(), gcm, object, message, TAG_BYTES));
    }

    private void opens(long object, Message sealed, byte[] message) {
        Mechanism gcm = new Mechanism.Gcm(sealed.iv, AAD);
        Cryptoki cryptoki = trials.cryptoki();
        Trials.same(message, cryptoki.decrypt(trials.session(), gcm, object, sealed.ciphertext));
        byte[] tampered = sealed.ciphertext.clone();
        tampered[0] ^= 1;
        Trials.refused(
                () -> cryptoki.decrypt(trials.session(), gcm, object, tampered),
                "a changed ciphertext was opened");
    }

    private static byte[] jdk(int mode, byte[] key, byte[] iv, byte[] input)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
        cipher.updateAAD(AAD);
        return cipher.doFinal(input);
    }

    private String hmac(Hash hash) throws GeneralSecurityException {
        byte[] secret = random(hash.bytes());
        byte[] message = random(100);
        Mac mac = Mac.getInstance("Hmac" + hash.shortName());
        mac.init(new SecretKeySpec(secret, "HMAC"));
        long object = trials.known(Pkcs11.CKK_GENERIC_SECRET, secret, Pkcs11.CKA_SIGN);
        return trials.with(
                object,
                made -> {
                    Mechanism mechanism = new Mechanism.Plain(hash.hmac());
                    Trials.same(
                            mac.doFinal(message),
                            trials.cryptoki().sign(trials.session(), mechanism, made, message));
                    return "";
                });
    }

    /** A key that the JDK has wrapped must come to be the same key in the token. */
    private String unwrap(Mechanism mechanism) throws GeneralSecurityException {
        byte[] wrapped = random(KEY_BYTES);
        Cipher kwp = Cipher.getInstance("AES/KWP/NoPadding");
        kwp.init(Cipher.WRAP_MODE, new SecretKeySpec(key, "AES"));
        byte[] blob = kwp.wrap(new SecretKeySpec(wrapped, "AES"));
        long wrapping = trials.known(Pkcs11.CKK_AES, key, Pkcs11.CKA_UNWRAP);
        return trials.with(wrapping, kek -> unwrapped(mechanism, kek, blob, wrapped));
    }

    /** Takes a wrapped AES-256 key in, and shows that it is the right one. */
    String unwrapped(Mechanism mechanism, long unwrapping, byte[] blob, byte[] value)
            throws GeneralSecurityException {
        Attributes template =
                Trials.sessionObject(Pkcs11.CKO_SECRET_KEY, Pkcs11.CKK_AES)
                        .with(Pkcs11.CKA_SENSITIVE, true)
                        .with(Pkcs11.CKA_EXTRACTABLE, false)
                        .with(Pkcs11.CKA_ENCRYPT, true)
                        .with(Pkcs11.CKA_DECRYPT, true);
        long made =
                trials.cryptoki()
                        .unwrapKey(trials.session(), mechanism, unwrapping, blob, template);
        return trials.with(made, object -> gcmLikeTheJdk(object, value));
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private record Message(byte[] iv, byte[] ciphertext) {}
}
