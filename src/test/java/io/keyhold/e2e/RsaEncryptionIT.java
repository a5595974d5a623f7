package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.keyhold.v1.DataKeySpec;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GetPublicKeyRequest;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.ReEncryptResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Encrypt, Decrypt and ReEncrypt with RSA keys, and with OpenSSL at the other end. */
final class RsaEncryptionIT {

    private static final byte[] PLAINTEXT = "attack at dawn".getBytes(UTF_8);
    private static final EncryptionAlgorithmSpec.Value SHA_1 =
            EncryptionAlgorithmSpec.Value.RSAES_OAEP_SHA_1;
    private static final EncryptionAlgorithmSpec.Value SHA_256 =
            EncryptionAlgorithmSpec.Value.RSAES_OAEP_SHA_256;
    private static final Map<KeySpec.Value, KeyMetadata> keys = new EnumMap<>(KeySpec.Value.class);

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    static Stream<Arguments> algorithms() {
        return Stream.of(KeySpec.Value.RSA_2048, KeySpec.Value.RSA_3072, KeySpec.Value.RSA_4096)
                .flatMap(spec -> Stream.of(Arguments.of(spec, SHA_1), Arguments.of(spec, SHA_256)));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void whatIsEncryptedDecrypts(KeySpec.Value spec, EncryptionAlgorithmSpec.Value algorithm) {
        KeyMetadata key = key(spec);
        int modulus = Integer.parseInt(spec.name().substring(4)) / 8;
        int room = modulus - 2 - (algorithm == SHA_1 ? 40 : 64);
        assertThat(key.getEncryptionAlgorithmsList()).containsExactly(SHA_1, SHA_256);

        EncryptResponse sealed = one.client().call(Rpc.ENCRYPT, encrypt(key, algorithm).build());

        assertThat(sealed.getCiphertextBlob().size()).isEqualTo(modulus);
        assertThat(sealed.getEncryptionAlgorithm()).isEqualTo(algorithm);
        DecryptResponse opened =
                one.client()
                        .call(
                                Rpc.DECRYPT,
                                decrypt(key, algorithm, sealed.getCiphertextBlob()).build());
        assertThat(opened.getPlaintext().toByteArray()).isEqualTo(PLAINTEXT);
        assertThat(opened.getKeyId()).isEqualTo(key.getArn());
        assertThat(opened.getEncryptionAlgorithm()).isEqualTo(algorithm);
        assertThat(opened.hasKeyMaterialId()).isFalse();
        EncryptRequest.Builder most =
                encrypt(key, algorithm).setPlaintext(ByteString.copyFrom(new byte[room]));
        assertThat(one.client().call(Rpc.ENCRYPT, most.build()).getCiphertextBlob()).isNotEmpty();
        assertThat(
                        Request.of(most.setPlaintext(ByteString.copyFrom(new byte[room + 1])))
                                .refusal(one.client()))
                .isEqualTo(
                        new Refusal(
                                "ValidationException",
                                "Algorithm %s and key spec %s cannot encrypt data larger than %d bytes."
                                        .formatted(algorithm, spec, room)));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void whatOpensslEncryptsDecrypts(KeySpec.Value spec, EncryptionAlgorithmSpec.Value algorithm)
            throws IOException {
        KeyMetadata key = key(spec);
        Path folder = Files.createDirectories(one.home().scratch("openssl"));
        Files.write(folder.resolve("plaintext"), PLAINTEXT);
        Files.write(
                folder.resolve("public.der"),
                one.client()
                        .call(
                                Rpc.GET_PUBLIC_KEY,
                                GetPublicKeyRequest.newBuilder().setKeyId(key.getKeyId()).build())
                        .getPublicKey()
                        .toByteArray());
        String hash = algorithm == SHA_1 ? "sha1" : "sha256";
        Commands.Outcome outcome =
                Commands.run(
                        folder,
                        Map.of(),
                        ("openssl pkeyutl -encrypt -pubin -keyform DER -inkey public.der"
                                        + " -in plaintext -out ciphertext"
                                        + " -pkeyopt rsa_padding_mode:oaep"
                                        + " -pkeyopt rsa_oaep_md:%s -pkeyopt rsa_mgf1_md:%s")
                                .formatted(hash, hash)
                                .split(" "));
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();

        ByteString blob = ByteString.copyFrom(Files.readAllBytes(folder.resolve("ciphertext")));

        assertThat(
                        one.client()
                                .call(Rpc.DECRYPT, decrypt(key, algorithm, blob).build())
                                .getPlaintext()
                                .toByteArray())
                .isEqualTo(PLAINTEXT);
    }

    /** From one kind of key to the other, and back. */
    @Test
    void itIsEncryptedAgain() {
        KeyMetadata pair = key(KeySpec.Value.RSA_2048);
        KeyMetadata cipher = one.client().createKey();
        byte[] blob = one.client().encrypt(cipher.getKeyId(), PLAINTEXT, Map.of("a", "b"));

        ReEncryptResponse toPair =
                one.client()
                        .call(
                                Rpc.RE_ENCRYPT,
                                ReEncryptRequest.newBuilder()
                                        .setCiphertextBlob(ByteString.copyFrom(blob))
                                        .putSourceEncryptionContext("a", "b")
                                        .setDestinationKeyId(pair.getKeyId())
                                        .setDestinationEncryptionAlgorithm(SHA_256)
                                        .build());
        ReEncryptResponse back =
                one.client()
                        .call(
                                Rpc.RE_ENCRYPT,
                                ReEncryptRequest.newBuilder()
                                        .setCiphertextBlob(toPair.getCiphertextBlob())
                                        .setSourceKeyId(pair.getKeyId())
                                        .setSourceEncryptionAlgorithm(SHA_256)
                                        .setDestinationKeyId(cipher.getKeyId())
                                        .build());

        assertThat(toPair.hasDestinationKeyMaterialId()).isFalse();
        assertThat(back.hasSourceKeyMaterialId()).isFalse();
        assertThat(back.getSourceKeyId()).isEqualTo(pair.getArn());
        assertThat(one.client().decrypt(back.getCiphertextBlob().toByteArray(), Map.of()))
                .isEqualTo(PLAINTEXT);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        KeyMetadata pair = key(KeySpec.Value.RSA_2048);
        KeyMetadata cipher = one.client().createKey();
        ByteString blob =
                one.client().call(Rpc.ENCRYPT, encrypt(pair, SHA_256).build()).getCiphertextBlob();

        assertRefused(
                Request.of(encrypt(pair, SHA_1).putEncryptionContext("a", "b")),
                "ValidationException",
                "EncryptionContext is not valid for algorithm RSAES_OAEP_SHA_1: it is for symmetric"
                        + " keys.");
        assertRefused(
                Request.of(encrypt(pair, EncryptionAlgorithmSpec.Value.UNSPECIFIED)),
                "InvalidKeyUsageException",
                "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.");
        assertRefused(
                Request.of(encrypt(cipher, SHA_1)),
                "InvalidKeyUsageException",
                "Algorithm RSAES_OAEP_SHA_1 is incompatible with key spec SYMMETRIC_DEFAULT.");
        assertRefused(
                Request.of(
                        GenerateDataKeyRequest.newBuilder()
                                .setKeyId(pair.getKeyId())
                                .setKeySpec(DataKeySpec.Value.AES_256)),
                "InvalidKeyUsageException",
                "You cannot generate a data key with an asymmetric CMK");
        for (DecryptRequest.Builder wrong :
                new DecryptRequest.Builder[] {
                    decrypt(pair, SHA_256, blob).clearKeyId(),
                    decrypt(pair, SHA_1, blob),
                    decrypt(pair, SHA_256, blob.substring(1)),
                    decrypt(pair, SHA_256, blob.concat(ByteString.copyFrom(new byte[1]))),
                    decrypt(key(KeySpec.Value.RSA_3072), SHA_256, blob),
                    decrypt(pair, EncryptionAlgorithmSpec.Value.UNSPECIFIED, blob)
                }) {
            assertRefused(Request.of(wrong), "InvalidCiphertextException", "");
        }
    }

    private static void assertRefused(Request<?> request, String name, String text) {
        assertThat(request.refusal(one.client())).isEqualTo(new Refusal(name, text));
    }

    private static KeyMetadata key(KeySpec.Value spec) {
        return keys.computeIfAbsent(
                spec, each -> one.client().createKey(each, KeyUsageType.Value.ENCRYPT_DECRYPT));
    }

    private static EncryptRequest.Builder encrypt(
            KeyMetadata key, EncryptionAlgorithmSpec.Value algorithm) {
        return EncryptRequest.newBuilder()
                .setKeyId(key.getKeyId())
                .setPlaintext(ByteString.copyFrom(PLAINTEXT))
                .setEncryptionAlgorithm(algorithm);
    }

    private static DecryptRequest.Builder decrypt(
            KeyMetadata key, EncryptionAlgorithmSpec.Value algorithm, ByteString blob) {
        return DecryptRequest.newBuilder()
                .setKeyId(key.getKeyId())
                .setCiphertextBlob(blob)
                .setEncryptionAlgorithm(algorithm);
    }
}
