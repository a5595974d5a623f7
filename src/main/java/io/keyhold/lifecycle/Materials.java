package io.keyhold.lifecycle;

import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Bytes16;
import io.keyhold.key.Canary;
import io.keyhold.key.FaultName;
import io.keyhold.key.ImportTerms;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.RotationType;
import io.keyhold.key.Sha256;
import io.keyhold.keyring.Keyring;
import io.keyhold.store.MetadataStore;
import io.keyhold.token.KeyStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The second half of every procedure that makes material: the row is there as CREATING; now the
 * object, its read-back and canary, then the row becomes active and current in one transaction.
 */
final class Materials {

    private static final byte[] ID_DOMAIN = ascii("keyhold key material ID 1");
    private static final byte[] IMPORTED_DOMAIN = ascii("keyhold imported key material ID 1");

    private final MetadataStore store;
    private final KeyStore keyStore;
    private final Keyring keyring;
    private final EncryptionCounts counts;
    private final LifeEvents events;
    private final Clocks clocks;
    private final SecureRandom random = new SecureRandom();

    Materials(
            MetadataStore store,
            KeyStore keyStore,
            Keyring keyring,
            EncryptionCounts counts,
            LifeEvents events,
            Clocks clocks) {
        this.store = store;
        this.keyStore = keyStore;
        this.keyring = keyring;
        this.counts = counts;
        this.events = events;
        this.clocks = clocks;
    }

    /** A new backing key's row, not written yet. */
    BackingKey draft(KeyId key, int generation, @Nullable RotationType rotation) {
        UUID id = random16();
        return new BackingKey(
                id,
                generation,
                random16(),
                keyStore.tokenForNewMaterial(),
                BackingKeyState.CREATING,
                null,
                rotation,
                clocks.now(),
                keyMaterialId(key, id),
                Optional.empty());
    }

    /**
     * Makes the object of a row that was just written. If the token cannot say whether it made one,
     * the row stays for {@link Reconciliation}.
     */
    KeyRecord complete(KeyRecord key, BackingKey backing) {
        CrashPoint.MATERIAL_BEGUN.reached();
        Canary canary = generate(key, backing);
        CrashPoint.MATERIAL_GENERATED.reached();
        KeyRecord now = activate(key, backing, canary, EncryptionCounts.FIRST);
        counts.begin(backing);
        return now;
    }

    /** A token that cannot do so has certainly made nothing. */
    private Canary generate(KeyRecord key, BackingKey backing) {
        try {
            return keyStore.generate(key.material(backing));
        } catch (KmsFault e) {
            if (e.name() == FaultName.UnsupportedOperationException) {
                store.discard(key.arn(), backing.id());
            }
            throw e;
        }
    }

    /**
     * Makes a row active that was found begun. In a copy of the metadata its material may have been
     * in use, so that no encryptions come with it: its count decides whether there are any.
     */
    KeyRecord finish(KeyRecord key, BackingKey backing, Canary canary) {
        if (backing.rotation() == null) {
            events.creating(key.arn(), backing);
        }
        return activate(key, backing, canary, 0);
    }

    /** The object is known to be good; shows the key as it is now. */
    private KeyRecord activate(KeyRecord key, BackingKey backing, Canary canary, long encryptions) {
        RotationType rotation = backing.rotation();
        if (rotation != null) {
            events.rotating(key, backing, rotation);
        }
        KeyRecord now =
                store.activate(
                        key.arn(),
                        backing.id(),
                        canary,
                        encryptions,
                        rotation == RotationType.AUTOMATIC
                                ? key.schedule().rotated(clocks.now())
                                : key.schedule());
        CrashPoint.MATERIAL_ACTIVATED.reached();
        keyring.publish(now);
        return now;
    }

    private UUID random16() {
        byte[] bytes = new byte[Bytes16.LENGTH];
        random.nextBytes(bytes);
        return Bytes16.parse(bytes);
    }

    /** A row of material that is to be imported: it is named by itself. */
    BackingKey importDraft(String keyMaterialId, int generation, String token, ImportTerms terms) {
        return new BackingKey(
                Bytes16.parse(
                        Arrays.copyOf(HexFormat.of().parseHex(keyMaterialId), Bytes16.LENGTH)),
                generation,
                random16(),
                token,
                BackingKeyState.CREATING,
                null,
                null,
                clocks.now(),
                keyMaterialId,
                Optional.of(terms));
    }

    /** Says nothing about the material: it is made of its names. */
    static String keyMaterialId(KeyId key, UUID backingId) {
        return Sha256.hex(ID_DOMAIN, Bytes16.of(key.value()), Bytes16.of(backingId));
    }

    /**
     * Of material that came from outside: the same whenever the same comes into the same key.
     *
     * @param identity what {@link KeyStore#identify} answered
     */
    static String importedId(KeyId key, byte[] identity) {
        return Sha256.hex(IMPORTED_DOMAIN, Bytes16.of(key.value()), identity);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
