package io.keyhold.operation.keys;

import io.keyhold.access.Authorized;
import io.keyhold.access.Need;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Tags;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.lifecycle.NewKey;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.NewKeyPolicy;
import io.keyhold.operation.Operation;
import io.keyhold.operation.TagList;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.CustomerMasterKeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.OriginType;
import java.util.List;
import java.util.Optional;

/** Creates a customer managed key. */
final class CreateKey implements Operation<CreateKeyRequest, CreateKeyResponse> {

    private final Lifecycle lifecycle;
    private final KeyStore keyStore;
    private final NewKeyPolicy newPolicy;

    CreateKey(Lifecycle lifecycle, KeyStore keyStore, NewKeyPolicy newPolicy) {
        this.lifecycle = lifecycle;
        this.keyStore = keyStore;
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
        KeyOrigin origin = origin(request.getOrigin());
        KeySpec spec = spec(request);
        KeyUsage usage = usage(request.getKeyUsage(), spec);
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
        return new Effect<>(
                false,
                () -> {
                    KeyRecord key =
                            lifecycle.createKey(
                                    new NewKey(
                                            arn,
                                            spec,
                                            usage,
                                            origin,
                                            KeyManager.CUSTOMER,
                                            request.getDescription(),
                                            policy,
                                            tags));
                    return Answer.made(
                            key.arn(),
                            CreateKeyResponse.newBuilder()
                                    .setKeyMetadata(Metadata.of(key, keyStore))
                                    .build());
                });
    }

    private static KeySpec spec(CreateKeyRequest request) {
        io.keyhold.v1.KeySpec.Value spec = request.getKeySpec();
        CustomerMasterKeySpec.Value oldName = request.getCustomerMasterKeySpec();
        boolean isNew = spec != io.keyhold.v1.KeySpec.Value.UNSPECIFIED;
        boolean isOld = oldName != CustomerMasterKeySpec.Value.UNSPECIFIED;
        if (isNew && isOld) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "You cannot specify KeySpec and CustomerMasterKeySpec in the same request."
                            + " CustomerMasterKeySpec is deprecated.");
        }
        if (!isNew && !isOld) {
            return KeySpec.SYMMETRIC_DEFAULT;
        }
        return KeySpec.valueOf(isOld ? oldName.name() : spec.name());
    }

    private static KeyOrigin origin(OriginType.Value asked) {
        return switch (asked) {
            case UNSPECIFIED, AWS_KMS -> KeyOrigin.AWS_KMS;
            case EXTERNAL -> KeyOrigin.EXTERNAL;
            default ->
                    throw KmsFault.of(
                            FaultName.UnsupportedOperationException,
                            "Origin %s is not supported yet; supported are AWS_KMS and EXTERNAL.",
                            asked);
        };
    }

    private static KeyUsage usage(KeyUsageType.Value asked, KeySpec spec) {
        if (asked == KeyUsageType.Value.UNSPECIFIED) {
            if (spec != KeySpec.SYMMETRIC_DEFAULT) {
                throw KmsFault.of(
                        FaultName.ValidationException,
                        "You must specify a KeyUsage value for all KMS keys except for symmetric"
                                + " encryption keys.");
            }
            return KeyUsage.ENCRYPT_DECRYPT;
        }
        KeyUsage usage = KeyUsage.valueOf(asked.name());
        if (!spec.allows(usage)) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "KeyUsage %s is not compatible with KeySpec %s",
                    usage,
                    spec);
        }
        return usage;
    }
}
