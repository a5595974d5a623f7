package io.keyhold.objects;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.keyhold.v1.DataKeySpec;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;

/** Keyhold, asked by the store in the name of whoever calls the store. */
final class Kms {

    /** The one that an account has chosen for the store, or else the store's own there. */
    private static final String KEY = "alias/aws/s3";

    private static final String CONTEXT = "aws:s3:arn";
    private static final Metadata.Key<String> ON_BEHALF_OF =
            Metadata.Key.of("keyhold-on-behalf-of", Metadata.ASCII_STRING_MARSHALLER);

    private static final MethodDescriptor<GenerateDataKeyRequest, GenerateDataKeyResponse>
            GENERATE_DATA_KEY =
                    verb(
                            "GenerateDataKey",
                            GenerateDataKeyRequest.getDefaultInstance(),
                            GenerateDataKeyResponse.getDefaultInstance());
    private static final MethodDescriptor<DecryptRequest, DecryptResponse> DECRYPT =
            verb(
                    "Decrypt",
                    DecryptRequest.getDefaultInstance(),
                    DecryptResponse.getDefaultInstance());

    private final Channel keyhold;

    Kms(Channel keyhold) {
        this.keyhold = keyhold;
    }

    /** A new data key of 256 bits, as it is and encrypted. */
    GenerateDataKeyResponse dataKey(String principal, String bound) {
        GenerateDataKeyRequest request =
                GenerateDataKeyRequest.newBuilder()
                        .setKeyId(KEY)
                        .setKeySpec(DataKeySpec.Value.AES_256)
                        .putEncryptionContext(CONTEXT, bound)
                        .build();
        return call(principal, GENERATE_DATA_KEY, request);
    }

    /** A data key that was encrypted. */
    ByteString decrypt(String principal, byte[] encrypted, String bound) {
        DecryptRequest request =
                DecryptRequest.newBuilder()
                        .setCiphertextBlob(ByteString.copyFrom(encrypted))
                        .putEncryptionContext(CONTEXT, bound)
                        .build();
        return call(principal, DECRYPT, request).getPlaintext();
    }

    private <Q, R> R call(String principal, MethodDescriptor<Q, R> verb, Q request) {
        Metadata metadata = new Metadata();
        metadata.put(ON_BEHALF_OF, principal);
        Channel named =
                ClientInterceptors.intercept(
                        keyhold, MetadataUtils.newAttachHeadersInterceptor(metadata));
        return ClientCalls.blockingUnaryCall(named, verb, CallOptions.DEFAULT, request);
    }

    private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> verb(
            String name, Q request, R answer) {
        return MethodDescriptor.<Q, R>newBuilder()
                .setType(MethodType.UNARY)
                .setFullMethodName("keyhold.v1.KeyManagement/" + name)
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(answer))
                .build();
    }
}
