package io.keyhold.token.pkcs11;

import io.keyhold.key.Canary;
import io.keyhold.key.Material;
import org.jspecify.annotations.Nullable;

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

    /** The first attribute in which it is not as it was asked to be; null if there is none. */
    @Nullable Long wrongAttribute(Lane lane, long object, Material material);

    /** Whether what stands beside it is there. */
    boolean isWhole(Lane lane, Material material);

    /** A known answer of it, bound to the row. */
    Canary canary(Lane lane, long object, Material material);

    /** Whether it gives that answer, so that it is the row's material and no other. */
    boolean answers(Lane lane, long object, Material material, Canary canary);
}
