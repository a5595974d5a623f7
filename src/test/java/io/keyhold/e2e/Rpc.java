package io.keyhold.e2e;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DescribeKeyResponse;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeyRotationsResponse;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListKeysResponse;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.RotateKeyOnDemandResponse;
import java.util.List;

/** The rpcs of the service, as a client's stub would have them. */
final class Rpc {

    static final String SERVICE = "keyhold.v1.KeyManagement";

    static final MethodDescriptor<CreateKeyRequest, CreateKeyResponse> CREATE_KEY =
            rpc(
                    "CreateKey",
                    CreateKeyRequest.getDefaultInstance(),
                    CreateKeyResponse.getDefaultInstance());

    static final MethodDescriptor<DescribeKeyRequest, DescribeKeyResponse> DESCRIBE_KEY =
            rpc(
                    "DescribeKey",
                    DescribeKeyRequest.getDefaultInstance(),
                    DescribeKeyResponse.getDefaultInstance());

    static final MethodDescriptor<ListKeysRequest, ListKeysResponse> LIST_KEYS =
            rpc(
                    "ListKeys",
                    ListKeysRequest.getDefaultInstance(),
                    ListKeysResponse.getDefaultInstance());

    static final MethodDescriptor<EncryptRequest, EncryptResponse> ENCRYPT =
            rpc(
                    "Encrypt",
                    EncryptRequest.getDefaultInstance(),
                    EncryptResponse.getDefaultInstance());

    static final MethodDescriptor<DecryptRequest, DecryptResponse> DECRYPT =
            rpc(
                    "Decrypt",
                    DecryptRequest.getDefaultInstance(),
                    DecryptResponse.getDefaultInstance());

    static final MethodDescriptor<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse> ROTATE =
            rpc(
                    "RotateKeyOnDemand",
                    RotateKeyOnDemandRequest.getDefaultInstance(),
                    RotateKeyOnDemandResponse.getDefaultInstance());

    static final MethodDescriptor<ListKeyRotationsRequest, ListKeyRotationsResponse>
            LIST_ROTATIONS =
                    rpc(
                            "ListKeyRotations",
                            ListKeyRotationsRequest.getDefaultInstance(),
                            ListKeyRotationsResponse.getDefaultInstance());

    static final List<MethodDescriptor<?, ?>> ALL =
            List.of(CREATE_KEY, DESCRIBE_KEY, LIST_KEYS, ENCRYPT, DECRYPT, ROTATE, LIST_ROTATIONS);

    private Rpc() {}

    private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> rpc(
            String name, Q request, R response) {
        return MethodDescriptor.<Q, R>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(SERVICE + "/" + name)
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(response))
                .build();
    }
}
