package io.keyhold.operation.maintenance;

import com.google.protobuf.Message;
import io.keyhold.access.Need;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.v1.AdoptKeyMaterialRequest;
import io.keyhold.v1.ReconcileRequest;
import java.util.List;

/** The rows of this room: all for the operator alone. */
public final class MaintenanceVerbs {

    private static final String KEYHOLD = "keyhold";

    private MaintenanceVerbs() {}

    public static List<Verb<?, ?>> rows(Lifecycle lifecycle) {
        return List.of(
                row("Reconcile", ReconcileRequest.getDefaultInstance(), new Reconcile(lifecycle)),
                row(
                        "AdoptKeyMaterial",
                        AdoptKeyMaterialRequest.getDefaultInstance(),
                        new AdoptKeyMaterial(lifecycle)));
    }

    private static <Q extends Message, R extends Message> Verb<Q, R> row(
            String name, Q prototype, Operation<Q, R> operation) {
        List<Need> needs = List.of(new Need(KEYHOLD + ":" + name, new Need.Daemon()));
        return new Verb<>(KEYHOLD, name, prototype, AuditClass.WRITE, q -> needs, operation);
    }
}
