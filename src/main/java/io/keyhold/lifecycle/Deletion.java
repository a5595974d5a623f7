package io.keyhold.lifecycle;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.keyhold.key.Arn;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.key.Schedule;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.lifecycle.Heartbeat.Doubt;
import io.keyhold.store.JobStore.Beat;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.MetadataStore.Doomed;
import io.keyhold.token.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of keys: planned, called off, put off, and carried out. Once it is being carried out, the
 * key is gone for callers, and what a crash leaves is finished by the next start.
 */
final class Deletion {

    private static final Logger log = LoggerFactory.getLogger(Deletion.class);

    private final MetadataStore store;
    private final KeyStore keyStore;
    private final Keyring keyring;
    private final Aliases aliases;
    private final Grants grants;
    private final LifeEvents events;
    private final Clocks clocks;

    /** Those whose end is on record, though the token does not let it come yet. */
    private final Set<Arn> recorded = ConcurrentHashMap.newKeySet();

    Deletion(
            MetadataStore store,
            KeyStore keyStore,
            Keyring keyring,
            Aliases aliases,
            Grants grants,
            LifeEvents events,
            Clocks clocks) {
        this.store = store;
        this.keyStore = keyStore;
        this.keyring = keyring;
        this.aliases = aliases;
        this.grants = grants;
        this.events = events;
        this.clocks = clocks;
    }

    /** Plans the end of a key. */
    KeyRecord schedule(Arn key, Duration window) {
        return keyring.change(
                key,
                now -> {
                    now.require(StateRule.DELETION);
                    Schedule.Deletion end =
                            new Schedule.Deletion(clocks.now().plus(window), Duration.ZERO);
                    return store.setSchedule(
                            key,
                            KeyState.PendingDeletion,
                            now.schedule().withDeletion(Optional.of(end)));
                });
    }

    /** Calls it off. */
    KeyRecord cancel(Arn key) {
        return keyring.change(
                key,
                now -> {
                    now.require(StateRule.CANCELLATION);
                    return store.setSchedule(
                            key, KeyState.Disabled, now.schedule().withDeletion(Optional.empty()));
                });
    }

    /** Puts off what a doubtful clock has made due. */
    void postpone(Doubt doubt) {
        List<Arn> concerned =
                keyring.all().filter(key -> isConcerned(key, doubt)).map(KeyRecord::arn).toList();
        for (Arn key : concerned) {
            keyring.change(key, now -> isConcerned(now, doubt) ? postponed(now, doubt) : now);
        }
    }

    private static boolean isConcerned(KeyRecord key, Doubt doubt) {
        return key.schedule().deletion().filter(end -> doubt.concerns(end.date())).isPresent();
    }

    private KeyRecord postponed(KeyRecord key, Doubt doubt) {
        Schedule.Deletion before = key.schedule().deletion().orElseThrow();
        Schedule.Deletion later =
                new Schedule.Deletion(
                        doubt.to().plus(Heartbeat.DELAY),
                        max(before.hold(), doubt.running().plus(Heartbeat.DELAY)));
        events.postponing(key.arn(), before, later, doubt);
        log.warn("the deletion of {} is put off to {}", key.arn(), later.date());
        return store.setSchedule(
                key.arn(), key.state(), key.schedule().withDeletion(Optional.of(later)));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Ends every key whose time has come. */
    void allDue(Beat beat, BooleanSupplier mayGoOn) {
        List<Arn> due = keyring.all().filter(key -> isDue(key, beat)).map(KeyRecord::arn).toList();
        for (Arn key : due) {
            if (!mayGoOn.getAsBoolean()) {
                return;
            }
            keyring.locked(
                    key,
                    now -> {
                        if (isDue(now, beat)) {
                            store.beginDestruction(key);
                            hide(key);
                            CrashPoint.DESTRUCTION_BEGUN.reached();
                        }
                        return now;
                    });
        }
        finishAll(mayGoOn);
    }

    /** By the clock as it was when it was last looked at for jumps, and by no later one. */
    private static boolean isDue(KeyRecord key, Beat beat) {
        return key.state() == KeyState.PendingDeletion
                && key.schedule()
                        .deletion()
                        .filter(end -> end.isDue(beat.wall(), beat.running()))
                        .isPresent();
    }

    /**
     * Finishes what has begun, here or before a crash.
     *
     * @return what could not be finished
     */
    @CanIgnoreReturnValue
    List<Finding> finishAll(BooleanSupplier mayGoOn) {
        List<Finding> stuck = new ArrayList<>();
        for (Doomed doomed : store.doomed()) {
            if (!mayGoOn.getAsBoolean()) {
                break;
            }
            try {
                finishLocked(doomed);
            } catch (KmsFault e) {
                log.warn("the deletion of {} goes on later: {}", doomed.key(), e.text());
                doomed.materials().stream()
                        .findFirst()
                        .map(first -> stuck(first, e))
                        .ifPresent(stuck::add);
            }
        }
        return stuck;
    }

    private static Finding stuck(Material material, KmsFault e) {
        return Finding.of(
                Finding.Kind.STUCK,
                material,
                "is to be destroyed with its key, and cannot be: " + e.text());
    }

    private void finishLocked(Doomed doomed) {
        keyring.underLock(
                doomed.key(),
                () -> {
                    // Somebody may have finished it while this waited for the lock.
                    if (store.doomed().contains(doomed)) {
                        finish(doomed);
                    }
                    return doomed;
                });
    }

    /** Nothing is destroyed before that is on record. */
    private void finish(Doomed doomed) {
        if (recorded.add(doomed.key())) {
            record(doomed);
        }
        CrashPoint.DESTRUCTION_RECORDED.reached();
        for (Material material : doomed.materials()) {
            keyStore.destroy(material);
            CrashPoint.OBJECT_DESTROYED.reached();
        }
        store.bury(doomed.key(), clocks.now());
        CrashPoint.KEY_BURIED.reached();
        hide(doomed.key());
        log.info("{} is deleted, with {} objects", doomed.key(), doomed.materials().size());
    }

    private void record(Doomed doomed) {
        try {
            events.deleting(doomed.key(), doomed.materials().size());
        } catch (KmsFault e) {
            recorded.remove(doomed.key());
            throw e;
        }
    }

    private void hide(Arn key) {
        keyring.remove(key);
        aliases.forget(key);
        grants.forget(key);
    }
}
