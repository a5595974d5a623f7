package io.keyhold.operation.keys;

import io.keyhold.access.Authorized;
import io.keyhold.access.Need;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Tags;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.NewKeyPolicy;
import io.keyhold.operation.Operation;
import io.keyhold.operation.TagList;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.CustomerMasterKeySpec;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.OriginType;
import java.util.List;
import java.util.Optional;

/** Creates a customer managed symmetric encryption key. */
final class CreateKey implements Operation<CreateKeyRequest, CreateKeyResponse> {

    private final Lifecycle lifecycle;
    private final NewKeyPolicy newPolicy;

    CreateKey(Lifecycle lifecycle, NewKeyPolicy newPolicy) {
        this.lifecycle = lifecycle;
        this.newPolicy = newPolicy;
    }

    /** Whoever creates a tagged key must be allowed to tag. */
    static List<Need> needs(CreateKeyRequest request) {
        Need create = new Need("kms:CreateKey", new Need.Account());
        return request.getTagsCount() == 0
                ? List.of(create)
                : List.of(create, new Need("kms:TagResource", new Need.Account()));
    }

    @Override
    public Effect<CreateKeyResponse> prepare(Authorized<CreateKeyRequest> authorized) {
        CreateKeyRequest request = authorized.request();
        requireOrigin(request.getOrigin());
        requireUsage(request.getKeyUsage(), spec(request));
        Tags tags = Tags.NONE.with(TagList.parse(request.getTagsList()));
        Arn arn = lifecycle.newKeyArn(authorized.region(), authorized.caller().account());
        Optional<KeyPolicy> policy =
                request.hasPolicy()
                        ? Optional.of(
                                newPolicy.require(
                                        authorized,
                                        arn,
                                        request.getPolicy(),
                                        request.getBypassPolicyLockoutSafetyCheck()))
                        : Optional.empty();
        return Effect.slow(
                () -> {
                    KeyRecord key =
                            lifecycle.createKey(
                                    arn,
                                    KeyManager.CUSTOMER,
                                    request.getDescription(),
                                    policy,
                                    tags);
                    return CreateKeyResponse.newBuilder().setKeyMetadata(Metadata.of(key)).build();
                });
    }

    private static KeySpec.Value spec(CreateKeyRequest request) {
        KeySpec.Value spec = request.getKeySpec();
        CustomerMasterKeySpec.Value oldName = request.getCustomerMasterKeySpec();
        boolean both =
                spec != KeySpec.Value.UNSPECIFIED
                        && oldName != CustomerMasterKeySpec.Value.UNSPECIFIED;
        if (both) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "You cannot specify KeySpec and CustomerMasterKeySpec in the same request."
                            + " CustomerMasterKeySpec is deprecated.");
        }
        if (oldName != CustomerMasterKeySpec.Value.UNSPECIFIED) {
            return KeySpec.Value.valueOf(oldName.name());
        }
        return spec == KeySpec.Value.UNSPECIFIED ? KeySpec.Value.SYMMETRIC_DEFAULT : spec;
    }

    private static void requireOrigin(OriginType.Value origin) {
        if (origin != OriginType.Value.UNSPECIFIED && origin != OriginType.Value.AWS_KMS) {
            throw unsupported("Origin " + origin);
        }
    }

    private static void requireUsage(KeyUsageType.Value usage, KeySpec.Value spec) {
        if (spec != KeySpec.Value.SYMMETRIC_DEFAULT) {
            if (usage == KeyUsageType.Value.UNSPECIFIED) {
                throw KmsFault.of(
                        FaultName.ValidationException,
                        "You must specify a KeyUsage value for all KMS keys except for symmetric"
                                + " encryption keys.");
            }
            throw unsupported("KeySpec " + spec);
        }
        if (usage != KeyUsageType.Value.UNSPECIFIED
                && usage != KeyUsageType.Value.ENCRYPT_DECRYPT) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "KeyUsage %s is not compatible with KeySpec %s",
                    usage,
                    spec);
        }
    }

    private static KmsFault unsupported(String what) {
        return KmsFault.of(
                FaultName.UnsupportedOperationException,
                "%s is not supported yet; supported is KeySpec SYMMETRIC_DEFAULT with Origin"
                        + " AWS_KMS.",
                what);
    }
}
