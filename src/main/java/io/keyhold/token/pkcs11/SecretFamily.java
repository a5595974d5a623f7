package io.keyhold.token.pkcs11;

import io.keyhold.key.Material;
import org.jspecify.annotations.Nullable;

/** A family of secret keys: one object. */
abstract class SecretFamily implements Family {

    private final Cryptoki cryptoki;

    SecretFamily(Cryptoki cryptoki) {
        this.cryptoki = cryptoki;
    }

    final Cryptoki cryptoki() {
        return cryptoki;
    }

    /** How a key is made. */
    abstract Mechanism generation();

    /** What it looks like. */
    abstract Attributes template(Material material);

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
        return cryptoki.generateKey(lane.session(), generation(), template(material));
    }

    @Override
    public final boolean isWhole(Lane lane, Material material) {
        return true;
    }

    @Override
    public final @Nullable Long wrongAttribute(Lane lane, long object, Material material) {
        Attributes wanted = SealedKey.asMade(template(material));
        return wanted.firstDifference(cryptoki.attributes(lane.session(), object, wanted.types()));
    }
}
