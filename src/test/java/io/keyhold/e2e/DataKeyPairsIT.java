package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.DataKeyPairSpec;
import io.keyhold.v1.GenerateDataKeyPairRequest;
import io.keyhold.v1.GenerateDataKeyPairResponse;
import io.keyhold.v1.GenerateDataKeyPairWithoutPlaintextRequest;
import io.keyhold.v1.GenerateDataKeyPairWithoutPlaintextResponse;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** GenerateDataKeyPair and GenerateDataKeyPairWithoutPlaintext, by the word of OpenSSL. */
final class DataKeyPairsIT {

    private static final Map<String, String> CONTEXT = Map.of("a", "b");

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static KeyMetadata key;

    @BeforeAll
    static void makeKey() {
        key = one.client().createKey();
    }

    @ParameterizedTest
    @EnumSource(
            value = DataKeyPairSpec.Value.class,
            names = "(RSA|ECC)_.*",
            mode = EnumSource.Mode.MATCH_ANY)
    void bothHalvesBelongTogether(DataKeyPairSpec.Value spec) throws IOException {
        GenerateDataKeyPairResponse made =
                one.client()
                        .call(
                                Rpc.DATA_KEY_PAIR,
                                GenerateDataKeyPairRequest.newBuilder()
                                        .setKeyId(key.getKeyId())
                                        .putAllEncryptionContext(CONTEXT)
                                        .setKeyPairSpec(spec)
                                        .build());

        byte[] privateKey = made.getPrivateKeyPlaintext().toByteArray();
        assertThat(made.getKeyId()).isEqualTo(key.getArn());
        assertThat(made.getKeyPairSpec()).isEqualTo(spec);
        assertThat(made.getKeyMaterialId()).isEqualTo(key.getCurrentKeyMaterialId());
        assertThat(publicHalfOf(privateKey)).isEqualTo(made.getPublicKey().toByteArray());
        assertThat(one.client().decrypt(made.getPrivateKeyCiphertextBlob().toByteArray(), CONTEXT))
                .isEqualTo(privateKey);
        assertThat(Commands.text(one.home().path("audit/journal.jsonl")))
                .doesNotContain("privateKeyPlaintext\":\"");
    }

    @Test
    void thePrivateHalfMayStaySealed() throws IOException {
        GenerateDataKeyPairWithoutPlaintextResponse made =
                one.client()
                        .call(
                                Rpc.SEALED_DATA_KEY_PAIR,
                                GenerateDataKeyPairWithoutPlaintextRequest.newBuilder()
                                        .setKeyId(key.getKeyId())
                                        .setKeyPairSpec(DataKeyPairSpec.Value.RSA_2048)
                                        .build());

        byte[] privateKey =
                one.client().decrypt(made.getPrivateKeyCiphertextBlob().toByteArray(), Map.of());
        assertThat(publicHalfOf(privateKey)).isEqualTo(made.getPublicKey().toByteArray());
        assertThat(one.home().token().objects()).as("the key's alone").hasSize(1);
    }

    @Test
    void whatCannotBeMadeIsRefused() {
        GenerateDataKeyPairRequest.Builder request =
                GenerateDataKeyPairRequest.newBuilder().setKeyId(key.getKeyId());
        KeyMetadata mac =
                one.client()
                        .createKey(KeySpec.Value.HMAC_256, KeyUsageType.Value.GENERATE_VERIFY_MAC);

        assertThat(
                        Request.of(request.setKeyPairSpec(DataKeyPairSpec.Value.ML_KEM_768))
                                .refusal(one.client()))
                .isEqualTo(
                        new Refusal(
                                "UnsupportedOperationException",
                                "KeySpec ML_KEM_768 is not supported: SunPKCS11 cannot carry"
                                        + " CKM_ML_KEM."));
        assertThat(
                        Request.of(
                                        request.setKeyPairSpec(DataKeyPairSpec.Value.RSA_2048)
                                                .setKeyId(mac.getKeyId()))
                                .refusal(one.client())
                                .name())
                .isEqualTo("InvalidKeyUsageException");
    }

    private static byte[] publicHalfOf(byte[] privateKey) throws IOException {
        Path folder = Files.createDirectories(one.home().scratch("openssl"));
        Files.write(folder.resolve("private.der"), privateKey);
        Commands.Outcome outcome =
                Commands.run(
                        folder,
                        Map.of(),
                        ("openssl pkey -inform DER -in private.der -pubout -outform DER"
                                        + " -out public.der")
                                .split(" "));
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return Files.readAllBytes(folder.resolve("public.der"));
    }
}
