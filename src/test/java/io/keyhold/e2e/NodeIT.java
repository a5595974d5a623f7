package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.amazonaws.encryptionsdk.AwsCrypto;
import com.amazonaws.encryptionsdk.CryptoAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.kms.KmsClient;
import tools.jackson.databind.JsonNode;

/** The AWS SDK and AWS's Encryption SDK for JavaScript, on Node.js. */
final class NodeIT {

    private static final Map<String, String> CONTEXT = Map.of("purpose", "test");

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static AwsUser user;

    @BeforeAll
    static void install() throws IOException {
        Node.install();
        user = AwsUser.create(one, "node", "kms:*");
    }

    @Test
    void theMainJob() {
        JsonNode seen = Node.run(user, "kms.mjs");

        assertThat(seen.path("arn").asString())
                .startsWith("arn:aws:kms:us-east-1:123456789012:key/");
        assertThat(seen.path("description").asString()).isEqualTo("by node");
        assertThat(Instant.ofEpochMilli(seen.path("created").asLong()))
                .isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        assertThat(seen.path("keyOfCiphertext")).isEqualTo(seen.path("arn"));
        assertThat(seen.path("plaintext").asString()).isEqualTo("attack at dawn");
        assertRefused(seen.path("unknown"), "NotFoundException");
        assertRefused(seen.path("withoutContext"), "InvalidCiphertextException");
        assertThat(seen.path("attemptsBehind").asInt()).isEqualTo(2);
        assertThat(seen.path("attemptsAhead").asInt()).isEqualTo(2);
        JsonNode event = one.home().journal().successes("Encrypt").getLast();
        assertThat(event.path("userAgent").asString()).contains("aws-sdk-js/3.");
        assertThat(event.path("userIdentity").path("arn").asString()).isEqualTo(user.arn());
    }

    private static void assertRefused(JsonNode refusal, String name) {
        assertThat(refusal.path("name").asString()).isEqualTo(name);
        assertThat(refusal.path("modelled").asBoolean()).isTrue();
        assertThat(refusal.path("status").asInt()).isEqualTo(400);
    }

    @Test
    void messagesOfJavaAndNodeOpenInBoth() throws IOException {
        Path ofJava = Files.createTempFile(one.home().scratch(""), "java", ".message");
        Path ofNode = Files.createTempFile(one.home().scratch(""), "node", ".message");
        AwsCrypto crypto = AwsCrypto.standard();
        try (KmsClient kms = user.client()) {
            String arn = AwsKeys.symmetric(kms).arn();
            var masterKey = EncryptionSdk.masterKey(kms, arn);
            byte[] plaintext = "from java".getBytes(UTF_8);
            Files.write(ofJava, crypto.encryptData(masterKey, plaintext, CONTEXT).getResult());

            JsonNode seen =
                    Node.run(user, "messages.mjs", arn, ofJava.toString(), ofNode.toString());
            assertOpened(seen.path("theirs"), "from java");
            assertOpened(seen.path("own"), "from node");
            assertThat(seen.path("refusal").asString()).contains("InvalidCiphertextException");

            var opened = crypto.decryptData(masterKey, Files.readAllBytes(ofNode));
            assertThat(opened.getResult()).asString(UTF_8).isEqualTo("from node");
            assertThat(opened.getEncryptionContext()).containsAllEntriesOf(CONTEXT);
            assertThat(opened.getCryptoAlgorithm()).isEqualTo(suite());
        }
    }

    private static void assertOpened(JsonNode message, String plaintext) {
        assertThat(message.path("plaintext").asString()).isEqualTo(plaintext);
        assertThat(message.path("purpose").asString()).isEqualTo("test");
        assertThat(message.path("suite").asInt()).isEqualTo(suite().getValue());
    }

    /** The one that both take where they are not told: with key commitment and a signature. */
    private static CryptoAlgorithm suite() {
        return CryptoAlgorithm.ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384;
    }
}
