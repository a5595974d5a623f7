package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.key.BackingKey;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Operation;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import java.util.Arrays;

/** Decrypts with the backing key that the ciphertext's header names, and with no other. */
final class Decrypt implements Operation<DecryptRequest, DecryptResponse> {

    private final KeyStore keyStore;

    Decrypt(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    @Override
    public Effect<DecryptResponse> prepare(Authorized<DecryptRequest> authorized) {
        DecryptRequest request = authorized.request();
        KeyRecord key = authorized.key();
        CiphertextBlob blob = authorized.blob();
        SymmetricKeys.require(key, request.getEncryptionAlgorithm(), "Decrypt");
        EncryptionContext context = EncryptionContext.of(request.getEncryptionContextMap());
        BackingKey backing =
                key.backingKey(blob.header().backingId())
                        .orElseThrow(() -> KmsFault.bare(FaultName.InvalidCiphertextException));
        return new Effect<>(keyStore.inProcess(), () -> run(key, backing, blob, context));
    }

    private Answer<DecryptResponse> run(
            KeyRecord key, BackingKey backing, CiphertextBlob blob, EncryptionContext context) {
        byte[] plaintext =
                keyStore.decrypt(
                        key.id(),
                        backing,
                        blob.header().authenticatedData(context),
                        new Sealed(blob.iv(), blob.sealed()));
        DecryptResponse response =
                DecryptResponse.newBuilder()
                        .setKeyId(key.arn().toString())
                        .setPlaintext(UnsafeByteOperations.unsafeWrap(plaintext))
                        .setEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT)
                        .setKeyMaterialId(backing.keyMaterialId())
                        .build();
        return new Answer<>(response, () -> Arrays.fill(plaintext, (byte) 0));
    }
}
