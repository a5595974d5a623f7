package io.keyhold.e2e;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;

/** A request and the method that it is for. */
record Request<Q>(MethodDescriptor<Q, ?> rpc, Q message) {

    /** The request that a builder builds, for the verb that takes it. */
    static Request<?> of(Message.Builder request) {
        Message message = request.build();
        return new Request<>(Rpc.taking(message), message);
    }

    void send(Client client) {
        client.call(rpc, message);
    }

    Refusal refusal(Client client) {
        return Refusal.of(() -> send(client));
    }

    @Override
    public String toString() {
        return rpc.getBareMethodName() + " " + message;
    }
}
