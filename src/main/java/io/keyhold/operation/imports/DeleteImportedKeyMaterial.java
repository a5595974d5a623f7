package io.keyhold.operation.imports;

import io.keyhold.access.Authorized;
import io.keyhold.key.BackingKey;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.StateRule;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.DeleteImportedKeyMaterialRequest;
import io.keyhold.v1.DeleteImportedKeyMaterialResponse;
import java.util.Optional;

/** Deletes imported material. */
final class DeleteImportedKeyMaterial
        implements Operation<DeleteImportedKeyMaterialRequest, DeleteImportedKeyMaterialResponse> {

    private final Lifecycle lifecycle;

    DeleteImportedKeyMaterial(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public Effect<DeleteImportedKeyMaterialResponse> prepare(
            Authorized<DeleteImportedKeyMaterialRequest> authorized) {
        KeyRecord key = authorized.key();
        Importable.require(key);
        key.require(StateRule.MATERIAL_DELETION);
        return Effect.slow(() -> answer(key, authorized.request()));
    }

    private DeleteImportedKeyMaterialResponse answer(
            KeyRecord key, DeleteImportedKeyMaterialRequest request) {
        Optional<String> asked =
                request.hasKeyMaterialId()
                        ? Optional.of(request.getKeyMaterialId())
                        : Optional.empty();
        Optional<BackingKey> deleted = lifecycle.deleteMaterial(key.arn(), asked);
        DeleteImportedKeyMaterialResponse.Builder answer =
                DeleteImportedKeyMaterialResponse.newBuilder().setKeyId(key.arn().toString());
        if (key.spec() == KeySpec.SYMMETRIC_DEFAULT) {
            deleted.map(BackingKey::keyMaterialId).ifPresent(answer::setKeyMaterialId);
        }
        return answer.build();
    }
}
