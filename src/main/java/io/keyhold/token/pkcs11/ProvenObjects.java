package io.keyhold.token.pkcs11;

import io.keyhold.key.Bytes16;
import io.keyhold.key.Canary;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a backing key into a handle that is proven, in this epoch, to name its material. */
final class ProvenObjects {

    private static final Logger log = LoggerFactory.getLogger(ProvenObjects.class);

    private final Cryptoki cryptoki;
    private final Families families;
    private final Turns turns;

    ProvenObjects(Cryptoki cryptoki, Families families, Turns turns) {
        this.cryptoki = cryptoki;
        this.families = families;
        this.turns = turns;
    }

    /**
     * The handle of a backing key's object, after its canary.
     *
     * @throws WrongObjectException if there is no such object, or it holds other material
     */
    long handle(Epoch epoch, Lane lane, Material material) {
        Epoch.Handle handle = epoch.handle(material.ckaId());
        if (handle == null) {
            handle = epoch.found(material.ckaId(), search(epoch, lane, material));
        }
        if (!handle.proven()) {
            prove(epoch, lane, material, handle.object());
            epoch.prove(handle, material);
        }
        return handle.object();
    }

    /**
     * Whether a backing key has its object, with the right material.
     *
     * @throws VanishedException if a new epoch may see it
     */
    boolean isProven(Epoch epoch, Lane lane, Material material) {
        try {
            handle(epoch, lane, material);
            return true;
        } catch (VanishedException e) {
            throw e;
        } catch (WrongObjectException e) {
            log.debug("{}: {}", material.label(), e.getMessage());
            return false;
        }
    }

    /**
     * Asks the canary once more, after a failure that may be the token's.
     *
     * @throws WrongObjectException if it fails now
     */
    void proveAgain(Epoch epoch, Lane lane, Material material) {
        Epoch.Handle handle = epoch.handle(material.ckaId());
        if (handle == null) {
            throw new WrongObjectException(material.label() + ": its handle was given up");
        }
        prove(epoch, lane, material, handle.object());
    }

    /** Whether the object that was proven last still answers rightly: then the token is there. */
    boolean witnessIsGood(Epoch epoch, Lane lane) {
        Epoch.Witness witness = epoch.witness();
        return witness != null && canaryIsGood(lane, witness.handle().object(), witness.material());
    }

    /**
     * Looks for the object with a backing key's CKA_ID: slow, so only when it is not known. Of
     * several, it is the one that has its label too.
     *
     * @throws VanishedException if it was there in this epoch and is not now: SoftHSM forgets
     *     objects whose files it once missed, until it is initialised again
     * @throws KmsFault KMSInternalException if there are two of them
     */
    OptionalLong find(Epoch epoch, Lane lane, Material material) {
        List<Long> found = search(lane, material, families.of(material).objectClass());
        if (found.size() > 1) {
            found = named(lane, found, material);
        }
        if (found.size() > 1) {
            throw KmsFault.of(
                    FaultName.KMSInternalException,
                    "The token has %d objects that are labelled %s.",
                    found.size(),
                    material.label());
        }
        if (found.isEmpty() && epoch.saw(material.ckaId())) {
            throw new VanishedException(material.label() + " has vanished");
        }
        return found.isEmpty() ? OptionalLong.empty() : OptionalLong.of(found.getFirst());
    }

    /**
     * Every object with a backing key's CKA_ID and label: those that belong to it.
     *
     * @throws VanishedException as {@link #find}
     */
    List<Long> all(Epoch epoch, Lane lane, Material material) {
        List<Long> found = search(lane, withId(material));
        if (found.isEmpty() && epoch.saw(material.ckaId())) {
            throw new VanishedException(material.label() + " has vanished");
        }
        return named(lane, found, material);
    }

    private List<Long> named(Lane lane, List<Long> objects, Material material) {
        return objects.stream().filter(each -> isNamed(lane, each, material)).toList();
    }

    /** Whether an object's label says that it is a backing key's material. */
    boolean isNamed(Lane lane, long object, Material material) {
        Attributes seen = cryptoki.attributesOfAny(lane.session(), object, Pkcs11.CKA_LABEL);
        return material.isNamedBy(seen.text(Pkcs11.CKA_LABEL));
    }

    private List<Long> search(Lane lane, Material material, long objectClass) {
        return search(lane, withId(material).with(Pkcs11.CKA_CLASS, objectClass));
    }

    private List<Long> search(Lane lane, Attributes wanted) {
        return turns.take(() -> cryptoki.findObjects(lane.session(), wanted));
    }

    private static Attributes withId(Material material) {
        return new Attributes().with(Pkcs11.CKA_ID, Bytes16.of(material.ckaId()));
    }

    private long search(Epoch epoch, Lane lane, Material material) {
        return find(epoch, lane, material)
                .orElseThrow(() -> new WrongObjectException(material.label() + " is not there"));
    }

    private void prove(Epoch epoch, Lane lane, Material material, long object) {
        if (!canaryIsGood(lane, object, material)) {
            epoch.forget(material.ckaId());
            throw new WrongObjectException(material.label() + ": the canary failed");
        }
    }

    private boolean canaryIsGood(Lane lane, long object, Material material) {
        Canary canary = material.backing().canary();
        if (canary == null) {
            throw new IllegalStateException(material.label() + " was used before it was made");
        }
        try {
            return families.of(material).answers(lane, object, material, canary);
        } catch (IllegalArgumentException | ClassCastException e) {
            log.error("{}: its known answer is none: {}", material.label(), e.getMessage());
            return false;
        } catch (CkrException e) {
            return switch (e.kind()) {
                case DATA, AMBIGUOUS, HANDLE_STALE -> false;
                default -> throw e;
            };
        }
    }

    /** The token has not the material that a row says it has. */
    static class WrongObjectException extends RuntimeException {
        WrongObjectException(String message) {
            super(message, null, false, false);
        }
    }

    /** An object is gone that was there in this epoch: the next epoch tells whether it is. */
    static final class VanishedException extends WrongObjectException {
        VanishedException(String message) {
            super(message);
        }
    }
}
