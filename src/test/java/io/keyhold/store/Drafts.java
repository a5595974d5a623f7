package io.keyhold.store;

import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Canary;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.GrantOperation;
import io.keyhold.key.GrantTerms;
import io.keyhold.key.ImportTerms;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyState;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Principal;
import io.keyhold.key.RotationType;
import io.keyhold.key.Schedule;
import io.keyhold.key.Tags;
import io.keyhold.policy.DefaultKeyPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows as they are before their material is made, and what becomes of them. */
public final class Drafts {

    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");

    private Drafts() {}

    public static KeyRecord key(String description) {
        return key(KeyId.random(), description);
    }

    public static KeyRecord key(KeyId id, String description) {
        return key(
                id, description, new KeyPolicy(DefaultKeyPolicy.document("aws", "123456789012")));
    }

    public static KeyRecord key(KeyId id, String description, KeyPolicy policy) {
        BackingKey first = backing(1, null);
        return new KeyRecord(
                id,
                Arn.key("aws", "us-east-1", "123456789012", id),
                KeySpec.SYMMETRIC_DEFAULT,
                KeyUsage.ENCRYPT_DECRYPT,
                KeyOrigin.AWS_KMS,
                KeyManager.CUSTOMER,
                KeyState.Enabled,
                description,
                policy,
                new Tags(new TreeMap<>(Map.of("Purpose", "Test", "Empty", ""))),
                CREATED,
                Schedule.NONE,
                0,
                first.id(),
                List.of(first));
    }

    /** Material that is being created. */
    public static BackingKey backing(int generation, @Nullable RotationType rotation) {
        return new BackingKey(
                UUID.randomUUID(),
                generation,
                UUID.randomUUID(),
                "serial",
                BackingKeyState.CREATING,
                null,
                rotation,
                CREATED.plusSeconds(generation),
                "ab".repeat(32),
                Optional.empty());
    }

    /** A key whose material is to be imported. */
    public static KeyRecord external() {
        KeyRecord draft = key("external");
        return new KeyRecord(
                draft.id(),
                draft.arn(),
                draft.spec(),
                draft.usage(),
                KeyOrigin.EXTERNAL,
                draft.manager(),
                draft.state(),
                draft.description(),
                draft.policy(),
                draft.tags(),
                draft.createdAt(),
                draft.schedule(),
                draft.version(),
                null,
                List.of());
    }

    /** Material that is being imported. */
    public static BackingKey imported(int generation) {
        BackingKey made = backing(generation, null);
        return new BackingKey(
                made.id(),
                made.generation(),
                made.ckaId(),
                made.token(),
                made.state(),
                made.canary(),
                made.rotation(),
                made.createdAt(),
                made.keyMaterialId(),
                Optional.of(new ImportTerms("", Optional.empty())));
    }

    /** To a user, with a retiring service. */
    public static Grant grant(Arn key, String name, GrantConstraints constraints) {
        Arn root = Arn.root("aws", "123456789012");
        return Grant.of(
                key,
                CREATED,
                new GrantTerms(
                        name,
                        new BoundPrincipal(
                                new Principal.OfAccount(
                                        Arn.parse("arn:aws:iam::123456789012:user/a/b")
                                                .orElseThrow()),
                                "AIDA1"),
                        Optional.of(
                                new BoundPrincipal(new Principal.Service("s3.amazonaws.com"), "")),
                        Set.of(GrantOperation.Decrypt, GrantOperation.Encrypt),
                        constraints,
                        root));
    }

    public static BackingKey withCkaId(BackingKey backing, UUID ckaId) {
        return new BackingKey(
                backing.id(),
                backing.generation(),
                ckaId,
                backing.token(),
                backing.state(),
                backing.canary(),
                backing.rotation(),
                backing.createdAt(),
                backing.keyMaterialId(),
                backing.imported());
    }

    /** The same material, made. */
    static BackingKey active(BackingKey backing, Canary canary) {
        return new BackingKey(
                backing.id(),
                backing.generation(),
                backing.ckaId(),
                backing.token(),
                BackingKeyState.ACTIVE,
                canary,
                backing.rotation(),
                backing.createdAt(),
                backing.keyMaterialId(),
                backing.imported());
    }

    static KeyRecord active(KeyRecord draft, long version, BackingKey first, Canary canary) {
        return copy(draft, version, active(first, canary));
    }

    /** The same key with other material alone. */
    static KeyRecord with(KeyRecord key, BackingKey only) {
        return copy(key, key.version(), only);
    }

    private static KeyRecord copy(KeyRecord key, long version, BackingKey only) {
        return new KeyRecord(
                key.id(),
                key.arn(),
                key.spec(),
                key.usage(),
                key.origin(),
                key.manager(),
                key.state(),
                key.description(),
                key.policy(),
                key.tags(),
                key.createdAt(),
                key.schedule(),
                version,
                only.id(),
                List.of(only));
    }
}
