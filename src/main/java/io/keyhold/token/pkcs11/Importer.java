package io.keyhold.token.pkcs11;

import io.keyhold.key.Canary;
import io.keyhold.key.KeySpec;
import io.keyhold.key.Material;
import io.keyhold.token.WrappedMaterial;
import io.keyhold.token.pkcs11.ProvenObjects.VanishedException;
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;

/** Makes the objects of material that comes wrapped. */
final class Importer {

    private final Cryptoki cryptoki;
    private final Families families;
    private final ObjectMaker maker;
    private final Turns turns;

    Importer(Cryptoki cryptoki, Families families, ObjectMaker maker, Turns turns) {
        this.cryptoki = cryptoki;
        this.families = families;
        this.maker = maker;
        this.turns = turns;
    }

    /** What tells the material from any other; of its object nothing stays. */
    byte[] identify(Lane lane, long wrappingKey, KeySpec spec, WrappedMaterial wrapped) {
        families.requireImportable(spec);
        Family family = families.of(spec);
        long trial = families.unwrapper().unwrap(lane, wrappingKey, wrapped, family.trial(spec));
        try {
            return family.identity(lane, trial, spec);
        } finally {
            cryptoki.destroyObject(lane.session(), trial);
        }
    }

    /**
     * Makes the objects, in place of whatever is there of the same backing key: its row says that
     * it was never used, or was deleted.
     */
    Canary make(
            Epoch epoch,
            Lane lane,
            long wrappingKey,
            Material material,
            WrappedMaterial wrapped,
            byte[] identity) {
        maker.destroy(epoch, lane, material);
        Family family = families.of(material.spec());
        Attributes template = family.unwrapped(material);
        long object =
                turns.take(() -> families.unwrapper().unwrap(lane, wrappingKey, wrapped, template));
        turns.take(
                () -> {
                    family.complete(lane, material, identity);
                    return object;
                });
        try {
            return maker.readBack(epoch, lane, material, object);
        } catch (VanishedException e) {
            throw e;
        } catch (WrongObjectException e) {
            throw SealedKey.incorrect(material.spec());
        }
    }
}
