package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.key.BackingKey;
import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Operation;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;

/**
 * Decrypts: with the backing key that the ciphertext's header names, and with no other; or with the
 * pair that the request names.
 */
final class Decrypt implements Operation<DecryptRequest, DecryptResponse> {

    private final SymmetricCipher cipher;
    private final RsaCipher rsa;

    Decrypt(SymmetricCipher cipher, RsaCipher rsa) {
        this.cipher = cipher;
        this.rsa = rsa;
    }

    @Override
    public Effect<DecryptResponse> prepare(Authorized<DecryptRequest> authorized) {
        DecryptRequest request = authorized.request();
        KeyRecord key = authorized.key();
        if (RsaCipher.isMeant(request.getEncryptionAlgorithm())) {
            EncryptionAlgorithm algorithm =
                    rsa.require(
                            key,
                            request.getEncryptionAlgorithm(),
                            request.getEncryptionContextMap(),
                            "Decrypt");
            byte[] ciphertext = request.getCiphertextBlob().toByteArray();
            return new Effect<>(
                    false,
                    () ->
                            answer(
                                    DecryptResponse.newBuilder(),
                                    request,
                                    key,
                                    rsa.decrypt(key, algorithm, ciphertext)));
        }
        CiphertextBlob blob = authorized.blob();
        SymmetricCipher.require(key, request.getEncryptionAlgorithm(), "Decrypt");
        EncryptionContext context = EncryptionContext.of(request.getEncryptionContextMap());
        BackingKey backing = SymmetricCipher.backing(key, blob);
        return new Effect<>(
                cipher.quick(),
                () ->
                        answer(
                                DecryptResponse.newBuilder()
                                        .setKeyMaterialId(backing.keyMaterialId()),
                                request,
                                key,
                                cipher.decrypt(key, backing, blob, context)));
    }

    private static Answer<DecryptResponse> answer(
            DecryptResponse.Builder response,
            DecryptRequest request,
            KeyRecord key,
            byte[] plaintext) {
        return Answer.secret(
                response.setKeyId(key.arn().toString())
                        .setPlaintext(UnsafeByteOperations.unsafeWrap(plaintext))
                        .setEncryptionAlgorithm(
                                SymmetricCipher.orDefault(request.getEncryptionAlgorithm()))
                        .build(),
                plaintext);
    }
}
