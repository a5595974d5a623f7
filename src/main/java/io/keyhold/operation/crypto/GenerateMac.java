package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.GenerateMacRequest;
import io.keyhold.v1.GenerateMacResponse;

/** Makes a message authentication code. */
final class GenerateMac implements Operation<GenerateMacRequest, GenerateMacResponse> {

    private final Hmacs hmacs;

    GenerateMac(Hmacs hmacs) {
        this.hmacs = hmacs;
    }

    @Override
    public Effect<GenerateMacResponse> prepare(Authorized<GenerateMacRequest> authorized) {
        GenerateMacRequest request = authorized.request();
        KeyRecord key = authorized.key();
        Hmacs.require(key, request.getMacAlgorithm(), "GenerateMac");
        return Effect.of(hmacs.quick(), () -> run(key, request));
    }

    private GenerateMacResponse run(KeyRecord key, GenerateMacRequest request) {
        byte[] mac = hmacs.mac(key, request.getMessage().toByteArray());
        return GenerateMacResponse.newBuilder()
                .setMac(UnsafeByteOperations.unsafeWrap(mac))
                .setMacAlgorithm(request.getMacAlgorithm())
                .setKeyId(key.arn().toString())
                .build();
    }
}
