package io.keyhold.objects;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Puts objects into a bucket, or gets them and looks whether they are what was put. */
public final class ObjectsClient {

    private static final int SECONDS = 15;

    private final Channel store;
    private final Optional<String> token;
    private final String bucket;

    private ObjectsClient(Channel store, Optional<String> token, String bucket) {
        this.store = store;
        this.token = token;
        this.bucket = bucket;
    }

    /**
     * @param args the folder of certificates, the store's port, the certificate's name, put or get,
     *     the bucket, how many objects; Keyhold's port, to ask it first for a token
     */
    public static void main(String[] args) throws Exception {
        TlsFiles tls = new TlsFiles(Path.of(args[0]));
        boolean put = args[3].equals("put");
        ManagedChannel store = tls.connect(Integer.parseInt(args[1]), args[2]);
        try {
            Optional<String> token =
                    args.length > 6
                            ? Optional.of(token(tls, Integer.parseInt(args[6]), args[2], put))
                            : Optional.empty();
            ObjectsClient client = new ObjectsClient(store, token, args[4]);
            for (int i = 1; i <= Integer.parseInt(args[5]); i++) {
                if (put) {
                    client.put(i);
                } else {
                    client.get(i);
                }
            }
        } catch (StatusRuntimeException refused) {
            System.err.println(refused.getStatus().getDescription());
            System.exit(1);
        } finally {
            store.shutdownNow();
        }
    }

    private static String token(TlsFiles tls, int port, String certificate, boolean put)
            throws Exception {
        ManagedChannel keyhold = tls.connect(port, certificate);
        try {
            return ForwardAccess.token(keyhold, put ? "kms:GenerateDataKey" : "kms:Decrypt");
        } finally {
            keyhold.shutdownNow();
        }
    }

    private void put(int number) {
        call(ObjectsApi.PUT, number, BytesValue.of(ByteString.copyFrom(content(number), UTF_8)));
    }

    private void get(int number) {
        BytesValue content = call(ObjectsApi.GET, number, Empty.getDefaultInstance());
        if (!content.getValue().toStringUtf8().equals(content(number))) {
            throw new IllegalStateException("object " + number + " is not what was put");
        }
    }

    private String content(int number) {
        return "what is in object %d of bucket %s".formatted(number, bucket);
    }

    private <Q, R> R call(MethodDescriptor<Q, R> verb, int number, Q request) {
        Metadata metadata = new Metadata();
        metadata.put(ObjectsApi.BUCKET, bucket);
        metadata.put(ObjectsApi.OBJECT, "object-" + number);
        token.ifPresent(given -> metadata.put(ObjectsApi.FORWARD_ACCESS, given));
        return ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(
                        store, MetadataUtils.newAttachHeadersInterceptor(metadata)),
                verb,
                CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS),
                request);
    }
}
