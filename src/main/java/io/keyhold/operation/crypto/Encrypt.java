package io.keyhold.operation.crypto;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import java.util.Arrays;
import java.util.function.Function;

/** Encrypts up to 4096 bytes under a key's current material. */
final class Encrypt implements Operation<EncryptRequest, EncryptResponse> {

    private final SymmetricCipher cipher;
    private final RsaCipher rsa;

    Encrypt(SymmetricCipher cipher, RsaCipher rsa) {
        this.cipher = cipher;
        this.rsa = rsa;
    }

    @Override
    public Effect<EncryptResponse> prepare(Authorized<EncryptRequest> authorized) {
        EncryptRequest request = authorized.request();
        KeyRecord key = authorized.key();
        if (RsaCipher.isMeant(request.getEncryptionAlgorithm())) {
            EncryptionAlgorithm algorithm =
                    rsa.require(
                            key,
                            request.getEncryptionAlgorithm(),
                            request.getEncryptionContextMap(),
                            "Encrypt");
            return Effect.slow(
                    () ->
                            answer(
                                    request,
                                    key,
                                    plaintext ->
                                            UnsafeByteOperations.unsafeWrap(
                                                    rsa.encrypt(key, algorithm, plaintext))));
        }
        SymmetricCipher.require(key, request.getEncryptionAlgorithm(), "Encrypt");
        EncryptionContext context = EncryptionContext.of(request.getEncryptionContextMap());
        return Effect.of(
                cipher.quickToEncrypt(key),
                () ->
                        answer(
                                request,
                                key,
                                plaintext -> cipher.encrypt(key, context, plaintext).blob()));
    }

    private static EncryptResponse answer(
            EncryptRequest request, KeyRecord key, Function<byte[], ByteString> encrypt) {
        EncryptionAlgorithmSpec.Value asked = request.getEncryptionAlgorithm();
        byte[] plaintext = request.getPlaintext().toByteArray();
        try {
            return EncryptResponse.newBuilder()
                    .setCiphertextBlob(encrypt.apply(plaintext))
                    .setKeyId(key.arn().toString())
                    .setEncryptionAlgorithm(SymmetricCipher.orDefault(asked))
                    .build();
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }
}
