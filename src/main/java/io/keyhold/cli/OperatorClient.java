package io.keyhold.cli;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.keyhold.Keyhold;
import io.keyhold.cli.Failures.UnreachableException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Calls to a daemon over its Unix socket, as the operator. */
final class OperatorClient {

    private static final long PATIENCE_SECONDS = 60;

    private final Path socket;

    OperatorClient(HomeOption home) {
        this.socket = home.folder().resolve("keyhold.sock");
    }

    /** Every rpc that a daemon serves. */
    static List<MethodDescriptor> rpcs() {
        return Keyhold.services().stream().flatMap(s -> s.getMethods().stream()).toList();
    }

    /**
     * One call of the rpc that takes a message, whose answer has the type of a prototype.
     *
     * @throws StatusRuntimeException if it is refused
     */
    <R extends Message> R call(Message request, R prototype) throws InterruptedException {
        MethodDescriptor rpc =
                rpcs().stream()
                        .filter(one -> one.getInputType().equals(request.getDescriptorForType()))
                        .findFirst()
                        .orElseThrow();
        DynamicMessage answer =
                call(
                        rpc,
                        DynamicMessage.newBuilder(rpc.getInputType()).mergeFrom(request).build(),
                        new Metadata());
        try {
            @SuppressWarnings("unchecked") // a prototype builds its own type
            R typed = (R) prototype.newBuilderForType().mergeFrom(answer.toByteString()).build();
            return typed;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * One call.
     *
     * @throws StatusRuntimeException if it is refused
     * @throws UnreachableException if no daemon is there
     */
    DynamicMessage call(MethodDescriptor rpc, DynamicMessage request, Metadata headers)
            throws InterruptedException {
        if (!Files.exists(socket)) {
            throw new UnreachableException("no daemon is at " + socket);
        }
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .eventLoopGroup(loop)
                        .channelType(EpollDomainSocketChannel.class)
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .directExecutor()
                        .build();
        try {
            return ClientCalls.blockingUnaryCall(
                    ClientInterceptors.intercept(
                            channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                    method(rpc),
                    CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
                    request);
        } catch (StatusRuntimeException e) {
            Status status = e.getStatus();
            if (status.getCode() == Status.Code.UNAVAILABLE && status.getCause() != null) {
                throw new UnreachableException("no daemon answers at " + socket);
            }
            throw e;
        } finally {
            channel.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> method(
            MethodDescriptor rpc) {
        return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(rpc.getService().getFullName() + "/" + rpc.getName())
                .setRequestMarshaller(
                        ProtoUtils.marshaller(
                                DynamicMessage.getDefaultInstance(rpc.getInputType())))
                .setResponseMarshaller(
                        ProtoUtils.marshaller(
                                DynamicMessage.getDefaultInstance(rpc.getOutputType())))
                .build();
    }
}
