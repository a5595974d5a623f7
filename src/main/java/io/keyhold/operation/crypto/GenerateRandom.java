package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Operation;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.GenerateRandomResponse;

/** Answers random bytes of the token's own generator. */
final class GenerateRandom implements Operation<GenerateRandomRequest, GenerateRandomResponse> {

    private final KeyStore keyStore;

    GenerateRandom(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    @Override
    public Effect<GenerateRandomResponse> prepare(Authorized<GenerateRandomRequest> authorized) {
        GenerateRandomRequest request = authorized.request();
        if (!request.hasNumberOfBytes()) {
            throw KmsFault.of(FaultName.ValidationException, "NumberOfBytes is required.");
        }
        return new Effect<>(keyStore.inProcess(), () -> run(request.getNumberOfBytes()));
    }

    private Answer<GenerateRandomResponse> run(int length) {
        byte[] bytes = keyStore.random(length);
        return Answer.secret(
                GenerateRandomResponse.newBuilder()
                        .setPlaintext(UnsafeByteOperations.unsafeWrap(bytes))
                        .build(),
                bytes);
    }
}
