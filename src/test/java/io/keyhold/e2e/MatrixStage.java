package io.keyhold.e2e;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.testkit.Wrapping;
import io.keyhold.v1.AlgorithmSpec;
import io.keyhold.v1.CancelKeyDeletionRequest;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateGrantResponse;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DataKeyPairSpec;
import io.keyhold.v1.DecapsulateRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DeleteAliasRequest;
import io.keyhold.v1.DeleteImportedKeyMaterialRequest;
import io.keyhold.v1.DeriveSharedSecretRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.DisableKeyRotationRequest;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.EncapsulateRequest;
import io.keyhold.v1.EncapsulationAlgorithmSpec;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.ExpirationModelType;
import io.keyhold.v1.GenerateDataKeyPairRequest;
import io.keyhold.v1.GenerateDataKeyPairWithoutPlaintextRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GenerateMacRequest;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.GetKeyLastUsageRequest;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetParametersForImportRequest;
import io.keyhold.v1.GetParametersForImportResponse;
import io.keyhold.v1.GetPublicKeyRequest;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.ImportKeyMaterialRequest;
import io.keyhold.v1.KeyAgreementAlgorithmSpec;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListGrantsRequest;
import io.keyhold.v1.ListKeyPoliciesRequest;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListResourceTagsRequest;
import io.keyhold.v1.ListRetirableGrantsRequest;
import io.keyhold.v1.MacAlgorithmSpec;
import io.keyhold.v1.OriginType;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.RetireGrantRequest;
import io.keyhold.v1.RevokeGrantRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import io.keyhold.v1.SignRequest;
import io.keyhold.v1.SigningAlgorithmSpec;
import io.keyhold.v1.Tag;
import io.keyhold.v1.TagResourceRequest;
import io.keyhold.v1.UntagResourceRequest;
import io.keyhold.v1.UpdateAliasRequest;
import io.keyhold.v1.UpdateKeyDescriptionRequest;
import io.keyhold.v1.VerifyMacRequest;
import io.keyhold.v1.VerifyRequest;
import io.keyhold.v1.WrappingKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A key with all that a verb can be about, and a good request for each verb.
 *
 * @param alias of the key
 * @param blob what the key has made: a ciphertext, a code, a signature or its own public half; or
 *     the request that imported its material
 * @param grant to {@link #GRANTEE}, for all that a grant can allow there
 */
record MatrixStage(String key, String alias, ByteString blob, CreateGrantResponse grant) {

    /** The kind of key that a verb is about. */
    private enum Kind {
        CIPHER(
                KeySpec.Value.SYMMETRIC_DEFAULT,
                KeyUsageType.Value.ENCRYPT_DECRYPT,
                "(En|De)crypt|ReEncrypt.*|GenerateDataKey.*"),
        MAC(
                KeySpec.Value.HMAC_256,
                KeyUsageType.Value.GENERATE_VERIFY_MAC,
                "GenerateMac|VerifyMac"),
        SIGNATURE(
                KeySpec.Value.ECC_NIST_P256,
                KeyUsageType.Value.SIGN_VERIFY,
                "Sign|Verify|GetPublicKey"),
        AGREEMENT(
                KeySpec.Value.ECC_NIST_P256,
                KeyUsageType.Value.KEY_AGREEMENT,
                "DeriveSharedSecret|GetPublicKey"),
        IMPORTED(KeySpec.Value.SYMMETRIC_DEFAULT, KeyUsageType.Value.ENCRYPT_DECRYPT, ".*Import.*");

        private final KeySpec.Value spec;
        private final KeyUsageType.Value usage;
        private final String operations;

        Kind(KeySpec.Value spec, KeyUsageType.Value usage, String operations) {
            this.spec = spec;
            this.usage = usage;
            this.operations = operations;
        }

        static Kind of(String verb) {
            return Stream.of(values())
                    .filter(kind -> verb.matches(kind.operations))
                    .findFirst()
                    .orElse(CIPHER);
        }
    }

    /** Verbs that no key can be made for: every key that there is has another usage. */
    static final Set<String> OF_NO_TOKEN = Set.of("Decapsulate", "Encapsulate");

    static final String ACCOUNT = "111122223333";
    static final String ROOT = "arn:aws:iam::111122223333:root";
    static final String GRANTEE = "arn:aws:iam::111122223333:user/grantee";

    private static final ByteString PLAINTEXT = ByteString.copyFromUtf8("matrix");

    /** What a grant can allow with a key that a verb is about. */
    static List<GrantOperation.Value> operations(String verb) {
        String all = Kind.of(verb).operations + "|CreateGrant|DescribeKey|Retire.*";
        return Stream.of(GrantOperation.Value.values())
                .filter(o -> o != GrantOperation.Value.UNRECOGNIZED)
                .filter(o -> o.name().matches(all))
                .toList();
    }

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
                            "GenerateDataKeyPair",
                            s ->
                                    GenerateDataKeyPairRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setKeyPairSpec(DataKeyPairSpec.Value.ECC_NIST_P256)),
                    verb(
                            "GenerateDataKeyPairWithoutPlaintext",
                            s ->
                                    GenerateDataKeyPairWithoutPlaintextRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setKeyPairSpec(DataKeyPairSpec.Value.ECC_NIST_P256)),
                    verb(
                            "GenerateMac",
                            s ->
                                    GenerateMacRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setMessage(PLAINTEXT)
                                            .setMacAlgorithm(MacAlgorithmSpec.Value.HMAC_SHA_256)),
                    verb(
                            "VerifyMac",
                            s ->
                                    VerifyMacRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setMessage(PLAINTEXT)
                                            .setMacAlgorithm(MacAlgorithmSpec.Value.HMAC_SHA_256)
                                            .setMac(s.blob)),
                    verb("Sign", s -> sign(s.key)),
                    verb(
                            "Verify",
                            s ->
                                    VerifyRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setMessage(PLAINTEXT)
                                            .setSigningAlgorithm(
                                                    SigningAlgorithmSpec.Value.ECDSA_SHA_256)
                                            .setSignature(s.blob)),
                    verb(
                            "DeriveSharedSecret",
                            s ->
                                    DeriveSharedSecretRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setKeyAgreementAlgorithm(
                                                    KeyAgreementAlgorithmSpec.Value.ECDH)
                                            .setPublicKey(s.blob)),
                    verb(
                            "Encapsulate",
                            s ->
                                    EncapsulateRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setEncapsulationAlgorithm(
                                                    EncapsulationAlgorithmSpec.Value.ML_KEM)),
                    verb(
                            "Decapsulate",
                            s ->
                                    DecapsulateRequest.newBuilder()
                                            .setKeyId(s.key)
                                            .setSharedSecretCiphertextBlob(s.blob)
                                            .setEncapsulationAlgorithm(
                                                    EncapsulationAlgorithmSpec.Value.ML_KEM)),
                    verb("GetPublicKey", s -> GetPublicKeyRequest.newBuilder().setKeyId(s.key)),
                    verb("GetParametersForImport", s -> parameters(s.key)),
                    verb("ImportKeyMaterial", s -> imported(s)),
                    verb(
                            "DeleteImportedKeyMaterial",
                            s -> DeleteImportedKeyMaterialRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "RotateKeyOnDemand",
                            s -> RotateKeyOnDemandRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "GetKeyRotationStatus",
                            s -> GetKeyRotationStatusRequest.newBuilder().setKeyId(s.key)),
                    verb(
                            "ListKeyRotations",
                            s -> ListKeyRotationsRequest.newBuilder().setKeyId(s.key)));

    /**
     * Sets one, through a client that acts as the account's root.
     *
     * @param name of its alias; it begins with a verb, or with none
     */
    static MatrixStage set(Client operator, String name, String policy) {
        String verb = name.split("/", 2)[0];
        Kind kind = Kind.of(verb);
        CreateKeyRequest create =
                CreateKeyRequest.newBuilder()
                        .setPolicy(policy)
                        .setKeySpec(kind.spec)
                        .setKeyUsage(kind.usage)
                        .setOrigin(
                                kind == Kind.IMPORTED
                                        ? OriginType.Value.EXTERNAL
                                        : OriginType.Value.AWS_KMS)
                        .build();
        String key = operator.callAs(ROOT, Rpc.CREATE_KEY, create).getKeyMetadata().getArn();
        String alias = "alias/" + name;
        operator.callAs(
                ROOT,
                Rpc.CREATE_ALIAS,
                CreateAliasRequest.newBuilder().setAliasName(alias).setTargetKeyId(key).build());
        CreateGrantRequest grant =
                CreateGrantRequest.newBuilder()
                        .setKeyId(key)
                        .setGranteePrincipal(GRANTEE)
                        .addAllOperations(operations(verb))
                        .build();
        return new MatrixStage(
                key,
                alias,
                made(operator, kind, key),
                operator.callAs(ROOT, Rpc.CREATE_GRANT, grant));
    }

    private static ByteString made(Client operator, Kind kind, String key) {
        MatrixStage soFar =
                new MatrixStage(
                        key, "", ByteString.EMPTY, CreateGrantResponse.getDefaultInstance());
        return switch (kind) {
            case CIPHER ->
                    operator.callAs(
                                    ROOT,
                                    Rpc.ENCRYPT,
                                    (EncryptRequest) soFar.request("Encrypt").build())
                            .getCiphertextBlob();
            case MAC ->
                    operator.callAs(
                                    ROOT,
                                    Rpc.GENERATE_MAC,
                                    (GenerateMacRequest) soFar.request("GenerateMac").build())
                            .getMac();
            case SIGNATURE -> operator.callAs(ROOT, Rpc.SIGN, sign(key).build()).getSignature();
            case AGREEMENT ->
                    operator.callAs(
                                    ROOT,
                                    Rpc.GET_PUBLIC_KEY,
                                    GetPublicKeyRequest.newBuilder().setKeyId(key).build())
                            .getPublicKey();
            case IMPORTED -> imported(operator, key);
        };
    }

    private static ByteString imported(Client operator, String key) {
        GetParametersForImportResponse parameters =
                operator.callAs(ROOT, Rpc.GET_PARAMETERS_FOR_IMPORT, parameters(key).build());
        byte[] wrapped =
                Wrapping.wrap(
                        parameters.getPublicKey().toByteArray(),
                        WrappingAlgorithm.RSAES_OAEP_SHA_1,
                        Wrapping.random(32));
        ImportKeyMaterialRequest request =
                ImportKeyMaterialRequest.newBuilder()
                        .setKeyId(key)
                        .setImportToken(parameters.getImportToken())
                        .setEncryptedKeyMaterial(ByteString.copyFrom(wrapped))
                        .setExpirationModel(ExpirationModelType.Value.KEY_MATERIAL_DOES_NOT_EXPIRE)
                        .build();
        operator.callAs(ROOT, Rpc.IMPORT, request);
        return request.toByteString();
    }

    private static GetParametersForImportRequest.Builder parameters(String key) {
        return GetParametersForImportRequest.newBuilder()
                .setKeyId(key)
                .setWrappingAlgorithm(AlgorithmSpec.Value.RSAES_OAEP_SHA_1)
                .setWrappingKeySpec(WrappingKeySpec.Value.RSA_2048);
    }

    /** Of a key of another kind it is a request that nobody may make. */
    private static ImportKeyMaterialRequest.Builder imported(MatrixStage stage) {
        try {
            return ImportKeyMaterialRequest.parseFrom(stage.blob).toBuilder();
        } catch (InvalidProtocolBufferException e) {
            return ImportKeyMaterialRequest.newBuilder()
                    .setKeyId(stage.key)
                    .setImportToken(PLAINTEXT)
                    .setEncryptedKeyMaterial(PLAINTEXT);
        }
    }

    private static SignRequest.Builder sign(String key) {
        return SignRequest.newBuilder()
                .setKeyId(key)
                .setMessage(PLAINTEXT)
                .setSigningAlgorithm(SigningAlgorithmSpec.Value.ECDSA_SHA_256);
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
