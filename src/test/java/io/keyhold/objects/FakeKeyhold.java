package io.keyhold.objects;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** As much of Keyhold as the store asks: who may do what there is up to the test. */
final class FakeKeyhold implements ServerInterceptor, AutoCloseable {

    static final String WRITE = "GenerateDataKey";
    static final String READ = "Decrypt";

    private static final Context.Key<String> WHO = Context.key("who");

    /** The callers, as ARN or token, and their verbs. */
    final Map<String, Set<String>> allowed = new ConcurrentHashMap<>();

    /** What a caller's answers wait for, if they do. */
    final Map<String, CountDownLatch> late = new ConcurrentHashMap<>();

    /** The verbs of all calls, whether allowed or not. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    private final Map<ByteString, ByteString> keys = new ConcurrentHashMap<>();
    private final Server server;

    FakeKeyhold() throws IOException {
        ServerServiceDefinition verbs =
                ServerServiceDefinition.builder(Kms.SERVICE)
                        .addMethod(Kms.GENERATE_DATA_KEY, ServerCalls.asyncUnaryCall(this::make))
                        .addMethod(Kms.DECRYPT, ServerCalls.asyncUnaryCall(this::open))
                        .build();
        server =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                        .addService(ServerInterceptors.intercept(verbs, this))
                        .build()
                        .start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
        String token = metadata.get(ObjectsApi.FORWARD_ACCESS);
        String who = token == null ? metadata.get(Caller.ON_BEHALF_OF) : token;
        String verb = call.getMethodDescriptor().getBareMethodName();
        calls.add(verb);
        if (Context.current().getDeadline() == null) {
            call.close(Status.INTERNAL.withDescription("without a deadline"), new Metadata());
        } else if (!allowed.getOrDefault(who, Set.of()).contains(verb)) {
            call.close(Status.PERMISSION_DENIED.withDescription(verb), new Metadata());
        } else {
            return Contexts.interceptCall(
                    Context.current().withValue(WHO, who), call, metadata, next);
        }
        return new ServerCall.Listener<>() {};
    }

    private void make(
            GenerateDataKeyRequest request, StreamObserver<GenerateDataKeyResponse> reply) {
        awaitTurn();
        ByteString key = ByteString.copyFrom(Sealed.random(Objects.KEY));
        ByteString encrypted = ByteString.copyFrom(Sealed.random(Objects.KEY));
        keys.put(encrypted, key);
        String account = WHO.get().split(":")[4];
        reply.onNext(
                GenerateDataKeyResponse.newBuilder()
                        .setKeyId("arn:aws:kms:us-east-1:" + account + ":key/a")
                        .setPlaintext(key)
                        .setCiphertextBlob(encrypted)
                        .build());
        reply.onCompleted();
    }

    private void open(DecryptRequest request, StreamObserver<DecryptResponse> reply) {
        ByteString key = keys.get(request.getCiphertextBlob());
        reply.onNext(DecryptResponse.newBuilder().setPlaintext(key).build());
        reply.onCompleted();
    }

    private void awaitTurn() {
        CountDownLatch turn = late.get(WHO.get());
        if (turn != null) {
            Uninterruptibles.awaitUninterruptibly(turn);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
