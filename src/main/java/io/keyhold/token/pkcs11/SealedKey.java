package io.keyhold.token.pkcs11;

import io.keyhold.key.Bytes16;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import java.nio.ByteBuffer;

/** What all objects that operate have in common: they never leave the token, nor change. */
final class SealedKey {

    private SealedKey() {}

    /** The beginning of a template; what the object may do is to be added. */
    static Attributes template(long objectClass, long keyType, Material material) {
        return named(objectClass, keyType, material)
                .with(Pkcs11.CKA_PRIVATE, true)
                .with(Pkcs11.CKA_SENSITIVE, true)
                .with(Pkcs11.CKA_EXTRACTABLE, false);
    }

    /** Likewise, of the public half of a pair. */
    static Attributes publicHalf(long keyType, Material material) {
        return named(Pkcs11.CKO_PUBLIC_KEY, keyType, material).with(Pkcs11.CKA_PRIVATE, false);
    }

    private static Attributes named(long objectClass, long keyType, Material material) {
        return new Attributes()
                .with(Pkcs11.CKA_CLASS, objectClass)
                .with(Pkcs11.CKA_KEY_TYPE, keyType)
                .with(Pkcs11.CKA_ID, Bytes16.of(material.ckaId()))
                .with(Pkcs11.CKA_LABEL, material.label())
                .with(Pkcs11.CKA_TOKEN, true)
                .with(Pkcs11.CKA_MODIFIABLE, false)
                .with(Pkcs11.CKA_COPYABLE, false);
    }

    /** What a template is read back with: the token made it, and it was never outside. */
    static Attributes asMade(Attributes template) {
        return template.with(Pkcs11.CKA_LOCAL, true)
                .with(Pkcs11.CKA_ALWAYS_SENSITIVE, true)
                .with(Pkcs11.CKA_NEVER_EXTRACTABLE, true);
    }

    /** The beginning of a template of what material is looked at through: it may be wrapped. */
    static Attributes trial(long objectClass, long keyType) {
        return new Attributes()
                .with(Pkcs11.CKA_CLASS, objectClass)
                .with(Pkcs11.CKA_KEY_TYPE, keyType)
                .with(Pkcs11.CKA_TOKEN, false)
                .with(Pkcs11.CKA_PRIVATE, true)
                .with(Pkcs11.CKA_SENSITIVE, true)
                .with(Pkcs11.CKA_EXTRACTABLE, true)
                .with(Pkcs11.CKA_SIGN, true);
    }

    /** What a caller hears of material that is not what it should be. */
    static KmsFault incorrect(KeySpec spec) {
        return KmsFault.of(
                FaultName.IncorrectKeyMaterialException,
                "The key material is not that of a key of spec %s.",
                spec);
    }

    /** What an unwrapped object is read back with: not all tokens can keep it from changing. */
    static Attributes asUnwrapped(Attributes template) {
        return template.without(Pkcs11.CKA_MODIFIABLE).with(Pkcs11.CKA_LOCAL, false);
    }

    /** What binds a known answer to its row: the IDs of key and backing key. */
    static byte[] identity(Material material) {
        return ByteBuffer.allocate(2 * Bytes16.LENGTH)
                .put(Bytes16.of(material.key().value()))
                .put(Bytes16.of(material.backing().id()))
                .array();
    }
}
