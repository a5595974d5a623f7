package io.keyhold.token.pkcs11;

import io.keyhold.key.BackingKey;
import io.keyhold.key.Bytes16;
import io.keyhold.key.Canary;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KmsFault;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** Turns a backing key into a handle that is proven, in this epoch, to name its material. */
final class ProvenObjects {

    private final Cryptoki cryptoki;
    private final AesGcm aesGcm;
    private final Turns turns;

    ProvenObjects(Cryptoki cryptoki, AesGcm aesGcm, Turns turns) {
        this.cryptoki = cryptoki;
        this.aesGcm = aesGcm;
        this.turns = turns;
    }

    /**
     * The handle of a backing key's object, after its canary.
     *
     * @throws WrongObjectException if there is no such object, or it holds other material
     */
    long handle(Epoch epoch, Lane lane, KeyId key, BackingKey backing) {
        Epoch.Handle handle = epoch.handle(backing.ckaId());
        if (handle == null) {
            handle = epoch.found(backing.ckaId(), search(epoch, lane, key, backing));
        }
        if (!handle.proven()) {
            prove(epoch, lane, key, backing, handle.object());
            epoch.prove(handle, key, backing);
        }
        return handle.object();
    }

    /**
     * Asks the canary once more, after a failure that may be the token's.
     *
     * @throws WrongObjectException if it fails now
     */
    void proveAgain(Epoch epoch, Lane lane, KeyId key, BackingKey backing) {
        Epoch.Handle handle = epoch.handle(backing.ckaId());
        if (handle == null) {
            throw new WrongObjectException(backing.label(key) + ": its handle was given up");
        }
        prove(epoch, lane, key, backing, handle.object());
    }

    /** Whether the object that was proven last still answers rightly: then the token is there. */
    boolean witnessIsGood(Epoch epoch, Lane lane) {
        Epoch.Witness witness = epoch.witness();
        return witness != null
                && canaryIsGood(lane, witness.handle().object(), witness.key(), witness.backing());
    }

    /**
     * Looks for the object with a backing key's CKA_ID: slow, so only when it is not known. Of
     * several, it is the one that has its label too.
     *
     * @throws VanishedException if it was there in this epoch and is not now: SoftHSM forgets
     *     objects whose files it once missed, until it is initialised again
     * @throws KmsFault KMSInternalException if there are two of them
     */
    OptionalLong find(Epoch epoch, Lane lane, KeyId key, BackingKey backing) {
        List<Long> found = withId(lane, backing.ckaId());
        if (found.size() > 1) {
            found = named(lane, found, key, backing);
        }
        if (found.size() > 1) {
            throw KmsFault.of(
                    FaultName.KMSInternalException,
                    "The token has %d objects that are labelled %s.",
                    found.size(),
                    backing.label(key));
        }
        if (found.isEmpty() && epoch.saw(backing.ckaId())) {
            throw new VanishedException(backing.label(key) + " has vanished");
        }
        return found.isEmpty() ? OptionalLong.empty() : OptionalLong.of(found.getFirst());
    }

    /** Every object with a backing key's CKA_ID and label: one, but for accidents. */
    List<Long> all(Lane lane, KeyId key, BackingKey backing) {
        return named(lane, withId(lane, backing.ckaId()), key, backing);
    }

    private List<Long> named(Lane lane, List<Long> objects, KeyId key, BackingKey backing) {
        return objects.stream().filter(each -> isNamed(lane, each, key, backing)).toList();
    }

    /** Whether an object's label says that it is a backing key's material. */
    boolean isNamed(Lane lane, long object, KeyId key, BackingKey backing) {
        Attributes seen = cryptoki.attributesOfAny(lane.session(), object, Pkcs11.CKA_LABEL);
        return backing.isNamedBy(key, seen.text(Pkcs11.CKA_LABEL));
    }

    private List<Long> withId(Lane lane, UUID ckaId) {
        Attributes wanted =
                new Attributes()
                        .with(Pkcs11.CKA_CLASS, Pkcs11.CKO_SECRET_KEY)
                        .with(Pkcs11.CKA_ID, Bytes16.of(ckaId));
        return turns.take(() -> cryptoki.findObjects(lane.session(), wanted));
    }

    private long search(Epoch epoch, Lane lane, KeyId key, BackingKey backing) {
        return find(epoch, lane, key, backing)
                .orElseThrow(() -> new WrongObjectException(backing.label(key) + " is not there"));
    }

    private void prove(Epoch epoch, Lane lane, KeyId key, BackingKey backing, long object) {
        if (!canaryIsGood(lane, object, key, backing)) {
            epoch.forget(backing.ckaId());
            throw new WrongObjectException(backing.label(key) + ": the canary failed");
        }
    }

    private boolean canaryIsGood(Lane lane, long object, KeyId key, BackingKey backing) {
        Canary canary = backing.canary();
        if (canary == null) {
            throw new IllegalStateException(backing.label(key) + " was used before it was made");
        }
        try {
            return aesGcm.opens(lane, object, key, backing, canary);
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
