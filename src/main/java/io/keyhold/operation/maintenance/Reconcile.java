package io.keyhold.operation.maintenance;

import io.keyhold.access.Authorized;
import io.keyhold.key.Bytes16;
import io.keyhold.lifecycle.Finding;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.FindingType;
import io.keyhold.v1.ReconcileRequest;
import io.keyhold.v1.ReconcileResponse;
import java.util.HexFormat;

/** Compares token and store, and mends what can be mended. */
final class Reconcile implements Operation<ReconcileRequest, ReconcileResponse> {

    private final Lifecycle lifecycle;

    Reconcile(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public Effect<ReconcileResponse> prepare(Authorized<ReconcileRequest> authorized) {
        return Effect.slow(
                () -> {
                    ReconcileResponse.Builder answer = ReconcileResponse.newBuilder();
                    lifecycle.findings().forEach(found -> answer.addFindings(shape(found)));
                    return answer.build();
                });
    }

    private static io.keyhold.v1.Finding shape(Finding found) {
        io.keyhold.v1.Finding.Builder shape =
                io.keyhold.v1.Finding.newBuilder()
                        .setType(FindingType.Value.valueOf(found.kind().name()))
                        .setToken(found.token())
                        .setLabel(found.label())
                        .setDetail(found.detail());
        found.object().ifPresent(id -> shape.setObjectId(HexFormat.of().formatHex(Bytes16.of(id))));
        return shape.build();
    }
}
