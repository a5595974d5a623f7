package io.keyhold.e2e;

import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateAliasResponse;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateGrantResponse;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.DeleteAliasRequest;
import io.keyhold.v1.DeleteAliasResponse;
import io.keyhold.v1.DeleteImportedKeyMaterialRequest;
import io.keyhold.v1.DeleteImportedKeyMaterialResponse;
import io.keyhold.v1.DeriveSharedSecretRequest;
import io.keyhold.v1.DeriveSharedSecretResponse;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DescribeKeyResponse;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.DisableKeyResponse;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.EnableKeyResponse;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GenerateDataKeyPairRequest;
import io.keyhold.v1.GenerateDataKeyPairResponse;
import io.keyhold.v1.GenerateDataKeyPairWithoutPlaintextRequest;
import io.keyhold.v1.GenerateDataKeyPairWithoutPlaintextResponse;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextResponse;
import io.keyhold.v1.GenerateMacRequest;
import io.keyhold.v1.GenerateMacResponse;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.GenerateRandomResponse;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyPolicyResponse;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;
import io.keyhold.v1.GetParametersForImportRequest;
import io.keyhold.v1.GetParametersForImportResponse;
import io.keyhold.v1.GetPublicKeyRequest;
import io.keyhold.v1.GetPublicKeyResponse;
import io.keyhold.v1.IdentityProto;
import io.keyhold.v1.ImportKeyMaterialRequest;
import io.keyhold.v1.ImportKeyMaterialResponse;
import io.keyhold.v1.KeyManagementProto;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListAliasesResponse;
import io.keyhold.v1.ListGrantsRequest;
import io.keyhold.v1.ListGrantsResponse;
import io.keyhold.v1.ListKeyPoliciesRequest;
import io.keyhold.v1.ListKeyPoliciesResponse;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeyRotationsResponse;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListKeysResponse;
import io.keyhold.v1.ListResourceTagsRequest;
import io.keyhold.v1.ListResourceTagsResponse;
import io.keyhold.v1.ListRetirableGrantsRequest;
import io.keyhold.v1.MaintenanceProto;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.PutKeyPolicyResponse;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.ReEncryptResponse;
import io.keyhold.v1.RetireGrantRequest;
import io.keyhold.v1.RetireGrantResponse;
import io.keyhold.v1.RevokeGrantRequest;
import io.keyhold.v1.RevokeGrantResponse;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.RotateKeyOnDemandResponse;
import io.keyhold.v1.ServicesProto;
import io.keyhold.v1.SignRequest;
import io.keyhold.v1.SignResponse;
import io.keyhold.v1.TagResourceRequest;
import io.keyhold.v1.TagResourceResponse;
import io.keyhold.v1.UntagResourceRequest;
import io.keyhold.v1.UntagResourceResponse;
import io.keyhold.v1.UpdateAliasRequest;
import io.keyhold.v1.UpdateAliasResponse;
import io.keyhold.v1.UpdateKeyDescriptionRequest;
import io.keyhold.v1.UpdateKeyDescriptionResponse;
import io.keyhold.v1.VerifyMacRequest;
import io.keyhold.v1.VerifyMacResponse;
import io.keyhold.v1.VerifyRequest;
import io.keyhold.v1.VerifyResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The rpcs of the services, as a client's stub would have them. */
final class Rpc {

    static final String SERVICE = "keyhold.v1.KeyManagement";

    private static final String REQUEST = "Request";
    private static final Map<String, MethodDescriptor<?, ?>> BY_NAME = new LinkedHashMap<>();

    static final MethodDescriptor<CreateKeyRequest, CreateKeyResponse> CREATE_KEY =
            rpc(CreateKeyRequest.getDefaultInstance(), CreateKeyResponse.getDefaultInstance());

    static final MethodDescriptor<DescribeKeyRequest, DescribeKeyResponse> DESCRIBE_KEY =
            rpc(DescribeKeyRequest.getDefaultInstance(), DescribeKeyResponse.getDefaultInstance());

    static final MethodDescriptor<ListKeysRequest, ListKeysResponse> LIST_KEYS =
            rpc(ListKeysRequest.getDefaultInstance(), ListKeysResponse.getDefaultInstance());

