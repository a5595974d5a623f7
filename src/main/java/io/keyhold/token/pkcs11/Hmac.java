package io.keyhold.token.pkcs11;

import io.keyhold.key.Canary;
import io.keyhold.key.KeySpec;
import io.keyhold.key.Material;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The HMAC family: secrets as long as AWS has them, and codes of full length.
 *
 * @see "OASIS PKCS #11 v3.1, section 6.22"
 */
final class Hmac extends SecretFamily {

    private static final int QUESTION_BYTES = 4096 + 1;

    Hmac(Cryptoki cryptoki, SecretLength length) {
        super(cryptoki, length);
    }

    @Override
    int bytes(KeySpec spec) {
        return hash(spec).bytes();
    }

    @Override
    public Attributes trial(KeySpec spec) {
        return SealedKey.trial(Pkcs11.CKO_SECRET_KEY, Pkcs11.CKK_GENERIC_SECRET);
    }

    /** Of a message that is longer than any that callers can send, and no canary's. */
    @Override
    byte[] code(Lane lane, long trial, KeySpec spec) {
        byte[] message = new byte[QUESTION_BYTES + 1];
        return mac(lane, trial, spec, message);
    }

    @Override
    Mechanism generation() {
        return new Mechanism.Plain(Pkcs11.CKM_GENERIC_SECRET_KEY_GEN);
    }

    /**
     * The code of the row's identity, in a message that is longer than any that callers can send:
     * else the row would hold the code of one of theirs.
     */
    @Override
    public Canary canary(Lane lane, long object, Material material) {
        return new Canary(mac(lane, object, material.spec(), question(material)));
    }

    @Override
    public boolean answers(Lane lane, long object, Material material, Canary canary) {
        byte[] answer = mac(lane, object, material.spec(), question(material));
        return MessageDigest.isEqual(answer, canary.bytes());
    }

    /** C_Sign; as long as the hash. */
    byte[] mac(Lane lane, long object, KeySpec spec, byte[] message) {
        Mechanism mechanism = new Mechanism.Plain(hash(spec).hmac());
        return cryptoki().sign(lane.session(), mechanism, object, message);
    }

    private static byte[] question(Material material) {
        return Arrays.copyOf(SealedKey.identity(material), QUESTION_BYTES);
    }

    @Override
    public Attributes template(Material material) {
        Hash hash = hash(material.spec());
        return SealedKey.template(Pkcs11.CKO_SECRET_KEY, Pkcs11.CKK_GENERIC_SECRET, material)
                .with(Pkcs11.CKA_VALUE_LEN, hash.bytes())
                .with(Pkcs11.CKA_ENCRYPT, false)
                .with(Pkcs11.CKA_DECRYPT, false)
                .with(Pkcs11.CKA_WRAP, false)
                .with(Pkcs11.CKA_UNWRAP, false)
                .with(Pkcs11.CKA_SIGN, true)
                .with(Pkcs11.CKA_VERIFY, false)
                .with(Pkcs11.CKA_DERIVE, false)
                .withAll(Pkcs11.CKA_ALLOWED_MECHANISMS, hash.hmac());
    }

    private static Hash hash(KeySpec spec) {
        return Hash.valueOf(spec.name().replace("HMAC", "SHA"));
    }
}
