package io.keyhold.objects;

import com.google.common.base.Ticker;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The store's server. */
public final class ObjectStore {

    private static final String CERTIFICATE = "s3.amazonaws.com";

    private ObjectStore() {}

    /**
     * @param args the folder of certificates, Keyhold's port, the folder for objects
     */
    public static void main(String[] args) throws Exception {
        TlsFiles tls = new TlsFiles(Path.of(args[0]));
        Kms kms = new Kms(tls.connect(Integer.parseInt(args[1]), CERTIFICATE));
        Path folder = Path.of(args[2]);
        BucketKeys bucketKeys =
                new BucketKeys(kms, new BucketOwners(folder), Ticker.systemTicker());
        Executors.newSingleThreadScheduledExecutor()
                .scheduleWithFixedDelay(bucketKeys::tidy, 1, 1, TimeUnit.MINUTES);
        Objects objects = new Objects(folder, bucketKeys);
        Server server =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                        .sslContext(tls.server())
                        .executor(Executors.newVirtualThreadPerTaskExecutor()) // calls wait
                        .addService(ServerInterceptors.intercept(calls(objects), new CallerOf()))
                        .build()
                        .start();
        System.out.println("ready on port " + server.getPort());
        server.awaitTermination();
    }

    private static ServerServiceDefinition calls(Objects objects) {
        return ServerServiceDefinition.builder(ObjectsApi.SERVICE)
                .addMethod(
                        ObjectsApi.PUT,
                        ServerCalls.asyncUnaryCall(
                                (content, reply) -> answer(reply, () -> put(objects, content))))
                .addMethod(
                        ObjectsApi.GET,
                        ServerCalls.asyncUnaryCall(
                                (nothing, reply) -> answer(reply, () -> get(objects))))
                .build();
    }

    private static Empty put(Objects objects, BytesValue content) throws Exception {
        objects.put(CallerOf.CALLER.get(), CallerOf.OBJECT.get(), content.getValue().toByteArray());
        return Empty.getDefaultInstance();
    }

    private static BytesValue get(Objects objects) throws Exception {
        byte[] content = objects.get(CallerOf.CALLER.get(), CallerOf.OBJECT.get());
        return BytesValue.of(ByteString.copyFrom(content));
    }

    private static <R> void answer(StreamObserver<R> reply, Callable<R> work) {
        try {
            reply.onNext(work.call());
            reply.onCompleted();
        } catch (StatusRuntimeException refused) {
            reply.onError(forCaller(refused.getStatus()).asRuntimeException());
        } catch (Exception e) {
            System.err.println("a call failed: " + e);
            reply.onError(Status.INTERNAL.asRuntimeException());
        }
    }

    /**
     * What Keyhold refuses, the store refuses in its words; why it is away is the store's matter.
     */
    private static Status forCaller(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED ->
                    Status.UNAVAILABLE.withDescription("keys cannot be had now; try again");
            default -> status;
        };
    }
}
