package io.keyhold.token.pkcs11;

import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;
import java.util.function.Supplier;

/**
 * One operation with one backing key's material: on a proven handle, tried a second time when the
 * first failure says that the handle or the session was stale.
 *
 * @param operation the call, which may be repeated
 * @param dataIsBad the caller's fault, thrown only when the token proves that it is well
 */
record MaterialUse<T>(Material material, Operation<T> operation, Supplier<KmsFault> dataIsBad) {

    T run(Epoch epoch, Lane lane, ProvenObjects objects, Blame blame) {
        return run(epoch, lane, objects, blame, true);
    }

    private T run(Epoch epoch, Lane lane, ProvenObjects objects, Blame blame, boolean again) {
        try {
            return operation.on(lane, objects.handle(epoch, lane, material));
        } catch (WrongObjectException e) {
            throw blame.of(epoch, lane, e);
        } catch (CkrException e) {
            switch (e.kind()) {
                case DATA -> throw dataIsBad.get();
                case AMBIGUOUS -> throw ambiguous(epoch, lane, objects, blame);
                case HANDLE_STALE -> epoch.forget(material.ckaId());
                case SESSION_LOST -> reopen(epoch, lane, blame);
                default -> throw blame.of(epoch, e);
            }
            if (!again) {
                throw blame.of(epoch, e);
            }
            return run(epoch, lane, objects, blame, false);
        }
    }

    /** The same answer means a tampered tag or a lost token: the canary knows which. */
    private KmsFault ambiguous(Epoch epoch, Lane lane, ProvenObjects objects, Blame blame) {
        try {
            objects.proveAgain(epoch, lane, material);
            return dataIsBad.get();
        } catch (WrongObjectException wrong) {
            return blame.of(epoch, lane, wrong);
        } catch (CkrException worse) {
            return blame.of(epoch, worse);
        }
    }

    private static void reopen(Epoch epoch, Lane lane, Blame blame) {
        try {
            lane.reopen();
        } catch (CkrException e) {
            throw blame.of(epoch, e);
        }
    }

    /** A call into the token. */
    interface Operation<T> {
        T on(Lane lane, long object);
    }
}
