package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.DataKeySpec;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextResponse;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.ReEncryptResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Data keys, random bytes, and ciphertexts that move from key to key. */
final class DataKeysIT {

    private static final Map<String, String> CONTEXT = Map.of("tenant", "t");
    private static final int OVERHEAD = 62;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void aDataKeyComesInPlaintextAndEncrypted(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata key = client.createKey();
        for (int length : new int[] {1, 16, 32, 1024}) {
            GenerateDataKeyResponse made =
                    client.call(
                            Rpc.GENERATE_DATA_KEY,
                            dataKey(key.getKeyId())
                                    .setNumberOfBytes(length)
                                    .putAllEncryptionContext(CONTEXT)
                                    .build());

            assertThat(made.getPlaintext().size()).isEqualTo(length);
            assertThat(made.getCiphertextBlob().size()).isEqualTo(length + OVERHEAD);
            assertThat(made.getKeyId()).isEqualTo(key.getArn());
            assertThat(made.getKeyMaterialId()).isEqualTo(key.getCurrentKeyMaterialId());
            byte[] blob = made.getCiphertextBlob().toByteArray();
            assertThat(client.decrypt(blob, CONTEXT)).isEqualTo(made.getPlaintext().toByteArray());
            assertThat(Refusal.of(() -> client.decrypt(blob, Map.of())).name())
                    .isEqualTo("InvalidCiphertextException");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLengthMayBeNamed(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        for (Map.Entry<DataKeySpec.Value, Integer> spec :
                Map.of(DataKeySpec.Value.AES_128, 16, DataKeySpec.Value.AES_256, 32).entrySet()) {
            GenerateDataKeyRequest request = dataKey(key).setKeySpec(spec.getKey()).build();
            ByteString first = client.call(Rpc.GENERATE_DATA_KEY, request).getPlaintext();
            ByteString second = client.call(Rpc.GENERATE_DATA_KEY, request).getPlaintext();

            assertThat(first.size()).isEqualTo(spec.getValue());
            assertThat(second).isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDataKeyMayStayHidden(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata key = client.createKey();
        GenerateDataKeyWithoutPlaintextResponse made =
                client.call(
                        Rpc.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT,
                        withoutPlaintext(key.getKeyId())
                                .setKeySpec(DataKeySpec.Value.AES_256)
                                .putAllEncryptionContext(CONTEXT)
                                .build());

        assertThat(made.getKeyId()).isEqualTo(key.getArn());
        assertThat(made.getKeyMaterialId()).isEqualTo(key.getCurrentKeyMaterialId());
        assertThat(client.decrypt(made.getCiphertextBlob().toByteArray(), CONTEXT)).hasSize(32);
    }

    @ParameterizedTest
    @EnumSource
    void aLengthIsSaidOnceAndWithinItsLimits(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        DataKeySpec.Value spec = DataKeySpec.Value.AES_256;
        for (Message.Builder request :
                List.<Message.Builder>of(
                        dataKey(key),
                        dataKey(key).setKeySpec(spec).setNumberOfBytes(32),
                        withoutPlaintext(key),
                        withoutPlaintext(key).setKeySpec(spec).setNumberOfBytes(32))) {
            assertThat(Request.of(request).refusal(client))
                    .isEqualTo(
                            new Refusal(
                                    "ValidationException",
                                    "Please specify either number of bytes or key spec."));
        }
        for (int length : new int[] {0, -1, 1025}) {
            for (Message.Builder request :
                    List.<Message.Builder>of(
                            dataKey(key).setNumberOfBytes(length),
                            withoutPlaintext(key).setNumberOfBytes(length),
                            GenerateRandomRequest.newBuilder().setNumberOfBytes(length))) {
                Refusal refusal = Request.of(request).refusal(client);
                assertThat(refusal.name()).isEqualTo("ValidationException");
                assertThat(refusal.text()).contains("'numberOfBytes'");
            }
        }
        assertThat(Request.of(dataKey(key).setKeySpecValue(9)).refusal(client).text())
                .contains("at 'keySpec'", "[AES_128, AES_256]");
    }

    @ParameterizedTest
    @EnumSource
    void randomBytesAreAsManyAsAskedForAndOthersEachTime(Listener listener) {
        Client client = one.client(listener);
        for (int length : new int[] {1, 32, 1024}) {
            assertThat(random(client, length).size()).isEqualTo(length);
        }
        assertThat(random(client, 32)).isNotEqualTo(random(client, 32));
        assertThat(Request.of(GenerateRandomRequest.newBuilder()).refusal(client))
                .isEqualTo(new Refusal("ValidationException", "NumberOfBytes is required."));
    }

    @ParameterizedTest
    @EnumSource
    void aCiphertextMovesToAnotherKeyAndContext(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata from = client.createKey();
        KeyMetadata to = client.createKey();
        byte[] plaintext = {1, 2, 3};
        byte[] blob = client.encrypt(from.getKeyId(), plaintext, CONTEXT);
        Map<String, String> other = Map.of("other", "");

        ReEncryptResponse moved =
                client.call(
                        Rpc.RE_ENCRYPT,
                        reEncrypt(blob, to.getArn())
                                .putAllSourceEncryptionContext(CONTEXT)
                                .putAllDestinationEncryptionContext(other)
                                .build());

        EncryptionAlgorithmSpec.Value symmetric = EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT;
        assertThat(moved.getSourceKeyId()).isEqualTo(from.getArn());
        assertThat(moved.getKeyId()).isEqualTo(to.getArn());
        assertThat(moved.getSourceKeyMaterialId()).isEqualTo(from.getCurrentKeyMaterialId());
        assertThat(moved.getDestinationKeyMaterialId()).isEqualTo(to.getCurrentKeyMaterialId());
        assertThat(moved.getSourceEncryptionAlgorithm()).isEqualTo(symmetric);
        assertThat(moved.getDestinationEncryptionAlgorithm()).isEqualTo(symmetric);
        byte[] newBlob = moved.getCiphertextBlob().toByteArray();
        assertThat(client.decrypt(newBlob, other)).isEqualTo(plaintext);
        assertThat(client.decrypt(blob, CONTEXT)).isEqualTo(plaintext);
        assertThat(Refusal.of(() -> client.decrypt(newBlob, CONTEXT)).name())
                .isEqualTo("InvalidCiphertextException");
    }

    @ParameterizedTest
    @EnumSource
    void afterARotationACiphertextMovesToTheNewMaterial(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata key = client.createKey();
        byte[] blob = client.encrypt(key.getKeyId(), new byte[] {7}, Map.of());
        client.rotate(key.getKeyId());

        ReEncryptResponse moved =
                client.call(Rpc.RE_ENCRYPT, reEncrypt(blob, key.getKeyId()).build());

        assertThat(moved.getSourceKeyMaterialId()).isEqualTo(key.getCurrentKeyMaterialId());
        assertThat(moved.getDestinationKeyMaterialId())
                .isEqualTo(client.rotations(key.getKeyId()).getFirst().getKeyMaterialId());
        assertThat(client.decrypt(moved.getCiphertextBlob().toByteArray(), Map.of()))
                .isEqualTo(new byte[] {7});
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeReEncryptedIsRefused(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        String other = client.createKey().getKeyId();
        byte[] blob = client.encrypt(key, new byte[] {7}, CONTEXT);
        byte[] flipped = blob.clone();
        flipped[flipped.length - 1] ^= 1;
        Map<ReEncryptRequest.Builder, String> expected =
                Map.of(
                        reEncrypt(blob, other),
                        "InvalidCiphertextException",
                        good(flipped, other),
                        "InvalidCiphertextException",
                        good(new byte[100], other),
                        "InvalidCiphertextException",
                        good(blob, "no-such-key"),
                        "NotFoundException",
                        good(blob, other).setSourceKeyId(other),
                        "IncorrectKeyException",
                        good(blob, other).setSourceKeyId("alias/none"),
                        "NotFoundException",
                        good(blob, other).setDryRun(true),
                        "DryRunOperationException",
                        good(blob, other)
                                .setSourceEncryptionAlgorithm(
                                        EncryptionAlgorithmSpec.Value.RSAES_OAEP_SHA_256),
                        "InvalidKeyUsageException",
                        good(blob, other)
                                .setDestinationEncryptionAlgorithm(
                                        EncryptionAlgorithmSpec.Value.SM2PKE),
                        "InvalidKeyUsageException");
        expected.forEach(
                (request, name) ->
                        assertThat(Request.of(request).refusal(client).name())
                                .as(request.toString())
                                .isEqualTo(name));
        assertThat(Request.of(good(blob, other)).message()).isNotNull();
        client.call(Rpc.RE_ENCRYPT, good(blob, other).setSourceKeyId(key).build());
    }

    @ParameterizedTest
    @EnumSource
    void aDryRunMakesNoDataKey(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        for (Message.Builder request :
                List.<Message.Builder>of(
                        dataKey(key).setNumberOfBytes(1).setDryRun(true),
                        withoutPlaintext(key).setNumberOfBytes(1).setDryRun(true))) {
            assertThat(Request.of(request).refusal(client).name())
                    .isEqualTo("DryRunOperationException");
        }
    }

    private static GenerateDataKeyRequest.Builder dataKey(String key) {
        return GenerateDataKeyRequest.newBuilder().setKeyId(key);
    }

    private static GenerateDataKeyWithoutPlaintextRequest.Builder withoutPlaintext(String key) {
        return GenerateDataKeyWithoutPlaintextRequest.newBuilder().setKeyId(key);
    }

    private static ReEncryptRequest.Builder reEncrypt(byte[] blob, String destination) {
        return ReEncryptRequest.newBuilder()
                .setCiphertextBlob(ByteString.copyFrom(blob))
                .setDestinationKeyId(destination);
    }

    private static ReEncryptRequest.Builder good(byte[] blob, String destination) {
        return reEncrypt(blob, destination).putAllSourceEncryptionContext(CONTEXT);
    }

    private static ByteString random(Client client, int length) {
        return client.call(
                        Rpc.GENERATE_RANDOM,
                        GenerateRandomRequest.newBuilder().setNumberOfBytes(length).build())
                .getPlaintext();
    }
}
