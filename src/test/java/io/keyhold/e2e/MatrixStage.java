package io.keyhold.e2e;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.CancelKeyDeletionRequest;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateGrantResponse;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DeleteAliasRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.DisableKeyRotationRequest;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.GetKeyLastUsageRequest;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListGrantsRequest;
import io.keyhold.v1.ListKeyPoliciesRequest;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListResourceTagsRequest;
import io.keyhold.v1.ListRetirableGrantsRequest;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.RetireGrantRequest;
import io.keyhold.v1.RevokeGrantRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import io.keyhold.v1.Tag;
import io.keyhold.v1.TagResourceRequest;
import io.keyhold.v1.UntagResourceRequest;
import io.keyhold.v1.UpdateAliasRequest;
import io.keyhold.v1.UpdateKeyDescriptionRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A key with all that a verb can be about, and a good request for each verb.
 *
 * @param alias of the key
 * @param blob a ciphertext of the key
 * @param grant to {@link #GRANTEE}, for all that a grant can allow there
 */
record MatrixStage(String key, String alias, ByteString blob, CreateGrantResponse grant) {

    static final String ACCOUNT = "111122223333";
    static final String ROOT = "arn:aws:iam::111122223333:root";
    static final String GRANTEE = "arn:aws:iam::111122223333:user/grantee";

    private static final ByteString PLAINTEXT = ByteString.copyFromUtf8("matrix");

    /** What a grant for a symmetric key can allow. */
    static final List<GrantOperation.Value> OPERATIONS =
            Stream.of(GrantOperation.Value.values())
                    .filter(o -> o != GrantOperation.Value.UNRECOGNIZED)
                    .filter(
                            o ->
                                    o.name().matches("(En|De)crypt|ReEncrypt.*|GenerateDataKey.*")
                                            || o.name().matches("CreateGrant|DescribeKey|Retire.*"))
                    .toList();

    /** A good request for each verb. */
    private static final Map<String, Function<MatrixStage, Message.Builder>> REQUESTS =
            Map.ofEntries(
                    verb("CreateKey", s -> CreateKeyRequest.newBuilder()),
                    verb("ListKeys", s -> ListKeysRequest.newBuilder()),
                    verb("ListAliases", s -> ListAliasesRequest.newBuilder()),
                    verb(
                            "GenerateRandom",
                            s -> GenerateRandomRequest.newBuilder().setNumberOfBytes(8)),
                    verb("DescribeKey", s -> DescribeKeyRequest.newBuilder().setKeyId(s.key)),
                    verb("EnableKey", s -> EnableKeyRequest.newBuilder().setKeyId(s.key)),
                    verb("DisableKey", s -> DisableKeyRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "ScheduleKeyDeletion",
                            s -> ScheduleKeyDeletionRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "CancelKeyDeletion",
                            s -> CancelKeyDeletionRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "EnableKeyRotation",
                            s -> EnableKeyRotationRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "DisableKeyRotation",
                            s -> DisableKeyRotationRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "GetKeyLastUsage",
                            s -> GetKeyLastUsageRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "UpdateKeyDescription",
                            s ->
                                    UpdateKeyDescriptionRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setDescription("new")),
                    verb(
                            "TagResource",
                            s ->
                                    TagResourceRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .addTags(
                                                    Tag.newBuilder()
                                                            .setTagKey("a")
                                                            .setTagValue("b"))),
                    verb(
                            "UntagResource",
                            s -> UntagResourceRequest.newBuilder().setKeyId(s.key).addTagKeys("a")),
                    verb(
                            "ListResourceTags",
                            s -> ListResourceTagsRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "PutKeyPolicy",
                            s ->
                                    PutKeyPolicyRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setBypassPolicyLockoutSafetyCheck(true)
                                            .setPolicy(policy("\"*\"", "Allow"))),
                    verb("GetKeyPolicy", s -> GetKeyPolicyRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "ListKeyPolicies",
                            s -> ListKeyPoliciesRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "CreateGrant",
                            s ->
                                    CreateGrantRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setGranteePrincipal(GRANTEE)
                                            .addOperations(GrantOperation.Value.DescribeKey)),
                    verb("ListGrants", s -> ListGrantsRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "ListRetirableGrants",
                            s ->
                                    ListRetirableGrantsRequest.newBuilder()
                                            .setRetiringPrincipal(ROOT)),
                    verb(
                            "RetireGrant",
                            s ->
                                    RetireGrantRequest.newBuilder()
                                            .setGrantToken(s.grant.getGrantToken())),
                    verb(
                            "RevokeGrant",
                            s ->
                                    RevokeGrantRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setGrantId(s.grant.getGrantId())),
                    verb(
                            "CreateAlias",
                            s ->
                                    CreateAliasRequest.newBuilder()
                                            .setAliasName(s.alias + "-new")
                                            .setTargetKeyId(s.key)),
                    verb(
                            "UpdateAlias",
                            s ->
                                    UpdateAliasRequest.newBuilder()
                                            .setAliasName(s.alias)
                                            .setTargetKeyId(s.key)),
                    verb("DeleteAlias", s -> DeleteAliasRequest.newBuilder().setAliasName(s.alias)),
                    verb(
                            "Encrypt",
                            s ->
                                    EncryptRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setPlaintext(PLAINTEXT)),
                    verb("Decrypt", s -> DecryptRequest.newBuilder().setCiphertextBlob(s.blob)),
                    verb(
                            "ReEncrypt",
                            s ->
                                    ReEncryptRequest.newBuilder()
                                            .setCiphertextBlob(s.blob)
                                            .setDestinationKeyId(s.key)),
                    verb(
                            "GenerateDataKey",
                            s ->
                                    GenerateDataKeyRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setNumberOfBytes(16)),
                    verb(
                            "GenerateDataKeyWithoutPlaintext",
                            s ->
                                    GenerateDataKeyWithoutPlaintextRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setNumberOfBytes(16)),
                    verb(
                            "RotateKeyOnDemand",
                            s -> RotateKeyOnDemandRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "GetKeyRotationStatus",
                            s -> GetKeyRotationStatusRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "ListKeyRotations",
                            s -> ListKeyRotationsRequest.newBuilder().setKeyId(s.key)));

    /** Sets one, through a client that acts as the account's root. */
    static MatrixStage set(Client operator, String name, String policy) {
        CreateKeyRequest create = CreateKeyRequest.newBuilder().setPolicy(policy).build();
        String key = operator.callAs(ROOT, Rpc.CREATE_KEY, create).getKeyMetadata().getArn();
        String alias = "alias/" + name;
        operator.callAs(
                ROOT,
                Rpc.CREATE_ALIAS,
                CreateAliasRequest.newBuilder().setAliasName(alias).setTargetKeyId(key).build());
        ByteString blob =
                operator.callAs(
                                ROOT,
                                Rpc.ENCRYPT,
                                EncryptRequest.newBuilder()
                                        .setKeyId(key)
                                        .setPlaintext(PLAINTEXT)
                                        .build())
                        .getCiphertextBlob();
        CreateGrantRequest grant =
                CreateGrantRequest.newBuilder()
                        .setKeyId(key)
                        .setGranteePrincipal(GRANTEE)
                        .addAllOperations(OPERATIONS)
                        .build();
        return new MatrixStage(key, alias, blob, operator.callAs(ROOT, Rpc.CREATE_GRANT, grant));
    }

    /** The verbs that there is a request for. */
    static List<String> verbs() {
        return REQUESTS.keySet().stream().sorted().toList();
    }

    Message.Builder request(String verb) {
        return REQUESTS.get(verb).apply(this);
    }

    /** The account's trust in itself, and one more statement about everything. */
    static String policy(String principal, String effect) {
        return """
        {"Version": "2012-10-17", "Statement": [
         {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:*", "Resource": "*"},
         {"Effect": "%s", "Principal": %s, "Action": "kms:*", "Resource": "*"}]}
        """
                .formatted(ROOT, effect, principal);
    }

    private static Map.Entry<String, Function<MatrixStage, Message.Builder>> verb(
            String name, Function<MatrixStage, Message.Builder> request) {
        return Map.entry(name, request);
    }
}
