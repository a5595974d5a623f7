package io.keyhold.token.pkcs11;

import io.keyhold.key.Canary;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;

/**
 * A family of mechanisms: what its objects look like, and how one proves that it is the material
 * that a row names. One of a material's objects operates, a secret or a private key; others stand
 * beside it under the same CKA_ID.
 */
interface Family {

    /** CKA_CLASS of the object that operates. */
    long objectClass();

    /** Whether it operates in microseconds, and is made at once, by a token in this process. */
    boolean isQuick();

    /** Makes the objects; answers the handle of the one that operates. */
    long generate(Lane lane, Material material);

    /** The template of the object that operates, when the token makes it. */
    Attributes template(Material material);

    /**
     * Passes if material can come wrapped.
     *
     * @throws KmsFault UnsupportedOperationException
     */
    default void requireImportable(KeySpec spec) {}

    /** The template of an object of the session, through which wrapped material is looked at. */
    Attributes trial(KeySpec spec);

    /**
     * What tells material from any other.
     *
     * @param trial such an object
     * @throws KmsFault IncorrectKeyMaterialException if it is not of the spec
     */
    byte[] identity(Lane lane, long trial, KeySpec spec);

    /** The template of the object that operates, when it is unwrapped. */
    Attributes unwrapped(Material material);

    /** Makes what stands beside an object that was unwrapped. */
    void complete(Lane lane, Material material, byte[] identity);

    /** Whether what stands beside it is there. */
    boolean isWhole(Lane lane, Material material);

    /** A known answer of it, bound to the row. */
    Canary canary(Lane lane, long object, Material material);

    /** Whether it gives that answer, so that it is the row's material and no other. */
    boolean answers(Lane lane, long object, Material material, Canary canary);
}
