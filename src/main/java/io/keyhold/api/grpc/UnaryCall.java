package io.keyhold.api.grpc;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.keyhold.api.Reply;
import io.keyhold.key.KmsFault;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One unary call: one message in, then the pipeline, then one message or a status out. */
final class UnaryCall extends ServerCall.Listener<byte[]> implements Reply {

    private final ServerCall<byte[], Message> call;
    private final BiConsumer<byte[], Reply> run;
    private byte @Nullable [] body;

    UnaryCall(ServerCall<byte[], Message> call, BiConsumer<byte[], Reply> run) {
        this.call = call;
        this.run = run;
    }

    @Override
    public void onMessage(byte[] message) {
        body = message;
    }

    @Override
    public void onHalfClose() {
        if (body == null) {
            // As grpc-java's own stubs answer: a client that broke off asked for nothing.
            call.close(
                    Status.INTERNAL.withDescription("Half-closed without a request"),
                    new Metadata());
            return;
        }
        run.accept(body, this);
    }

    @Override
    public void answer(Message message) {
        if (call.isCancelled()) {
            return;
        }
        call.sendHeaders(new Metadata());
        call.sendMessage(message);
        call.close(Status.OK, new Metadata());
    }

    @Override
    public void fault(KmsFault fault) {
        if (call.isCancelled()) {
            return;
        }
        StatusRuntimeException status = GrpcFaults.of(fault);
        call.close(status.getStatus(), GrpcFaults.trailers(status));
    }
}
