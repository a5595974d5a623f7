package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Canary;
import io.keyhold.key.ImportTerms;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Material;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A key's ID with one backing key of it. */
record TestKey(Material material) {

    /** A row that is written before its object is made. */
    static TestKey draft(KeyStore store) {
        return draft(store, UUID.randomUUID(), 1);
    }

    static TestKey draft(KeyStore store, UUID ckaId, int generation) {
        return draft(store, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, ckaId, generation);
    }

    static TestKey draft(KeyStore store, KeySpec spec, KeyUsage usage) {
        return draft(store, spec, usage, UUID.randomUUID(), 1);
    }

    private static TestKey draft(
            KeyStore store, KeySpec spec, KeyUsage usage, UUID ckaId, int generation) {
        return new TestKey(
                new Material(
                        KeyId.random(),
                        spec,
                        usage,
                        new BackingKey(
                                UUID.randomUUID(),
                                generation,
                                ckaId,
                                store.tokenForNewMaterial(),
                                BackingKeyState.CREATING,
                                null,
                                null,
                                Instant.EPOCH,
                                "0".repeat(64),
                                Optional.empty())));
    }

    /** A key with its object. */
    static TestKey make(KeyStore store) {
        return draft(store).made(store);
    }

    /** The same, with its object. */
    TestKey made(KeyStore store) {
        return with(store.generate(material));
    }

    /** CKA_LABEL of its object. */
    String label() {
        return String.join(
                "/",
                "keyhold",
                id().toString(),
                String.valueOf(backing().generation()),
                backing().id().toString());
    }

    /** The same as a row that is active. */
    TestKey with(Canary canary) {
        BackingKey backing = backing();
        return new TestKey(
                new Material(
                        material.key(),
                        material.spec(),
                        material.usage(),
                        new BackingKey(
                                backing.id(),
                                backing.generation(),
                                backing.ckaId(),
                                backing.token(),
                                BackingKeyState.ACTIVE,
                                canary,
                                backing.rotation(),
                                backing.createdAt(),
                                backing.keyMaterialId(),
                                backing.imported())));
    }

    /** The same as a row of imported material. */
    TestKey asImported() {
        BackingKey backing = backing();
        return new TestKey(
                new Material(
                        material.key(),
                        material.spec(),
                        material.usage(),
                        new BackingKey(
                                backing.id(),
                                backing.generation(),
                                backing.ckaId(),
                                backing.token(),
                                backing.state(),
                                backing.canary(),
                                backing.rotation(),
                                backing.createdAt(),
                                backing.keyMaterialId(),
                                Optional.of(new ImportTerms("", Optional.empty())))));
    }

    KeyId id() {
        return material.key();
    }

    BackingKey backing() {
        return material.backing();
    }

    Sealed encrypt(KeyStore store, byte[] aad, byte[] plaintext) {
        return store.encrypt(material(), aad, plaintext);
    }

    byte[] decrypt(KeyStore store, byte[] aad, Sealed sealed) {
        return store.decrypt(material(), aad, sealed);
    }

    /** Encrypts and decrypts. */
    void roundTrip(KeyStore store, byte[] plaintext) {
        byte[] aad = {1, 2, 3};
        assertThat(decrypt(store, aad, encrypt(store, aad, plaintext))).isEqualTo(plaintext);
    }
}
