package io.keyhold.e2e;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.RotationsListEntry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A grpc-java client with one connection. */
final class Client implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private static final Metadata.Key<String> REGION =
            Metadata.Key.of("keyhold-region", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> ACT_AS =
            Metadata.Key.of("keyhold-act-as", Metadata.ASCII_STRING_MARSHALLER);

    private final EventLoopGroup loop;
    private final ManagedChannel channel;

    /** A client of what {@link Listener} or {@link Tls} makes. */
    Client(NettyChannelBuilder builder) {
        this.loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        this.channel = builder.eventLoopGroup(loop).directExecutor().build();
    }

    Channel channel() {
        return channel;
    }

    static CallOptions patient() {
        return CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** One call. */
    <Q, R> R call(MethodDescriptor<Q, R> rpc, Q request) {
        return ClientCalls.blockingUnaryCall(channel, rpc, patient(), request);
    }

    /** One call that names its region. */
    <Q> void callIn(String region, Request<Q> request) {
        callWith(header(REGION, region), request);
    }

    /** One call of the operator as somebody else. */
    <Q, R> R callAs(String principal, MethodDescriptor<Q, R> rpc, Q request) {
        return callWith(header(ACT_AS, principal), rpc, request);
    }

    /** Likewise. */
    <Q> void callAs(String principal, Request<Q> request) {
        callAs(principal, request.rpc(), request.message());
    }

    /** Likewise; the answer, whose type the caller knows. */
    @SuppressWarnings("unchecked")
    <R extends Message> R askAs(String principal, Message.Builder request) {
        Message message = request.build();
        return (R) callAs(principal, Rpc.taking(message), message);
    }

    /** One call with these headers. */
    <Q> void callWith(Metadata headers, Request<Q> request) {
        callWith(headers, request.rpc(), request.message());
    }

    /** Likewise. */
    <Q, R> R callWith(Metadata headers, MethodDescriptor<Q, R> rpc, Q request) {
        return ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                rpc,
                patient(),
                request);
    }

    private static Metadata header(Metadata.Key<String> key, String value) {
        Metadata headers = new Metadata();
        headers.put(key, value);
        return headers;
    }

    /** Begins a call; many may be under way at once. */
    <Q, R> ListenableFuture<R> begin(MethodDescriptor<Q, R> rpc, Q request) {
        return ClientCalls.futureUnaryCall(channel.newCall(rpc, patient()), request);
    }

    /** One call of any method with a body that is sent as it is. */
    byte[] send(String method, byte[] body) {
        return call(Raw.method(method), body);
    }

    /** What the whole server says of its health. */
    ServingStatus health() {
        return call(HealthGrpc.getCheckMethod(), HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    KeyMetadata createKey() {
        return call(Rpc.CREATE_KEY, CreateKeyRequest.getDefaultInstance()).getKeyMetadata();
    }

    KeyMetadata createKey(KeySpec.Value spec, KeyUsageType.Value usage) {
        CreateKeyRequest request =
                CreateKeyRequest.newBuilder().setKeySpec(spec).setKeyUsage(usage).build();
        return call(Rpc.CREATE_KEY, request).getKeyMetadata();
    }

    /** The ciphertext. */
    byte[] encrypt(String keyId, byte[] plaintext, Map<String, String> context) {
        return call(Rpc.ENCRYPT, encryptRequest(keyId, plaintext, context))
                .getCiphertextBlob()
                .toByteArray();
    }

    /** The plaintext. */
    byte[] decrypt(byte[] blob, Map<String, String> context) {
        return call(Rpc.DECRYPT, decryptRequest(blob, context)).getPlaintext().toByteArray();
    }

    void rotate(String keyId) {
        call(Rpc.ROTATE, RotateKeyOnDemandRequest.newBuilder().setKeyId(keyId).build());
    }

    /** The rotations of a key that has fewer than a page of them. */
    List<RotationsListEntry> rotations(String keyId) {
        return call(
                        Rpc.LIST_ROTATIONS,
                        ListKeyRotationsRequest.newBuilder().setKeyId(keyId).build())
                .getRotationsList();
    }

    static EncryptRequest encryptRequest(
            String keyId, byte[] plaintext, Map<String, String> context) {
        return EncryptRequest.newBuilder()
                .setKeyId(keyId)
                .setPlaintext(ByteString.copyFrom(plaintext))
                .putAllEncryptionContext(context)
                .build();
    }

    static DecryptRequest decryptRequest(byte[] blob, Map<String, String> context) {
        return DecryptRequest.newBuilder()
                .setCiphertextBlob(ByteString.copyFrom(blob))
                .putAllEncryptionContext(context)
                .build();
    }

    @Override
    public void close() {
        try {
            channel.shutdownNow().awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
