package io.keyhold.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Predicate;

/**
 * Calls of one verb by gRPC.
 *
 * @param requests taken in turns
 * @param good whether an answer is right
 */
record Work<Q, R>(String verb, MethodDescriptor<Q, R> method, List<Q> requests, Predicate<R> good) {

    /** Those on a channel. */
    Calls on(Channel channel) {
        return (number, done, failed) -> start(channel, number, done, failed);
    }

    private void start(Channel channel, long number, Runnable done, Calls.Failed failed) {
        Q request = requests.get((int) (number % requests.size()));
        ClientCalls.asyncUnaryCall(
                channel.newCall(method, CallOptions.DEFAULT),
                request,
                new StreamObserver<R>() {
                    private boolean right;

                    @Override
                    public void onNext(R answer) {
                        right = good.test(answer);
                    }

                    @Override
                    public void onError(Throwable e) {
                        failed.because(e);
                    }

                    @Override
                    public void onCompleted() {
                        if (right) {
                            done.run();
                        } else {
                            failed.because(new IllegalStateException(verb + " answered wrongly"));
                        }
                    }
                });
    }
}
