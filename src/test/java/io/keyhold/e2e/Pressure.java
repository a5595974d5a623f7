package io.keyhold.e2e;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.keyhold.v1.CreateKeyRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps many creations and encryptions under way at once, and notes when each was sent. */
final class Pressure implements AutoCloseable {

    private static final int CREATIONS = 12;
    private static final int ENCRYPTIONS = 20;

    private final Queue<Sent> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean stopping;

    Pressure(List<Client> clients) {
        for (Client client : clients) {
            String key = client.createKey().getKeyId();
            for (int i = 0; i < CREATIONS; i++) {
                again(
                        options ->
                                ClientCalls.futureUnaryCall(
                                        client.channel().newCall(Rpc.CREATE_KEY, options),
                                        CreateKeyRequest.getDefaultInstance()));
            }
            for (int i = 0; i < ENCRYPTIONS; i++) {
                again(
                        options ->
                                ClientCalls.futureUnaryCall(
                                        client.channel().newCall(Rpc.ENCRYPT, options),
                                        Client.encryptRequest(
                                                key, new byte[1024], java.util.Map.of())));
            }
        }
    }

    int answered() {
        return calls.size();
    }

    int underWay() {
        return underWay.get();
    }

    /** Begins no more calls, waits for those under way; all that have ended. */
    List<Sent> stop() {
        stopping = true;
        org.awaitility.Awaitility.await().until(() -> underWay.get() == 0);
        return new ArrayList<>(calls);
    }

    private void again(Begin begin) {
        if (stopping) {
            return;
        }
        underWay.incrementAndGet();
        AtomicLong sent = new AtomicLong(Long.MAX_VALUE);
        Futures.addCallback(
                begin.call(Client.patient().withStreamTracerFactory(noting(sent))),
                new FutureCallback<Object>() {
                    @Override
                    public void onSuccess(Object answer) {
                        done(Status.OK);
                        // Not on this thread's stack: a call may be answered at once.
                        Thread.ofVirtual().start(() -> again(begin));
                    }

                    @Override
                    public void onFailure(Throwable e) {
                        done(Status.fromThrowable(e));
                        stopping = true;
                    }

                    private void done(Status status) {
                        calls.add(new Sent(sent.get(), System.nanoTime(), status));
                        underWay.decrementAndGet();
                    }
                },
                MoreExecutors.directExecutor());
    }

    /** Notes when the socket has taken the call's headers. */
    private static ClientStreamTracer.Factory noting(AtomicLong sent) {
        return new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(
                    ClientStreamTracer.StreamInfo info, Metadata headers) {
                return new ClientStreamTracer() {
                    @Override
                    public void outboundHeaders() {
                        sent.set(System.nanoTime());
                    }
                };
            }
        };
    }

    @Override
    public void close() {
        stopping = true;
    }

    /**
     * A call that has ended.
     *
     * @param sent when it went out, by System.nanoTime; the end of time if it never did
     */
    record Sent(long sent, long done, Status status) {}

    private interface Begin {
        ListenableFuture<?> call(CallOptions options);
    }
}
