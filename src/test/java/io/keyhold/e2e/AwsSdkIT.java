package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.v1.StatusType;
import io.keyhold.v1.UpdateAccessKeyRequest;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/** The AWS SDK for Java, unmodified, but for its endpoint. */
final class AwsSdkIT {

    private static final Map<String, String> CONTEXT = Map.of("purpose", "test");
    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static KmsClient kms;

    @BeforeAll
    static void connect() {
        kms = AwsUser.create(one, "sdk", "kms:*").client();
    }

    @AfterAll
    static void close() {
        kms.close();
    }

    @Test
    void aKeyEncryptsRotatesAndDecrypts() {
        KeyMetadata key = kms.createKey(r -> r.description("by the SDK")).keyMetadata();
        kms.createAlias(r -> r.aliasName("alias/sdk").targetKeyId(key.keyId()));

        EncryptResponse encrypted =
                kms.encrypt(
                        r -> r.keyId("alias/sdk").plaintext(PLAINTEXT).encryptionContext(CONTEXT));
        kms.rotateKeyOnDemand(r -> r.keyId(key.keyId()));
        DecryptResponse decrypted =
                kms.decrypt(
                        r ->
                                r.ciphertextBlob(encrypted.ciphertextBlob())
                                        .encryptionContext(CONTEXT));

        assertThat(key.keyState()).isEqualTo(KeyState.ENABLED);
        assertThat(key.creationDate()).isBeforeOrEqualTo(Instant.now());
        assertThat(encrypted.keyId()).isEqualTo(key.arn());
        assertThat(decrypted.plaintext()).isEqualTo(PLAINTEXT);
        assertThat(decrypted.keyId()).isEqualTo(key.arn());
        assertThat(kms.listKeyRotations(r -> r.keyId(key.keyId())).rotations()).hasSize(1);
        assertThat(kms.listAliases(r -> r.keyId(key.keyId())).aliases()).hasSize(1);
        assertThat(kms.listResourceTags(r -> r.keyId(key.keyId())).hasTags()).isTrue();
    }

    @Test
    void dataKeysAndSignatures() {
        String key = kms.createKey().keyMetadata().keyId();
        GenerateDataKeyResponse data =
                kms.generateDataKey(r -> r.keyId(key).keySpec(DataKeySpec.AES_256));
        assertThat(data.plaintext().asByteArray()).hasSize(32);
        assertThat(kms.decrypt(r -> r.ciphertextBlob(data.ciphertextBlob())).plaintext())
                .isEqualTo(data.plaintext());

        String pair =
                kms.createKey(
                                r ->
                                        r.keySpec(KeySpec.ECC_NIST_P256)
                                                .keyUsage(KeyUsageType.SIGN_VERIFY))
                        .keyMetadata()
                        .keyId();
        SdkBytes signature =
                kms.sign(
                                r ->
                                        r.keyId(pair)
                                                .message(PLAINTEXT)
                                                .messageType(MessageType.RAW)
                                                .signingAlgorithm(
                                                        SigningAlgorithmSpec.ECDSA_SHA_256))
                        .signature();
        assertThat(
                        kms.verify(
                                        r ->
                                                r.keyId(pair)
                                                        .message(PLAINTEXT)
                                                        .signature(signature)
                                                        .signingAlgorithm(
                                                                SigningAlgorithmSpec.ECDSA_SHA_256))
                                .signatureValid())
                .isTrue();
    }

    @Test
    void aGrantIsListedWithItsConstraints() {
        String key = kms.createKey().keyMetadata().keyId();
        kms.createGrant(
                r ->
                        r.keyId(key)
                                .granteePrincipal("arn:aws:iam::123456789012:user/sdk")
                                .operations(GrantOperation.DECRYPT)
                                .constraints(c -> c.encryptionContextEquals(CONTEXT)));
        assertThat(kms.listGrants(r -> r.keyId(key)).grants())
                .singleElement()
                .matches(grant -> grant.constraints().encryptionContextEquals().equals(CONTEXT))
                .matches(grant -> grant.operations().contains(GrantOperation.DECRYPT));
    }

    @Test
    void errorsAreTheSdksOwn() {
        NotFoundException unknown =
                catchThrowableOfType(
                        NotFoundException.class,
                        () -> kms.describeKey(r -> r.keyId("alias/nobody")));
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.requestId()).matches("[0-9a-f-]{36}");
        assertThat(unknown.awsErrorDetails().errorMessage()).contains("alias/nobody");
        InvalidCiphertextException bad =
                catchThrowableOfType(
                        InvalidCiphertextException.class,
                        () -> kms.decrypt(r -> r.ciphertextBlob(PLAINTEXT)));
        assertThat(bad.awsErrorDetails().errorCode()).isEqualTo("InvalidCiphertextException");
        assertThat(code(kms, "INVALID")).isEqualTo("ValidationException");
    }

    private static String code(KmsClient client, String keyId) {
        KmsException e =
                catchThrowableOfType(
                        KmsException.class,
                        () ->
                                client.generateMac(
                                        r ->
                                                r.keyId(keyId)
                                                        .macAlgorithm("INVALID")
                                                        .message(PLAINTEXT)));
        return e.awsErrorDetails().errorCode();
    }

    @Test
    void onlyWhoHasTheSecretGetsIn() {
        AwsUser mallory = AwsUser.create(one, "mallory", "kms:ListKeys");
        AwsUser nobody = new AwsUser(mallory.endpoint(), "", "AKIA" + "2".repeat(16), "secret");
        try (KmsClient forged = mallory.withSecret("0".repeat(40)).client();
                KmsClient unknown = nobody.client();
                KmsClient right = mallory.client()) {
            assertThat(listed(forged)).isEqualTo("InvalidSignatureException");
            assertThat(listed(unknown)).isEqualTo("UnrecognizedClientException");
            assertThat(listed(right)).isEqualTo("");
            assertThat(created(right)).isEqualTo("AccessDeniedException");
            Request.of(
                            UpdateAccessKeyRequest.newBuilder()
                                    .setUserName("mallory")
                                    .setAccessKeyId(mallory.accessKeyId())
                                    .setStatus(StatusType.Value.Inactive))
                    .send(one.client());
            assertThat(listed(right)).isEqualTo("UnrecognizedClientException");
        }
    }

    @Test
    void theAuditNamesTheUser() {
        String key = kms.createKey().keyMetadata().keyId();
        var event = one.home().journal().successes("CreateKey").getLast();
        assertThat(event.path("responseElements").toString()).contains(key);
        assertThat(event.path("userIdentity").path("arn").asString()).endsWith(":user/sdk");
        assertThat(event.path("userIdentity").path("accessKeyId").asString())
                .matches("AKIA[A-Z2-7]{16}");
        assertThat(event.path("sourceIPAddress").asString()).isEqualTo("127.0.0.1");
        assertThat(event.path("userAgent").asString()).contains("aws-sdk-java");
    }

    private static String listed(KmsClient client) {
        return refused(client::listKeys);
    }

    private static String created(KmsClient client) {
        return refused(client::createKey);
    }

    private static String refused(Runnable call) {
        try {
            call.run();
            return "";
        } catch (KmsException e) {
            return e.awsErrorDetails().errorCode();
        }
    }
}
