package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Canary;
import io.keyhold.key.KeyId;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import java.time.Instant;
import java.util.UUID;

/** A key's ID with one backing key of it. */
record TestKey(KeyId id, BackingKey backing) {

    /** A row that is written before its object is made. */
    static TestKey draft(KeyStore store) {
        return draft(store, UUID.randomUUID(), 1);
    }

    static TestKey draft(KeyStore store, UUID ckaId, int generation) {
        return new TestKey(
                KeyId.random(),
                new BackingKey(
                        UUID.randomUUID(),
                        generation,
                        ckaId,
                        store.tokenForNewMaterial(),
                        BackingKeyState.CREATING,
                        null,
                        null,
                        Instant.EPOCH,
                        "0".repeat(64)));
    }

    /** A key with its object. */
    static TestKey make(KeyStore store) {
        TestKey draft = draft(store);
        return draft.with(store.generate(draft.id, draft.backing));
    }

    /** CKA_LABEL of its object. */
    String label() {
        return String.join(
                "/",
                "keyhold",
                id.toString(),
                String.valueOf(backing.generation()),
                backing.id().toString());
    }

    /** The same as a row that is active. */
    TestKey with(Canary canary) {
        return new TestKey(
                id,
                new BackingKey(
                        backing.id(),
                        backing.generation(),
                        backing.ckaId(),
                        backing.token(),
                        BackingKeyState.ACTIVE,
                        canary,
                        backing.rotation(),
                        backing.createdAt(),
                        backing.keyMaterialId()));
    }

    Sealed encrypt(KeyStore store, byte[] aad, byte[] plaintext) {
        return store.encrypt(id, backing, aad, plaintext);
    }

    byte[] decrypt(KeyStore store, byte[] aad, Sealed sealed) {
        return store.decrypt(id, backing, aad, sealed);
    }

    /** Encrypts and decrypts. */
    void roundTrip(KeyStore store, byte[] plaintext) {
        byte[] aad = {1, 2, 3};
        assertThat(decrypt(store, aad, encrypt(store, aad, plaintext))).isEqualTo(plaintext);
    }
}
