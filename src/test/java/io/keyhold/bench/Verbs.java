package io.keyhold.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.GenerateRandomResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** The work: a key of the daemon's, and calls that use it. */
final class Verbs {

    static final String ENCRYPT = "Encrypt";
    static final String DECRYPT = "Decrypt";
    static final String GENERATE_DATA_KEY = "GenerateDataKey";
    static final String GENERATE_RANDOM = "GenerateRandom";
    static final String ECHO = "echo";

    /** Those that are measured, in the order of the table. */
    static final List<String> SERVED =
            List.of(ENCRYPT, DECRYPT, GENERATE_DATA_KEY, GENERATE_RANDOM);

    private static final int PLAINTEXT_BYTES = 1024;
    private static final int BLOB_BYTES = PLAINTEXT_BYTES + 62;
    private static final int DATA_KEY_BYTES = 32;
    private static final int CIPHERTEXTS = 1024;
    private static final String CONTEXT_NAME = "purpose";
    private static final String CONTEXT_VALUE = "bench";

    private static final MethodDescriptor<CreateKeyRequest, CreateKeyResponse> CREATE_KEY =
            method(
                    "CreateKey",
                    CreateKeyRequest.getDefaultInstance(),
                    CreateKeyResponse.getDefaultInstance());
    private static final MethodDescriptor<EncryptRequest, EncryptResponse> ENCRYPT_RPC =
            method(
                    ENCRYPT,
                    EncryptRequest.getDefaultInstance(),
                    EncryptResponse.getDefaultInstance());
    private static final MethodDescriptor<DecryptRequest, DecryptResponse> DECRYPT_RPC =
            method(
                    DECRYPT,
                    DecryptRequest.getDefaultInstance(),
                    DecryptResponse.getDefaultInstance());

    private final Channel daemon;
    private final ByteString plaintext = randomBytes();
    private final String keyId;

    /** Creates the key. */
    Verbs(Channel daemon) {
        this.daemon = daemon;
        CreateKeyRequest request =
                CreateKeyRequest.newBuilder().setDescription("scripts/bench").build();
        this.keyId = call(CREATE_KEY, request).getKeyMetadata().getKeyId();
    }

    /** What the CKA_LABEL of the key's material begins with. */
    String keyLabel() {
        return "keyhold/" + keyId + "/1/";
    }

    /** Echoes as many bytes as a request of Encrypt has. */
    Work<byte[], byte[]> echo() {
        byte[] payload = encryptRequest().toByteArray();
        return new Work<>(
                ECHO, Echo.METHOD, List.of(payload), answer -> answer.length == payload.length);
    }

    Work<EncryptRequest, EncryptResponse> encrypt() {
        return new Work<>(
                ENCRYPT,
                ENCRYPT_RPC,
                List.of(encryptRequest()),
                answer -> answer.getCiphertextBlob().size() == BLOB_BYTES);
    }

    /** Opens many different ciphertexts in turns. */
    Work<DecryptRequest, DecryptResponse> decrypt() {
        EncryptRequest request = encryptRequest();
        List<DecryptRequest> requests = new ArrayList<>(CIPHERTEXTS);
        for (int i = 0; i < CIPHERTEXTS; i++) {
            requests.add(
                    DecryptRequest.newBuilder()
                            .setCiphertextBlob(call(ENCRYPT_RPC, request).getCiphertextBlob())
                            .putEncryptionContext(CONTEXT_NAME, CONTEXT_VALUE)
                            .build());
        }
        return new Work<>(
                DECRYPT, DECRYPT_RPC, requests, answer -> answer.getPlaintext().equals(plaintext));
    }

    Work<GenerateDataKeyRequest, GenerateDataKeyResponse> generateDataKey() {
        GenerateDataKeyRequest request =
                GenerateDataKeyRequest.newBuilder()
                        .setKeyId(keyId)
                        .setNumberOfBytes(DATA_KEY_BYTES)
                        .putEncryptionContext(CONTEXT_NAME, CONTEXT_VALUE)
                        .build();
        return new Work<>(
                GENERATE_DATA_KEY,
                method(
                        GENERATE_DATA_KEY,
                        GenerateDataKeyRequest.getDefaultInstance(),
                        GenerateDataKeyResponse.getDefaultInstance()),
                List.of(request),
                answer -> answer.getPlaintext().size() == DATA_KEY_BYTES);
    }

    Work<GenerateRandomRequest, GenerateRandomResponse> generateRandom() {
        return new Work<>(
                GENERATE_RANDOM,
                method(
                        GENERATE_RANDOM,
                        GenerateRandomRequest.getDefaultInstance(),
                        GenerateRandomResponse.getDefaultInstance()),
                List.of(
                        GenerateRandomRequest.newBuilder()
                                .setNumberOfBytes(DATA_KEY_BYTES)
                                .build()),
                answer -> answer.getPlaintext().size() == DATA_KEY_BYTES);
    }

    /** As AWS's clients ask it. */
    String encryptJson() {
        return "{\"KeyId\":\"%s\",\"Plaintext\":\"%s\",\"EncryptionContext\":{\"%s\":\"%s\"}}"
                .formatted(
                        keyId,
                        Base64.getEncoder().encodeToString(plaintext.toByteArray()),
                        CONTEXT_NAME,
                        CONTEXT_VALUE);
    }

    private EncryptRequest encryptRequest() {
        return EncryptRequest.newBuilder()
                .setKeyId(keyId)
                .setPlaintext(plaintext)
                .putEncryptionContext(CONTEXT_NAME, CONTEXT_VALUE)
                .build();
    }

    private <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
        return ClientCalls.blockingUnaryCall(daemon, method, CallOptions.DEFAULT, request);
    }

    private static ByteString randomBytes() {
        byte[] bytes = new byte[PLAINTEXT_BYTES];
        new Random(1).nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> method(
            String verb, Q request, R response) {
        return MethodDescriptor.<Q, R>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("keyhold.v1.KeyManagement/" + verb)
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(response))
                .build();
    }
}
