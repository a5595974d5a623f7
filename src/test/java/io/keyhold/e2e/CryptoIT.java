package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.KeyMetadata;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encrypt and decrypt. */
final class CryptoIT {

    private static final byte[] PLAINTEXT = "attack at dawn".getBytes(UTF_8);
    private static final Map<String, String> CONTEXT =
            Map.of("purpose", "test", "\u00FC\uD83D\uDD11", "\u0000\n", "empty", "");

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void whatIsEncryptedDecrypts(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata key = client.createKey();
        EncryptResponse sealed =
                client.call(Rpc.ENCRYPT, Client.encryptRequest(key.getKeyId(), PLAINTEXT, CONTEXT));
        assertThat(sealed.getKeyId()).isEqualTo(key.getArn());
        assertThat(sealed.getEncryptionAlgorithm())
                .isEqualTo(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT);
        assertThat(sealed.getCiphertextBlob().size()).isBetween(1, PLAINTEXT.length + 64);

        DecryptRequest request =
                Client.decryptRequest(sealed.getCiphertextBlob().toByteArray(), CONTEXT);
        DecryptResponse opened = client.call(Rpc.DECRYPT, request);
        assertThat(opened.getPlaintext().toByteArray()).isEqualTo(PLAINTEXT);
        assertThat(opened.getKeyId()).isEqualTo(key.getArn());
        assertThat(opened.getEncryptionAlgorithm())
                .isEqualTo(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT);
        assertThat(opened.getKeyMaterialId()).isEqualTo(key.getCurrentKeyMaterialId());
        assertThat(opened.hasCiphertextForRecipient()).isFalse();

        for (String keyId : List.of(key.getKeyId(), key.getArn())) {
            DecryptRequest named =
                    request.toBuilder()
                            .setKeyId(keyId)
                            .setEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT)
                            .build();
            assertThat(client.call(Rpc.DECRYPT, named)).isEqualTo(opened);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEncryptionIsNeverTheSameTwice(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        assertThat(client.encrypt(key, PLAINTEXT, CONTEXT))
                .isNotEqualTo(client.encrypt(key, PLAINTEXT, CONTEXT));
    }

    @ParameterizedTest
    @EnumSource
    void theOrderOfTheContextDoesNotMatter(Listener listener) {
        Client client = one.client(listener);
        Map<String, String> ascending = new TreeMap<>(Map.of("a", "1", "b", "2", "c", "3"));
        Map<String, String> descending = new TreeMap<>(ascending).descendingMap();
        byte[] blob = client.encrypt(client.createKey().getKeyId(), PLAINTEXT, ascending);
        byte[] request =
                DecryptRequest.newBuilder()
                        .setCiphertextBlob(com.google.protobuf.ByteString.copyFrom(blob))
                        .build()
                        .toByteArray();
        // Protobuf's builder sorts as it likes, so the entries are put on the wire one by one.
        for (Map.Entry<String, String> entry : descending.entrySet()) {
            byte[] one =
                    DecryptRequest.newBuilder()
                            .putEncryptionContext(entry.getKey(), entry.getValue())
                            .build()
                            .toByteArray();
            request = concatenate(request, one);
        }
        assertThat(client.send(Rpc.DECRYPT.getFullMethodName(), request)).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anotherContextIsRefused(Listener listener) {
        Client client = one.client(listener);
        byte[] blob = client.encrypt(client.createKey().getKeyId(), PLAINTEXT, CONTEXT);
        byte[] bare = client.encrypt(client.createKey().getKeyId(), PLAINTEXT, Map.of());
        Map<String, String> more = new TreeMap<>(CONTEXT);
        more.put("more", "");
        Map<String, String> less = new TreeMap<>(CONTEXT);
        less.remove("empty");
        Map<String, String> shifted = new TreeMap<>(CONTEXT);
        shifted.remove("purpose");
        shifted.put("purposet", "est");
        Map<String, String> upper = new TreeMap<>(CONTEXT);
        upper.put("purpose", "Test");
        for (Map<String, String> wrong :
                List.of(Map.<String, String>of(), more, less, shifted, upper)) {
            assertThat(Refusal.of(() -> client.decrypt(blob, wrong)))
                    .isEqualTo(new Refusal("InvalidCiphertextException", ""));
        }
        assertThat(Refusal.of(() -> client.decrypt(bare, CONTEXT)))
                .isEqualTo(new Refusal("InvalidCiphertextException", ""));
    }

    @ParameterizedTest
    @EnumSource
    void theKeyOfADecryptionMayBeNamedAndMustFit(Listener listener) {
        Client client = one.client(listener);
        byte[] blob = client.encrypt(client.createKey().getKeyId(), PLAINTEXT, CONTEXT);
        KeyMetadata other = client.createKey();
        for (String keyId : List.of(other.getKeyId(), other.getArn())) {
            DecryptRequest request =
                    Client.decryptRequest(blob, CONTEXT).toBuilder().setKeyId(keyId).build();
            assertThat(Refusal.of(() -> client.call(Rpc.DECRYPT, request)).name())
                    .isEqualTo("IncorrectKeyException");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAlgorithmOfOtherKeysIsRefused(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        byte[] blob = client.encrypt(key, PLAINTEXT, CONTEXT);
        for (EncryptionAlgorithmSpec.Value algorithm :
                List.of(
                        EncryptionAlgorithmSpec.Value.RSAES_OAEP_SHA_1,
                        EncryptionAlgorithmSpec.Value.RSAES_OAEP_SHA_256,
                        EncryptionAlgorithmSpec.Value.SM2PKE)) {
            EncryptRequest encrypt =
                    Client.encryptRequest(key, PLAINTEXT, CONTEXT).toBuilder()
                            .setEncryptionAlgorithm(algorithm)
                            .build();
            DecryptRequest decrypt =
                    Client.decryptRequest(blob, CONTEXT).toBuilder()
                            .setEncryptionAlgorithm(algorithm)
                            .build();
            assertThat(Refusal.of(() -> client.call(Rpc.ENCRYPT, encrypt)).name())
                    .isEqualTo("InvalidKeyUsageException");
            assertThat(Refusal.of(() -> client.call(Rpc.DECRYPT, decrypt)).name())
                    .isEqualTo("InvalidKeyUsageException");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDryRunDoesNothingAndSaysSo(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        byte[] blob = client.encrypt(key, PLAINTEXT, CONTEXT);
        EncryptRequest encrypt =
                Client.encryptRequest(key, PLAINTEXT, CONTEXT).toBuilder().setDryRun(true).build();
        DecryptRequest decrypt =
                Client.decryptRequest(blob, CONTEXT).toBuilder().setDryRun(true).build();
        assertThat(Refusal.of(() -> client.call(Rpc.ENCRYPT, encrypt)).name())
                .isEqualTo("DryRunOperationException");
        assertThat(Refusal.of(() -> client.call(Rpc.DECRYPT, decrypt)).name())
                .isEqualTo("DryRunOperationException");

        EncryptRequest wrong = encrypt.toBuilder().setKeyId("nobody").build();
        assertThat(Refusal.of(() -> client.call(Rpc.ENCRYPT, wrong)).name())
                .isEqualTo("NotFoundException");
        EncryptRequest wet = encrypt.toBuilder().setDryRun(false).build();
        assertThat(client.call(Rpc.ENCRYPT, wet).getCiphertextBlob()).isNotEmpty();
    }

    private static byte[] concatenate(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
