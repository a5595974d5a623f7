package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.key.BackingKey;
import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.crypto.SymmetricCipher.Encrypted;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.ReEncryptResponse;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Decrypts a ciphertext and encrypts the plaintext again, which only passes through. */
final class ReEncrypt implements Operation<ReEncryptRequest, ReEncryptResponse> {

    private static final String VERB = "ReEncrypt";

    private final SymmetricCipher cipher;
    private final RsaCipher rsa;

    ReEncrypt(SymmetricCipher cipher, RsaCipher rsa) {
        this.cipher = cipher;
        this.rsa = rsa;
    }

    @Override
    public Effect<ReEncryptResponse> prepare(Authorized<ReEncryptRequest> authorized) {
        ReEncryptRequest request = authorized.request();
        KeyRecord destination = authorized.secondKey();
        Function<ReEncryptResponse.Builder, byte[]> opening = opening(authorized);
        BiConsumer<byte[], ReEncryptResponse.Builder> sealing = sealing(destination, request);
        boolean quick =
                !RsaCipher.isMeant(request.getSourceEncryptionAlgorithm())
                        && !RsaCipher.isMeant(request.getDestinationEncryptionAlgorithm())
                        && cipher.quickToEncrypt(destination);
        return Effect.of(
                quick,
                () -> {
                    ReEncryptResponse.Builder response =
                            ReEncryptResponse.newBuilder()
                                    .setSourceKeyId(authorized.key().arn().toString())
                                    .setKeyId(destination.arn().toString());
                    byte[] plaintext = opening.apply(response);
                    try {
                        sealing.accept(plaintext, response);
                        return response.build();
                    } finally {
                        Arrays.fill(plaintext, (byte) 0);
                    }
                });
    }

    /** Answers the plaintext, and notes with what it was opened. */
    private Function<ReEncryptResponse.Builder, byte[]> opening(
            Authorized<ReEncryptRequest> authorized) {
        ReEncryptRequest request = authorized.request();
        KeyRecord key = authorized.key();
        EncryptionAlgorithmSpec.Value asked = request.getSourceEncryptionAlgorithm();
        if (RsaCipher.isMeant(asked)) {
            EncryptionAlgorithm algorithm =
                    rsa.require(key, asked, request.getSourceEncryptionContextMap(), VERB);
            byte[] ciphertext = request.getCiphertextBlob().toByteArray();
            return response -> {
                response.setSourceEncryptionAlgorithm(asked);
                return rsa.decrypt(key, algorithm, ciphertext);
            };
        }
        SymmetricCipher.require(key, asked, VERB);
        EncryptionContext context = EncryptionContext.of(request.getSourceEncryptionContextMap());
        CiphertextBlob blob = authorized.blob();
        BackingKey backing = SymmetricCipher.backing(key, blob);
        return response -> {
            response.setSourceEncryptionAlgorithm(SymmetricCipher.orDefault(asked))
                    .setSourceKeyMaterialId(backing.keyMaterialId());
            return cipher.decrypt(key, backing, blob, context);
        };
    }

    /** Encrypts the plaintext, and notes with what. */
    private BiConsumer<byte[], ReEncryptResponse.Builder> sealing(
            KeyRecord key, ReEncryptRequest request) {
        EncryptionAlgorithmSpec.Value asked = request.getDestinationEncryptionAlgorithm();
        if (RsaCipher.isMeant(asked)) {
            EncryptionAlgorithm algorithm =
                    rsa.require(key, asked, request.getDestinationEncryptionContextMap(), VERB);
            return (plaintext, response) ->
                    response.setDestinationEncryptionAlgorithm(asked)
                            .setCiphertextBlob(
                                    UnsafeByteOperations.unsafeWrap(
                                            rsa.encrypt(key, algorithm, plaintext)));
        }
        SymmetricCipher.require(key, asked, VERB);
        EncryptionContext context =
                EncryptionContext.of(request.getDestinationEncryptionContextMap());
        return (plaintext, response) -> {
            Encrypted encrypted = cipher.encrypt(key, context, plaintext);
            response.setDestinationEncryptionAlgorithm(SymmetricCipher.orDefault(asked))
                    .setDestinationKeyMaterialId(encrypted.material().keyMaterialId())
                    .setCiphertextBlob(encrypted.blob());
        };
    }
}
