package io.keyhold.token.pkcs11;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One life of the library between C_Initialize and C_Finalize, logged in to one token. Handles are
 * valid in their epoch only: the same number may name another key in the next one.
 */
final class Epoch {

    /** Takes the place of the lanes when the epoch has ended; whoever waited for one is told. */
    private static final Optional<Lane> ENDED = Optional.empty();

    private static final int MOST_WITNESSES = 8;

    private final long number;
    private final String serial;
    private final int size;
    private final BlockingDeque<Optional<Lane>> idle;
    private int drained; // the thread's that ends the epoch
    private final Map<UUID, Handle> handles = new ConcurrentHashMap<>();
    private final Set<UUID> seen = ConcurrentHashMap.newKeySet();
    private final Set<UUID> made = ConcurrentHashMap.newKeySet();
    private final long begun = System.nanoTime();
    private final Deque<Witness> witnesses = new ConcurrentLinkedDeque<>();

    Epoch(long number, String serial, List<Lane> lanes) {
        this.number = number;
        this.serial = serial;
        this.size = lanes.size();
        this.idle = new LinkedBlockingDeque<>();
        lanes.forEach(this::giveBack);
    }

    long number() {
        return number;
    }

    /** Serial number of the token. */
    String serial() {
        return serial;
    }

    /**
     * Takes a lane.
     *
     * @throws KmsFault KeyUnavailableException if the epoch has ended, ThrottlingException if no
     *     lane came free in time
     */
    Lane borrow(Duration patience) throws InterruptedException {
        Optional<Lane> lane = idle.pollFirst(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (lane == null) {
            throw KmsFault.of(
                    FaultName.ThrottlingException, "Every session of the token is in use.");
        }
        return lane.orElseThrow(
                () -> {
                    idle.addFirst(ENDED);
                    return Epochs.unavailable();
                });
    }

    void giveBack(Lane lane) {
        idle.addFirst(Optional.of(lane));
    }

    /**
     * Waits until every lane is back, for good: nobody is inside the library then. May be called
     * again if that did not come true.
     *
     * @return whether that came true in time
     */
    boolean drain(Duration grace) throws InterruptedException {
        long end = System.nanoTime() + grace.toNanos();
        while (drained < size) {
            if (idle.pollFirst(end - System.nanoTime(), TimeUnit.NANOSECONDS) == null) {
                return false;
            }
            drained++;
        }
        idle.addFirst(ENDED);
        return true;
    }

    @Nullable Handle handle(UUID ckaId) {
        return handles.get(ckaId);
    }

    /** Notes an object that was found; the first one found under a CKA_ID stays. */
    Handle found(UUID ckaId, long object) {
        seen.add(ckaId);
        Handle fresh = new Handle(object);
        @Nullable Handle known = handles.putIfAbsent(ckaId, fresh);
        return known == null ? fresh : known;
    }

    /** Whether an object with this CKA_ID was in the token in this epoch, even if it is not now. */
    boolean saw(UUID ckaId) {
        return seen.contains(ckaId);
    }

    /** Notes that an object is about to be made; false if that was tried in this epoch before. */
    boolean beginMaking(UUID ckaId) {
        return made.add(ckaId);
    }

    /** Gives a handle up; it must be found and proven anew. */
    void forget(UUID ckaId) {
        Handle given = handles.remove(ckaId);
        witnesses.removeIf(each -> each.handle == given);
    }

    /** Likewise, of an object that is about to be destroyed: it was never there. */
    void forgetFully(UUID ckaId) {
        forget(ckaId);
        seen.remove(ckaId);
    }

    /** Notes that a handle names the right material, for the rest of this epoch. */
    void prove(Handle handle, Material material) {
        handle.proven = true;
        witnesses.addFirst(new Witness(handle, material));
        if (witnesses.size() > MOST_WITNESSES) {
            witnesses.pollLast();
        }
    }

    /** The object that was proven last, of those that are not destroyed. */
    @Nullable Witness witness() {
        return witnesses.peekFirst();
    }

    boolean isOlderThan(Duration age) {
        return System.nanoTime() - begun > age.toNanos();
    }

    /** An object handle, and whether the canary has proved that it names the right material. */
    static final class Handle {

        private final long object;
        private volatile boolean proven;

        private Handle(long object) {
            this.object = object;
        }

        long object() {
            return object;
        }

        boolean proven() {
            return proven;
        }
    }

    /** A proven object, and what its canary needs. */
    record Witness(Handle handle, Material material) {}
}
