package io.keyhold.operation.crypto;

import io.keyhold.access.Authorized;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.VerifyMacRequest;
import io.keyhold.v1.VerifyMacResponse;
import java.security.MessageDigest;

/** Says whether a message authentication code is right. */
final class VerifyMac implements Operation<VerifyMacRequest, VerifyMacResponse> {

    private final Hmacs hmacs;

    VerifyMac(Hmacs hmacs) {
        this.hmacs = hmacs;
    }

    @Override
    public Effect<VerifyMacResponse> prepare(Authorized<VerifyMacRequest> authorized) {
        VerifyMacRequest request = authorized.request();
        KeyRecord key = authorized.key();
        Hmacs.require(key, request.getMacAlgorithm(), "VerifyMac");
        return Effect.of(hmacs.quick(), () -> run(key, request));
    }

    private VerifyMacResponse run(KeyRecord key, VerifyMacRequest request) {
        byte[] right = hmacs.mac(key, request.getMessage().toByteArray());
        if (!MessageDigest.isEqual(right, request.getMac().toByteArray())) {
            throw KmsFault.bare(FaultName.KMSInvalidMacException);
        }
        return VerifyMacResponse.newBuilder()
                .setKeyId(key.arn().toString())
                .setMacValid(true)
                .setMacAlgorithm(request.getMacAlgorithm())
                .build();
    }
}
