package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.v1.GetPublicKeyRequest;
import io.keyhold.v1.GetPublicKeyResponse;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.MessageType;
import io.keyhold.v1.SignRequest;
import io.keyhold.v1.SigningAlgorithmSpec;
import io.keyhold.v1.VerifyRequest;
import io.keyhold.v1.VerifyResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sign, Verify and GetPublicKey, by the word of OpenSSL. */
final class SignaturesIT {

    private static final byte[] MESSAGE = "attack at dawn".getBytes(UTF_8);
    private static final Map<KeySpec.Value, KeyMetadata> keys = new EnumMap<>(KeySpec.Value.class);

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    static Stream<Arguments> algorithms() {
        return Stream.of(io.keyhold.key.KeySpec.values())
                .filter(spec -> spec.name().matches("RSA.*|ECC.*"))
                .flatMap(
                        spec ->
                                SigningAlgorithm.of(spec).stream()
                                        .map(
                                                each ->
                                                        Arguments.of(
                                                                KeySpec.Value.valueOf(spec.name()),
                                                                SigningAlgorithmSpec.Value.valueOf(
                                                                        each.name()))));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void opensslVerifiesOurSignatures(KeySpec.Value spec, SigningAlgorithmSpec.Value algorithm) {
        String key = key(spec).getKeyId();
        List<SignRequest> requests = new ArrayList<>();
        requests.add(sign(key, algorithm).build());
        requests.add(sign(key, algorithm).setMessageType(MessageType.Value.RAW).build());
        if (spec != KeySpec.Value.ECC_NIST_EDWARDS25519) {
            requests.add(digested(sign(key, algorithm)).build());
        }
        for (SignRequest request : requests) {
            ByteString signature = one.client().call(Rpc.SIGN, request).getSignature();

            assertThat(opensslVerifies(publicKey(key), algorithm, signature)).isTrue();
            VerifyRequest verify = verify(request, signature).build();
            assertThat(one.client().call(Rpc.VERIFY, verify))
                    .isEqualTo(
                            VerifyResponse.newBuilder()
                                    .setKeyId(key(spec).getArn())
                                    .setSignatureValid(true)
                                    .setSigningAlgorithm(algorithm)
                                    .build());
            for (VerifyRequest.Builder bad :
                    List.of(
                            verify(request, flipped(signature)),
                            verify(request, signature.substring(1)),
                            verify(request, signature.concat(ByteString.copyFrom(new byte[1]))),
                            verify(request, signature).setMessage(flipped(request.getMessage())))) {
                Refusal refusal = Request.of(bad).refusal(one.client());
                assertThat(refusal).isEqualTo(new Refusal("KMSInvalidSignatureException", ""));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.Value.class,
            names = "(RSA|ECC)_.*",
            mode = EnumSource.Mode.MATCH_ANY)
    void aKeySaysWhatItCanDo(KeySpec.Value spec) {
        KeyMetadata metadata = key(spec);
        GetPublicKeyResponse publicKey = publicKey(metadata.getKeyId());

        assertThat(metadata.getKeyUsage()).isEqualTo(KeyUsageType.Value.SIGN_VERIFY);
        assertThat(metadata.hasCurrentKeyMaterialId()).isFalse();
        assertThat(metadata.getEncryptionAlgorithmsList()).isEmpty();
        assertThat(metadata.getMacAlgorithmsList()).isEmpty();
        assertThat(metadata.getSigningAlgorithmsList())
                .extracting(Enum::name)
                .containsExactlyElementsOf(
                        SigningAlgorithm.of(io.keyhold.key.KeySpec.valueOf(spec.name())).stream()
                                .map(Enum::name)
                                .toList());
        assertThat(publicKey.getKeyId()).isEqualTo(metadata.getArn());
        assertThat(publicKey.getKeySpec()).isEqualTo(spec);
        assertThat(publicKey.getKeyUsage()).isEqualTo(metadata.getKeyUsage());
        assertThat(publicKey.getSigningAlgorithmsList())
                .isEqualTo(metadata.getSigningAlgorithmsList());
        assertThat(publicKey.hasCustomerMasterKeySpec())
                .isEqualTo(spec != KeySpec.Value.ECC_NIST_EDWARDS25519);
    }

    /** With AWS's recorded messages, where there are any. */
    @Test
    void whatDoesNotFitIsRefused() {
        String rsa = key(KeySpec.Value.RSA_2048).getKeyId();
        String curve = key(KeySpec.Value.ECC_NIST_P256).getKeyId();
        String edwards = key(KeySpec.Value.ECC_NIST_EDWARDS25519).getKeyId();
        KeyMetadata cipher = one.client().createKey();
        SigningAlgorithmSpec.Value pss = SigningAlgorithmSpec.Value.RSASSA_PSS_SHA_384;
        SigningAlgorithmSpec.Value ecdsa = SigningAlgorithmSpec.Value.ECDSA_SHA_256;
        SigningAlgorithmSpec.Value pure = SigningAlgorithmSpec.Value.ED25519_SHA_512;

        assertRefused(
                sign(rsa, pss).setMessageType(MessageType.Value.DIGEST),
                "ValidationException",
                "Digest is invalid length for algorithm RSASSA_PSS_SHA_384.");
        assertRefused(
                sign(rsa, ecdsa),
                "InvalidKeyUsageException",
                "Algorithm ECDSA_SHA_256 is incompatible with key spec RSA_2048.");
        assertRefused(
                sign(curve, SigningAlgorithmSpec.Value.ECDSA_SHA_384),
                "InvalidKeyUsageException",
                "Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.");
        assertRefused(
                sign(cipher.getKeyId(), ecdsa),
                "InvalidKeyUsageException",
                cipher.getArn() + " key usage is ENCRYPT_DECRYPT which is not valid for Sign.");
        assertRefused(
                sign(edwards, pure).setMessageType(MessageType.Value.DIGEST),
                "ValidationException",
                "MessageType DIGEST is not valid for algorithm ED25519_SHA_512.");
        assertRefused(
                sign(rsa, pss).setMessageType(MessageType.Value.EXTERNAL_MU),
                "ValidationException",
                "MessageType EXTERNAL_MU is not valid for algorithm RSASSA_PSS_SHA_384.");
        assertRefused(
                sign(edwards, SigningAlgorithmSpec.Value.ED25519_PH_SHA_512),
                "UnsupportedOperationException",
                "SigningAlgorithm ED25519_PH_SHA_512 is not supported: SunPKCS11 cannot carry the"
                        + " parameters of CKM_EDDSA.");
        assertRefused(
                Request.of(GetPublicKeyRequest.newBuilder().setKeyId(cipher.getKeyId())),
                "UnsupportedOperationException",
                cipher.getArn() + " has key spec SYMMETRIC_DEFAULT, which has no public key.");
    }

    private static void assertRefused(SignRequest.Builder request, String name, String text) {
        assertRefused(Request.of(request), name, text);
    }

    private static void assertRefused(Request<?> request, String name, String text) {
        assertThat(request.refusal(one.client())).isEqualTo(new Refusal(name, text));
    }

    private static KeyMetadata key(KeySpec.Value spec) {
        return keys.computeIfAbsent(
                spec, each -> one.client().createKey(each, KeyUsageType.Value.SIGN_VERIFY));
    }

    private static GetPublicKeyResponse publicKey(String key) {
        return one.client()
                .call(Rpc.GET_PUBLIC_KEY, GetPublicKeyRequest.newBuilder().setKeyId(key).build());
    }

    private static SignRequest.Builder sign(String key, SigningAlgorithmSpec.Value algorithm) {
        return SignRequest.newBuilder()
                .setKeyId(key)
                .setMessage(ByteString.copyFrom(MESSAGE))
                .setSigningAlgorithm(algorithm);
    }

    private static SignRequest.Builder digested(SignRequest.Builder request) {
        byte[] digest =
                SigningAlgorithm.valueOf(request.getSigningAlgorithm().name())
                        .input(request.getMessage().toByteArray());
        return request.setMessage(ByteString.copyFrom(digest))
                .setMessageType(MessageType.Value.DIGEST);
    }

    private static VerifyRequest.Builder verify(SignRequest signed, ByteString signature) {
        return VerifyRequest.newBuilder()
                .setKeyId(signed.getKeyId())
                .setMessage(signed.getMessage())
                .setMessageType(signed.getMessageType())
                .setSigningAlgorithm(signed.getSigningAlgorithm())
                .setSignature(signature);
    }

    private static ByteString flipped(ByteString bytes) {
        byte[] changed = bytes.toByteArray();
        changed[changed.length - 1] ^= 1;
        return ByteString.copyFrom(changed);
    }

    private static boolean opensslVerifies(
            GetPublicKeyResponse key, SigningAlgorithmSpec.Value algorithm, ByteString signature) {
        Path folder = one.home().scratch("openssl");
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("public.der"), key.getPublicKey().toByteArray());
            Files.write(folder.resolve("message"), MESSAGE);
            Files.write(folder.resolve("signature"), signature.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Commands.run(folder, Map.of(), openssl(algorithm)).exitCode() == 0;
    }

    private static String[] openssl(SigningAlgorithmSpec.Value algorithm) {
        String name = algorithm.name();
        if (name.startsWith("ED25519")) {
            return ("openssl pkeyutl -verify -pubin -keyform DER -inkey public.der -rawin"
                            + " -in message -sigfile signature")
                    .split(" ");
        }
        String hash = "sha" + name.substring(name.length() - 3);
        String padding =
                name.contains("PSS")
                        ? " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"
                        : "";
        return ("openssl dgst -%s -keyform DER -verify public.der%s -signature signature message")
                .formatted(hash, padding)
                .split(" ");
    }
}
