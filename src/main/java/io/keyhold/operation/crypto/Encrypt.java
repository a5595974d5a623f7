package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.envelope.BlobHeader;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.key.BackingKey;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import java.util.Arrays;

/** Encrypts up to 4096 bytes under a key's current material. */
final class Encrypt implements Operation<EncryptRequest, EncryptResponse> {

    private final KeyStore keyStore;

    Encrypt(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    @Override
    public Effect<EncryptResponse> prepare(Authorized<EncryptRequest> authorized) {
        EncryptRequest request = authorized.request();
        KeyRecord key = authorized.key();
        SymmetricKeys.require(key, request.getEncryptionAlgorithm(), "Encrypt");
        EncryptionContext context = EncryptionContext.of(request.getEncryptionContextMap());
        return Effect.on(keyStore, () -> run(key, context, request));
    }

    private EncryptResponse run(KeyRecord key, EncryptionContext context, EncryptRequest request) {
        BackingKey current = key.current();
        BlobHeader header = new BlobHeader(key.id(), current.id());
        byte[] plaintext = request.getPlaintext().toByteArray();
        try {
            Sealed sealed =
                    keyStore.encrypt(
                            key.id(), current, header.authenticatedData(context), plaintext);
            CiphertextBlob blob =
                    new CiphertextBlob(header, sealed.iv(), sealed.ciphertextAndTag());
            return EncryptResponse.newBuilder()
                    .setCiphertextBlob(UnsafeByteOperations.unsafeWrap(blob.encode()))
                    .setKeyId(key.arn().toString())
                    .setEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT)
                    .build();
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }
}