    static final MethodDescriptor<EncryptRequest, EncryptResponse> ENCRYPT =
            rpc(EncryptRequest.getDefaultInstance(), EncryptResponse.getDefaultInstance());

    static final MethodDescriptor<DecryptRequest, DecryptResponse> DECRYPT =
            rpc(DecryptRequest.getDefaultInstance(), DecryptResponse.getDefaultInstance());

    static final MethodDescriptor<ReEncryptRequest, ReEncryptResponse> RE_ENCRYPT =
            rpc(ReEncryptRequest.getDefaultInstance(), ReEncryptResponse.getDefaultInstance());

    static final MethodDescriptor<GenerateDataKeyRequest, GenerateDataKeyResponse>
            GENERATE_DATA_KEY =
                    rpc(
                            GenerateDataKeyRequest.getDefaultInstance(),
                            GenerateDataKeyResponse.getDefaultInstance());

    static final MethodDescriptor<
                    GenerateDataKeyWithoutPlaintextRequest, GenerateDataKeyWithoutPlaintextResponse>
            GENERATE_DATA_KEY_WITHOUT_PLAINTEXT =
                    rpc(
                            GenerateDataKeyWithoutPlaintextRequest.getDefaultInstance(),
                            GenerateDataKeyWithoutPlaintextResponse.getDefaultInstance());

    static final MethodDescriptor<GenerateRandomRequest, GenerateRandomResponse> GENERATE_RANDOM =
            rpc(
                    GenerateRandomRequest.getDefaultInstance(),
                    GenerateRandomResponse.getDefaultInstance());

    static final MethodDescriptor<GetParametersForImportRequest, GetParametersForImportResponse>
            GET_PARAMETERS_FOR_IMPORT =
                    rpc(
                            GetParametersForImportRequest.getDefaultInstance(),
                            GetParametersForImportResponse.getDefaultInstance());

    static final MethodDescriptor<ImportKeyMaterialRequest, ImportKeyMaterialResponse> IMPORT =
            rpc(
                    ImportKeyMaterialRequest.getDefaultInstance(),
                    ImportKeyMaterialResponse.getDefaultInstance());

    static final MethodDescriptor<
                    DeleteImportedKeyMaterialRequest, DeleteImportedKeyMaterialResponse>
            DELETE_IMPORTED =
                    rpc(
                            DeleteImportedKeyMaterialRequest.getDefaultInstance(),
                            DeleteImportedKeyMaterialResponse.getDefaultInstance());

    static final MethodDescriptor<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse> ROTATE =
            rpc(
                    RotateKeyOnDemandRequest.getDefaultInstance(),
                    RotateKeyOnDemandResponse.getDefaultInstance());

    static final MethodDescriptor<ListKeyRotationsRequest, ListKeyRotationsResponse>
            LIST_ROTATIONS =
                    rpc(
                            ListKeyRotationsRequest.getDefaultInstance(),
                            ListKeyRotationsResponse.getDefaultInstance());

    static final MethodDescriptor<GetKeyRotationStatusRequest, GetKeyRotationStatusResponse>
            GET_ROTATION_STATUS =
                    rpc(
                            GetKeyRotationStatusRequest.getDefaultInstance(),
                            GetKeyRotationStatusResponse.getDefaultInstance());

    static final MethodDescriptor<EnableKeyRequest, EnableKeyResponse> ENABLE_KEY =
            rpc(EnableKeyRequest.getDefaultInstance(), EnableKeyResponse.getDefaultInstance());

    static final MethodDescriptor<DisableKeyRequest, DisableKeyResponse> DISABLE_KEY =
            rpc(DisableKeyRequest.getDefaultInstance(), DisableKeyResponse.getDefaultInstance());

    static final MethodDescriptor<UpdateKeyDescriptionRequest, UpdateKeyDescriptionResponse>
            UPDATE_DESCRIPTION =
                    rpc(
                            UpdateKeyDescriptionRequest.getDefaultInstance(),
                            UpdateKeyDescriptionResponse.getDefaultInstance());

