package io.keyhold.token.pkcs11;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.token.pkcs11.ProvenObjects.VanishedException;
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who is at fault when a call into the token failed (the token as a whole, one object, us),
 * ends the epoch if it is the token, and words what the caller hears. Garbage from a caller, or one
 * damaged object, must not make the daemon begin again and again.
 */
final class Blame {

    private static final Logger log = LoggerFactory.getLogger(Blame.class);
    private static final Duration LEAST_LIFE = Duration.ofSeconds(2);

    private final Epochs epochs;
    private final ProvenObjects objects;
    private final String token;

    Blame(Epochs epochs, ProvenObjects objects, String token) {
        this.epochs = epochs;
        this.objects = objects;
        this.token = token;
    }

    /** A function answered something else than CKR_OK, and the data is not to blame. */
    KmsFault of(Epoch epoch, CkrException e) {
        String what = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case UNSUPPORTED ->
                    KmsFault.of(
                            FaultName.UnsupportedOperationException,
                            "The token does not support this: %s.",
                            what);
            case BUG -> {
                log.error("{}: {}", token, what);
                yield KmsFault.of(
                        FaultName.KMSInternalException,
                        "The token does not do what it was asked for.");
            }
            case EXHAUSTED -> {
                log.error("{}: {}", token, what);
                yield KmsFault.of(
                        FaultName.DependencyTimeoutException,
                        "The token is out of memory, sessions or space.");
            }
            default -> {
                epochs.suspect(epoch, what);
                yield Epochs.unavailable();
            }
        };
    }

    /**
     * An object is missing or holds other material. If it never was there, or is there, and another
     * object still answers rightly, it is this one alone; else the token may have been taken away,
     * and a new epoch will tell.
     */
    KmsFault of(Epoch epoch, Lane lane, WrongObjectException e) {
        log.error("{}: {}", token, e.getMessage());
        try {
            boolean tokenMayBeGone =
                    e instanceof VanishedException || !objects.witnessIsGood(epoch, lane);
            if (tokenMayBeGone && epoch.isOlderThan(LEAST_LIFE)) {
                epochs.suspect(epoch, String.valueOf(e.getMessage()));
            }
            return Epochs.unavailable();
        } catch (CkrException worse) {
            return of(epoch, worse);
        }
    }
}
