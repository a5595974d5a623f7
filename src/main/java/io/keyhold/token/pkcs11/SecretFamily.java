package io.keyhold.token.pkcs11;

import io.keyhold.key.KeySpec;
import io.keyhold.key.Material;

/** A family of secret keys: one object. */
abstract class SecretFamily implements Family {

    private final Cryptoki cryptoki;
    private final SecretLength length;

    SecretFamily(Cryptoki cryptoki, SecretLength length) {
        this.cryptoki = cryptoki;
        this.length = length;
    }

    final Cryptoki cryptoki() {
        return cryptoki;
    }

    /** How a key is made. */
    abstract Mechanism generation();

    /** How many bytes it has. */
    abstract int bytes(KeySpec spec);

    /** A code of a constant, by a mechanism that callers cannot let it be used with so. */
    abstract byte[] code(Lane lane, long trial, KeySpec spec);

    @Override
    public final Attributes unwrapped(Material material) {
        return template(material)
                .without(Pkcs11.CKA_VALUE_LEN) // which unwrapping does not take
                .without(cryptoki.lacking());
    }

    @Override
    public final byte[] identity(Lane lane, long trial, KeySpec spec) {
        if (!length.is(bytes(spec), lane, trial)) {
            throw SealedKey.incorrect(spec);
        }
        try {
            return code(lane, trial, spec);
        } catch (CkrException e) {
            if (e.kind() == CkrClass.UNSUPPORTED) {
                throw SealedKey.incorrect(spec); // so SoftHSM says that a secret is too short
            }
            throw e;
        }
    }

    @Override
    public final void complete(Lane lane, Material material, byte[] identity) {
        // A secret is one object.
    }

    @Override
    public final long objectClass() {
        return Pkcs11.CKO_SECRET_KEY;
    }

    @Override
    public final boolean isQuick() {
        return true;
    }

    @Override
    public final long generate(Lane lane, Material material) {
        Attributes template = template(material).without(cryptoki.lacking());
        return cryptoki.generateKey(lane.session(), generation(), template);
    }

    @Override
    public final boolean isWhole(Lane lane, Material material) {
        return true;
    }
}
