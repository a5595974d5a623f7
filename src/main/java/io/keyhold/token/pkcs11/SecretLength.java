package io.keyhold.token.pkcs11;

/**
 * How long a secret is that the token will not show. A token that does not say it of what it
 * unwrapped, such as SoftHSM, wraps it once more: the length of that tells, to eight bytes.
 *
 * @see "RFC 5649, section 4.1"
 */
final class SecretLength {

    private static final int BLOCK = 8;
    private static final int KEY_BYTES = 32;

    private final Cryptoki cryptoki;
    private final Mechanism keyWrap;

    /**
     * @param keyWrap the mechanism that is RFC 5649 to this token
     */
    SecretLength(Cryptoki cryptoki, long keyWrap) {
        this.cryptoki = cryptoki;
        this.keyWrap = new Mechanism.Plain(keyWrap);
    }

    /** Whether a secret of the session has so many bytes. */
    boolean is(int bytes, Lane lane, long secret) {
        Attributes given = cryptoki.attributesOfAny(lane.session(), secret, Pkcs11.CKA_VALUE_LEN);
        if (given.values().get(Pkcs11.CKA_VALUE_LEN) instanceof Long said && said > 0) {
            return said == bytes;
        }
        return wrapped(lane, secret) == BLOCK + (bytes + BLOCK - 1) / BLOCK * BLOCK;
    }

    private int wrapped(Lane lane, long secret) {
        Attributes template =
                new Attributes()
                        .with(Pkcs11.CKA_TOKEN, false)
                        .with(Pkcs11.CKA_VALUE_LEN, KEY_BYTES)
                        .with(Pkcs11.CKA_SENSITIVE, true)
                        .with(Pkcs11.CKA_EXTRACTABLE, false)
                        .with(Pkcs11.CKA_WRAP, true);
        Mechanism generation = new Mechanism.Plain(Pkcs11.CKM_AES_KEY_GEN);
        long wrapping = cryptoki.generateKey(lane.session(), generation, template);
        try {
            return cryptoki.wrapKey(lane.session(), keyWrap, wrapping, secret).length;
        } finally {
            cryptoki.destroyObject(lane.session(), wrapping);
        }
    }
}
