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
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;

/** Puts objects into a bucket, or gets them and looks whether they are what was put. */
public final class ObjectsClient {

    private final Channel store;
    private final String bucket;

    private ObjectsClient(Channel store, String bucket) {
        this.store = store;
        this.bucket = bucket;
    }

    /**
     * @param args the folder of certificates, the store's port, the certificate's name, put or get,
     *     the bucket, how many objects
     */
    public static void main(String[] args) throws Exception {
        ManagedChannel channel =
                new TlsFiles(Path.of(args[0])).connect(Integer.parseInt(args[1]), args[2]);
        ObjectsClient client = new ObjectsClient(channel, args[4]);
        try {
            for (int i = 1; i <= Integer.parseInt(args[5]); i++) {
                if (args[3].equals("put")) {
                    client.put(i);
                } else {
                    client.get(i);
                }
            }
        } catch (StatusRuntimeException refused) {
            System.err.println(refused.getStatus().getDescription());
            System.exit(1);
        } finally {
            channel.shutdownNow();
        }
    }

    private void put(int number) {
        BytesValue content = BytesValue.of(ByteString.copyFrom(content(number), UTF_8));
        ClientCalls.blockingUnaryCall(about(number), ObjectsApi.PUT, CallOptions.DEFAULT, content);
    }

    private void get(int number) {
        BytesValue content =
                ClientCalls.blockingUnaryCall(
                        about(number),
                        ObjectsApi.GET,
                        CallOptions.DEFAULT,
                        Empty.getDefaultInstance());
        if (!content.getValue().toStringUtf8().equals(content(number))) {
            throw new IllegalStateException("object " + number + " is not what was put");
        }
    }

    private String content(int number) {
        return "what is in object %d of bucket %s".formatted(number, bucket);
    }

    private Channel about(int number) {
        Metadata name = new Metadata();
        name.put(ObjectsApi.BUCKET, bucket);
        name.put(ObjectsApi.OBJECT, "object-" + number);
        return ClientInterceptors.intercept(store, MetadataUtils.newAttachHeadersInterceptor(name));
    }
}
