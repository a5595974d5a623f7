package io.keyhold.operation.materials;

import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.v1.DisableKeyRotationRequest;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.GetKeyLastUsageRequest;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import java.util.List;

/** The rows of this room. */
public final class MaterialVerbs {

    private MaterialVerbs() {}

    public static List<Verb<?, ?>> rows(Lifecycle lifecycle) {
        return List.of(
                Verb.ofKey(
                        "RotateKeyOnDemand",
                        RotateKeyOnDemandRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        RotateKeyOnDemandRequest::getKeyId,
                        new RotateKeyOnDemand(lifecycle)),
                Verb.ofKey(
                        "GetKeyRotationStatus",
                        GetKeyRotationStatusRequest.getDefaultInstance(),
                        AuditClass.READ,
                        GetKeyRotationStatusRequest::getKeyId,
                        new GetKeyRotationStatus(lifecycle)),
                Verb.ofKey(
                        "EnableKeyRotation",
                        EnableKeyRotationRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        EnableKeyRotationRequest::getKeyId,
                        new EnableKeyRotation(lifecycle)),
                Verb.ofKey(
                        "DisableKeyRotation",
                        DisableKeyRotationRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        DisableKeyRotationRequest::getKeyId,
                        new DisableKeyRotation(lifecycle)),
                Verb.ofKey(
                        "GetKeyLastUsage",
                        GetKeyLastUsageRequest.getDefaultInstance(),
                        AuditClass.READ,
                        GetKeyLastUsageRequest::getKeyId,
                        new GetKeyLastUsage(lifecycle)),
                Verb.ofKey(
                        ListKeyRotations.NAME,
                        ListKeyRotationsRequest.getDefaultInstance(),
                        AuditClass.READ,
                        ListKeyRotationsRequest::getKeyId,
                        new ListKeyRotations(lifecycle.usage())));
    }
}