    static final MethodDescriptor<PutKeyPolicyRequest, PutKeyPolicyResponse> PUT_POLICY =
            rpc(
                    PutKeyPolicyRequest.getDefaultInstance(),
                    PutKeyPolicyResponse.getDefaultInstance());

    static final MethodDescriptor<TagResourceRequest, TagResourceResponse> TAG =
            rpc(TagResourceRequest.getDefaultInstance(), TagResourceResponse.getDefaultInstance());

    static final MethodDescriptor<UntagResourceRequest, UntagResourceResponse> UNTAG =
            rpc(
                    UntagResourceRequest.getDefaultInstance(),
                    UntagResourceResponse.getDefaultInstance());

    static final MethodDescriptor<ListResourceTagsRequest, ListResourceTagsResponse> LIST_TAGS =
            rpc(
                    ListResourceTagsRequest.getDefaultInstance(),
                    ListResourceTagsResponse.getDefaultInstance());

    static final MethodDescriptor<CreateAliasRequest, CreateAliasResponse> CREATE_ALIAS =
            rpc(CreateAliasRequest.getDefaultInstance(), CreateAliasResponse.getDefaultInstance());

    static final MethodDescriptor<UpdateAliasRequest, UpdateAliasResponse> UPDATE_ALIAS =
            rpc(UpdateAliasRequest.getDefaultInstance(), UpdateAliasResponse.getDefaultInstance());

    static final MethodDescriptor<DeleteAliasRequest, DeleteAliasResponse> DELETE_ALIAS =
            rpc(DeleteAliasRequest.getDefaultInstance(), DeleteAliasResponse.getDefaultInstance());

    static final MethodDescriptor<ListAliasesRequest, ListAliasesResponse> LIST_ALIASES =
            rpc(ListAliasesRequest.getDefaultInstance(), ListAliasesResponse.getDefaultInstance());

    static final MethodDescriptor<GetKeyPolicyRequest, GetKeyPolicyResponse> GET_POLICY =
            rpc(
                    GetKeyPolicyRequest.getDefaultInstance(),
                    GetKeyPolicyResponse.getDefaultInstance());

    static final MethodDescriptor<ListKeyPoliciesRequest, ListKeyPoliciesResponse> LIST_POLICIES =
            rpc(
                    ListKeyPoliciesRequest.getDefaultInstance(),
                    ListKeyPoliciesResponse.getDefaultInstance());

    static final MethodDescriptor<CreateGrantRequest, CreateGrantResponse> CREATE_GRANT =
            rpc(CreateGrantRequest.getDefaultInstance(), CreateGrantResponse.getDefaultInstance());

    static final MethodDescriptor<ListGrantsRequest, ListGrantsResponse> LIST_GRANTS =
            rpc(ListGrantsRequest.getDefaultInstance(), ListGrantsResponse.getDefaultInstance());

    static final MethodDescriptor<ListRetirableGrantsRequest, ListGrantsResponse>
            LIST_RETIRABLE_GRANTS =
                    rpc(
                            ListRetirableGrantsRequest.getDefaultInstance(),
                            ListGrantsResponse.getDefaultInstance());

    static final MethodDescriptor<RetireGrantRequest, RetireGrantResponse> RETIRE_GRANT =
            rpc(RetireGrantRequest.getDefaultInstance(), RetireGrantResponse.getDefaultInstance());

    static final MethodDescriptor<RevokeGrantRequest, RevokeGrantResponse> REVOKE_GRANT =
            rpc(RevokeGrantRequest.getDefaultInstance(), RevokeGrantResponse.getDefaultInstance());

    static final MethodDescriptor<GenerateMacRequest, GenerateMacResponse> GENERATE_MAC =
            rpc(GenerateMacRequest.getDefaultInstance(), GenerateMacResponse.getDefaultInstance());

    static final MethodDescriptor<VerifyMacRequest, VerifyMacResponse> VERIFY_MAC =
            rpc(VerifyMacRequest.getDefaultInstance(), VerifyMacResponse.getDefaultInstance());

