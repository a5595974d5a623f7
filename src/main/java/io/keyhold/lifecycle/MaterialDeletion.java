package io.keyhold.lifecycle;

import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Keyring;
import io.keyhold.store.MetadataStore;
import io.keyhold.token.KeyStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of imported material, asked for or at its time. Its row stays and waits for the same
 * material, unless that never encrypted: then nothing is left of it.
 */
final class MaterialDeletion {

    private static final Logger log = LoggerFactory.getLogger(MaterialDeletion.class);

    private final MetadataStore store;
    private final KeyStore keyStore;
    private final Keyring keyring;
    private final LifeEvents events;
    private final Clocks clocks;

    MaterialDeletion(
            MetadataStore store,
            KeyStore keyStore,
            Keyring keyring,
            LifeEvents events,
            Clocks clocks) {
        this.store = store;
        this.keyStore = keyStore;
        this.keyring = keyring;
        this.events = events;
        this.clocks = clocks;
    }

    /** Deletes material for a caller; that it is not there any more is no fault. */
    Optional<BackingKey> delete(Arn key, Optional<String> keyMaterialId) {
        return keyring.locked(
                key,
                now -> {
                    now.require(StateRule.MATERIAL_DELETION);
                    Optional<BackingKey> target = target(now, keyMaterialId);
                    target.ifPresent(backing -> end(begin(now, backing), backing));
                    return target;
                });
    }

    private static Optional<BackingKey> target(KeyRecord key, Optional<String> keyMaterialId) {
        if (keyMaterialId.isEmpty()) {
            return key.backingKeys().stream().filter(key::isCurrent).findFirst();
        }
        return Optional.of(
                key.ofKeyMaterial(keyMaterialId.get())
                        .orElseThrow(
                                () ->
                                        KmsFault.of(
                                                FaultName.NotFoundException,
                                                "Key material (id: %s) does not belong to %s.",
                                                keyMaterialId.get(),
                                                key.arn())));
    }

    /** From here on the key does not use it. */
    private KeyRecord begin(KeyRecord key, BackingKey backing) {
        if (!backing.isInToken()) {
            return key;
        }
        KeyRecord now = store.beginMaterialDeletion(key.arn(), backing.id());
        keyring.publish(now);
        CrashPoint.DESTRUCTION_BEGUN.reached();
        return now;
    }

    private void end(KeyRecord key, BackingKey before) {
        BackingKey backing = key.backingKey(before.id()).orElseThrow();
        if (backing.state() != BackingKeyState.DESTROYING) {
            return;
        }
        keyStore.destroy(key.material(backing));
        CrashPoint.OBJECT_DESTROYED.reached();
        boolean keep = !key.isPending(backing);
        keyring.publish(store.endMaterialDeletion(key.arn(), backing.id(), keep));
        log.info("imported material {} of {} is deleted", backing.keyMaterialId(), key.arn());
    }

    /**
     * Deletes what has expired. By a clock that is not to be believed yet it is not used any more,
     * and not destroyed: it comes back if the clock is set right.
     */
    void allExpired(boolean clockIsTrusted) {
        Instant now = clocks.now();
        forEach(
                each -> each.expires().isPresent(),
                (key, backing) -> {
                    boolean over = !backing.expires().orElseThrow().isAfter(now);
                    if (over && clockIsTrusted) {
                        events.expiring(key.arn(), backing);
                        end(begin(key, backing), backing);
                    } else if (over == backing.isPresent()) {
                        keyring.publish(store.setExpired(key.arn(), backing.id(), over));
                    }
                });
    }

    /** Finishes what has begun, here or before a crash. */
    void finishAll() {
        forEach(each -> each.state() == BackingKeyState.DESTROYING, this::end);
    }

    /** One that fails does not keep the others from their turn. */
    private void forEach(Predicate<BackingKey> which, BiConsumer<KeyRecord, BackingKey> step) {
        List<Arn> concerned =
                keyring.all()
                        .filter(key -> key.backingKeys().stream().anyMatch(which))
                        .map(KeyRecord::arn)
                        .toList();
        for (Arn key : concerned) {
            try {
                keyring.locked(key, now -> each(now, which, step));
            } catch (KmsFault e) {
                log.warn("imported material of {} is dealt with later: {}", key, e.text());
            } catch (RuntimeException e) {
                log.error("imported material of {} cannot be dealt with", key, e);
            }
        }
    }

    private KeyRecord each(
            KeyRecord key, Predicate<BackingKey> which, BiConsumer<KeyRecord, BackingKey> step) {
        for (BackingKey backing : key.backingKeys()) {
            if (which.test(backing)) {
                step.accept(keyring.get(key.arn()), backing);
            }
        }
        return key;
    }
}
