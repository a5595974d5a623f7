package io.keyhold.objects;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.keyhold.v1.DataKeySpec;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;
import java.util.concurrent.TimeUnit;

/** Keyhold, asked by the store in the name of whoever calls the store. */
final class Kms {

    static final String SERVICE = "keyhold.v1.KeyManagement";
    static final MethodDescriptor<GenerateDataKeyRequest, GenerateDataKeyResponse>
            GENERATE_DATA_KEY =
                    Unary.of(
                            SERVICE,
                            "GenerateDataKey",
                            GenerateDataKeyRequest.getDefaultInstance(),
                            GenerateDataKeyResponse.getDefaultInstance());
    static final MethodDescriptor<DecryptRequest, DecryptResponse> DECRYPT =
            Unary.of(
                    SERVICE,
                    "Decrypt",
                    DecryptRequest.getDefaultInstance(),
                    DecryptResponse.getDefaultInstance());

    /** The one that an account has chosen for the store, or else the store's own there. */
    private static final String KEY = "alias/aws/s3";

    private static final String CONTEXT = "aws:s3:arn";
    private static final int SECONDS = 5;

    private final Channel keyhold;

    Kms(Channel keyhold) {
        this.keyhold = keyhold;
    }

    /** A new data key of 256 bits, as it is and encrypted. */
    GenerateDataKeyResponse dataKey(Caller caller, String bound) {
        GenerateDataKeyRequest request =
                GenerateDataKeyRequest.newBuilder()
                        .setKeyId(KEY)
                        .setKeySpec(DataKeySpec.Value.AES_256)
                        .putEncryptionContext(CONTEXT, bound)
                        .build();
        return call(caller, GENERATE_DATA_KEY, request);
    }

    /** A data key that was encrypted. */
    ByteString decrypt(Caller caller, ByteString encrypted, String bound) {
        DecryptRequest request =
                DecryptRequest.newBuilder()
                        .setCiphertextBlob(encrypted)
                        .putEncryptionContext(CONTEXT, bound)
                        .build();
        return call(caller, DECRYPT, request).getPlaintext();
    }

    /**
     * Ends after a while. Not with the store's call that is the reason for it: others of the same
     * caller may wait for the answer too.
     */
    private <Q, R> R call(Caller caller, MethodDescriptor<Q, R> verb, Q request) {
        Channel named =
                ClientInterceptors.intercept(
                        keyhold, MetadataUtils.newAttachHeadersInterceptor(caller.credentials()));
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
        Context before = Context.ROOT.attach();
        try {
            return ClientCalls.blockingUnaryCall(named, verb, options, request);
        } finally {
            Context.ROOT.detach(before);
        }
    }
}
