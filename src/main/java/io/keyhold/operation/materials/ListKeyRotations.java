package io.keyhold.operation.materials;

import io.keyhold.access.Authorized;
import io.keyhold.key.BackingKey;
import io.keyhold.key.FaultName;
import io.keyhold.key.ImportTerms;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.MaterialUse;
import io.keyhold.lifecycle.Usage;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Page;
import io.keyhold.operation.Timestamps;
import io.keyhold.v1.ExpirationModelType;
import io.keyhold.v1.ImportState;
import io.keyhold.v1.IncludeKeyMaterial;
import io.keyhold.v1.KeyMaterialState;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeyRotationsResponse;
import io.keyhold.v1.RotationType;
import io.keyhold.v1.RotationsListEntry;
import java.util.List;

/** Lists the rotations of a key, or all its materials, oldest first. */
final class ListKeyRotations
        implements Operation<ListKeyRotationsRequest, ListKeyRotationsResponse> {

    static final String NAME = "ListKeyRotations";
    private static final int USUAL_LIMIT = 100;

    private final Usage usage;

    ListKeyRotations(Usage usage) {
        this.usage = usage;
    }

    @Override
    public Effect<ListKeyRotationsResponse> prepare(
            Authorized<ListKeyRotationsRequest> authorized) {
        ListKeyRotationsRequest request = authorized.request();
        KeyRecord key = authorized.key();
        int after = request.hasMarker() ? generation(key, request.getMarker()) : 0;
        int limit = request.hasLimit() ? request.getLimit() : USUAL_LIMIT;
        boolean all = request.getIncludeKeyMaterial() == IncludeKeyMaterial.Value.ALL_KEY_MATERIAL;
        return Effect.of(() -> answer(key, after, limit, all));
    }

    private ListKeyRotationsResponse answer(KeyRecord key, int after, int limit, boolean all) {
        List<BackingKey> wanted =
                key.backingKeys().stream()
                        .filter(backing -> backing.generation() > after)
                        .filter(backing -> all || backing.rotation() != null)
                        .limit(limit + 1L)
                        .toList();
        Page<BackingKey> page =
                Page.of(
                        wanted,
                        limit,
                        backing -> Page.marker(NAME, key.id() + "/" + backing.generation()));
        ListKeyRotationsResponse.Builder response =
                ListKeyRotationsResponse.newBuilder().setTruncated(page.marker().isPresent());
        page.marker().ifPresent(response::setNextMarker);
        page.elements().forEach(backing -> response.addRotations(entry(key, backing, all)));
        return response.build();
    }

    private RotationsListEntry entry(KeyRecord key, BackingKey backing, boolean all) {
        RotationsListEntry.Builder entry =
                RotationsListEntry.newBuilder()
                        .setKeyId(key.id().toString())
                        .setKeyMaterialId(backing.keyMaterialId());
        MaterialUse use = usage.of(backing);
        entry.setDecryptionCount(use.decryptions());
        use.lastEncryption().ifPresent(at -> entry.setLastEncryptionDate(Timestamps.of(at)));
        use.lastDecryption().ifPresent(at -> entry.setLastDecryptionDate(Timestamps.of(at)));
        if (all) {
            entry.setKeyMaterialState(state(key, backing));
        }
        if (backing.rotation() != null) {
            entry.setRotationDate(Timestamps.of(backing.createdAt()))
                    .setRotationType(RotationType.Value.valueOf(backing.rotation().name()));
        }
        backing.imported().ifPresent(terms -> addTerms(entry, backing, terms));
        return entry.build();
    }

    private static KeyMaterialState.Value state(KeyRecord key, BackingKey backing) {
        if (key.isCurrent(backing)) {
            return KeyMaterialState.Value.CURRENT;
        }
        return key.isPending(backing)
                ? KeyMaterialState.Value.PENDING_ROTATION
                : KeyMaterialState.Value.NON_CURRENT;
    }

    private static void addTerms(
            RotationsListEntry.Builder entry, BackingKey backing, ImportTerms terms) {
        if (!terms.description().isEmpty()) {
            entry.setKeyMaterialDescription(terms.description());
        }
        entry.setImportState(
                backing.isPresent()
                        ? ImportState.Value.IMPORTED
                        : ImportState.Value.PENDING_IMPORT);
        if (backing.isPresent()) {
            entry.setExpirationModel(
                    terms.validTo().isPresent()
                            ? ExpirationModelType.Value.KEY_MATERIAL_EXPIRES
                            : ExpirationModelType.Value.KEY_MATERIAL_DOES_NOT_EXPIRE);
            terms.validTo().ifPresent(time -> entry.setValidTo(Timestamps.of(time)));
        }
    }

    private static int generation(KeyRecord key, String marker) {
        String last = Page.last(NAME, marker);
        String prefix = key.id() + "/";
        try {
            if (last.startsWith(prefix)) {
                return Integer.parseInt(last.substring(prefix.length()));
            }
        } catch (NumberFormatException e) {
            // Forged: the caller is told what any other foreign marker is told.
        }
        throw KmsFault.of(
                FaultName.InvalidMarkerException, "Marker is not one of this key's rotations.");
    }
}