    static final MethodDescriptor<SignRequest, SignResponse> SIGN =
            rpc(SignRequest.getDefaultInstance(), SignResponse.getDefaultInstance());

    static final MethodDescriptor<VerifyRequest, VerifyResponse> VERIFY =
            rpc(VerifyRequest.getDefaultInstance(), VerifyResponse.getDefaultInstance());

    static final MethodDescriptor<GetPublicKeyRequest, GetPublicKeyResponse> GET_PUBLIC_KEY =
            rpc(
                    GetPublicKeyRequest.getDefaultInstance(),
                    GetPublicKeyResponse.getDefaultInstance());

    static final MethodDescriptor<DeriveSharedSecretRequest, DeriveSharedSecretResponse> DERIVE =
            rpc(
                    DeriveSharedSecretRequest.getDefaultInstance(),
                    DeriveSharedSecretResponse.getDefaultInstance());

    static final MethodDescriptor<GenerateDataKeyPairRequest, GenerateDataKeyPairResponse>
            DATA_KEY_PAIR =
                    rpc(
                            GenerateDataKeyPairRequest.getDefaultInstance(),
                            GenerateDataKeyPairResponse.getDefaultInstance());

    static final MethodDescriptor<
                    GenerateDataKeyPairWithoutPlaintextRequest,
                    GenerateDataKeyPairWithoutPlaintextResponse>
            SEALED_DATA_KEY_PAIR =
                    rpc(
                            GenerateDataKeyPairWithoutPlaintextRequest.getDefaultInstance(),
                            GenerateDataKeyPairWithoutPlaintextResponse.getDefaultInstance());

    /** Every rpc that the services have. */
    static final List<MethodDescriptor<?, ?>> ALL =
            descriptors().<MethodDescriptor<?, ?>>map(Rpc::known).toList();

    private Rpc() {}

    /** The rpc that takes a message. */
    @SuppressWarnings("unchecked") // rpc() has put it there under the name of its request
    static <Q extends Message> MethodDescriptor<Q, ?> taking(Q request) {
        return (MethodDescriptor<Q, ?>) Objects.requireNonNull(BY_NAME.get(name(request)));
    }

    /** The first field of an rpc's request that is text, if there is one. */
    static Optional<FieldDescriptor> textField(MethodDescriptor<?, ?> rpc) {
        return descriptors()
                .filter(one -> one.getName().equals(rpc.getBareMethodName()))
                .flatMap(one -> one.getInputType().getFields().stream())
                .filter(field -> field.getType() == FieldDescriptor.Type.STRING)
                .findFirst();
    }

    private static Stream<Descriptors.MethodDescriptor> descriptors() {
        return Stream.of(
                        KeyManagementProto.getDescriptor(),
                        IdentityProto.getDescriptor(),
                        MaintenanceProto.getDescriptor(),
                        ServicesProto.getDescriptor())
                .flatMap(file -> file.getServices().stream())
                .flatMap(service -> service.getMethods().stream());
    }

    /** One of those above, or made from its descriptor. */
    private static MethodDescriptor<?, ?> known(Descriptors.MethodDescriptor method) {
        MethodDescriptor<?, ?> named = BY_NAME.get(method.getName());
        return named != null
                ? named
                : rpc(
                        method.getService().getFullName(),
                        generated(method.getInputType()),
                        generated(method.getOutputType()));
    }

    private static Message generated(Descriptor type) {
        try {
            return (Message)
                    Class.forName("io.keyhold.v1." + type.getName())
                            .getMethod("getDefaultInstance")
                            .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static String name(Message request) {
        String type = request.getDescriptorForType().getName();
        return type.substring(0, type.length() - REQUEST.length());
    }

    private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> rpc(
            Q request, R response) {
        return rpc(SERVICE, request, response);
    }

    private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> rpc(
            String service, Q request, R response) {
        MethodDescriptor<Q, R> rpc =
                MethodDescriptor.<Q, R>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(service + "/" + name(request))
                        .setRequestMarshaller(ProtoUtils.marshaller(request))
                        .setResponseMarshaller(ProtoUtils.marshaller(response))
                        .build();
        BY_NAME.put(name(request), rpc);
        return rpc;
    }
}
