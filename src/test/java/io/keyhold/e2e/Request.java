package io.keyhold.e2e;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;

/** A request and the method that it is for. */
record Request<Q>(MethodDescriptor<Q, ?> rpc, Q message) {

    /** The request that a builder builds, for the verb that takes it. */
    static Request<?> of(Message.Builder request) {
        return switch (request.build()) {
            case CreateKeyRequest create -> new Request<>(Rpc.CREATE_KEY, create);
            case DescribeKeyRequest describe -> new Request<>(Rpc.DESCRIBE_KEY, describe);
            case ListKeysRequest list -> new Request<>(Rpc.LIST_KEYS, list);
            case EncryptRequest encrypt -> new Request<>(Rpc.ENCRYPT, encrypt);
            case DecryptRequest decrypt -> new Request<>(Rpc.DECRYPT, decrypt);
            case RotateKeyOnDemandRequest rotate -> new Request<>(Rpc.ROTATE, rotate);
            case ListKeyRotationsRequest list -> new Request<>(Rpc.LIST_ROTATIONS, list);
            default -> throw new IllegalArgumentException(request.toString());
        };
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
