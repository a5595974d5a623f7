package io.keyhold.operation.maintenance;

import io.keyhold.access.Authorized;
import io.keyhold.key.BackingKey;
import io.keyhold.key.Bytes16;
import io.keyhold.key.KeyRecord;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.AdoptKeyMaterialRequest;
import io.keyhold.v1.AdoptKeyMaterialResponse;
import java.util.HexFormat;
import java.util.UUID;

/** Takes an object in whose row was lost. */
final class AdoptKeyMaterial
        implements Operation<AdoptKeyMaterialRequest, AdoptKeyMaterialResponse> {

    private final Lifecycle lifecycle;

    AdoptKeyMaterial(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public Effect<AdoptKeyMaterialResponse> prepare(
            Authorized<AdoptKeyMaterialRequest> authorized) {
        UUID object = Bytes16.parse(HexFormat.of().parseHex(authorized.request().getObjectId()));
        return Effect.slow(() -> answer(lifecycle.adopt(object), object));
    }

    private static AdoptKeyMaterialResponse answer(KeyRecord key, UUID object) {
        String material =
                key.backingKeys().stream()
                        .filter(backing -> backing.ckaId().equals(object))
                        .map(BackingKey::keyMaterialId)
                        .findFirst()
                        .orElseThrow();
        return AdoptKeyMaterialResponse.newBuilder()
                .setKeyId(key.arn().toString())
                .setKeyMaterialId(material)
                .build();
    }
}
