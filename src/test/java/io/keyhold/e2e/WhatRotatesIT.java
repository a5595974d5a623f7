package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import io.keyhold.v1.CancelKeyDeletionRequest;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.DeleteImportedKeyMaterialRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DescribeKeyResponse;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.DisableKeyRotationRequest;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GenerateMacRequest;
import io.keyhold.v1.GenerateMacResponse;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;
import io.keyhold.v1.KeyManagementProto;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.MacAlgorithmSpec;
import io.keyhold.v1.OriginType;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import io.keyhold.v1.SignRequest;
import io.keyhold.v1.SignResponse;
import io.keyhold.v1.SigningAlgorithmSpec;
import io.keyhold.v1.UpdateAliasRequest;
import io.keyhold.v1.VerifyMacRequest;
import io.keyhold.v1.VerifyRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Which keys rotate by themselves, and what to do with the others; a test is a cell. Where AWS has
 * changed, AWS of today wins. That no date makes a disabled key rotate, or one that is pending
 * deletion, is in {@code AutomaticRotationTest}, which has a clock of its own; keys of the other
 * managers are in {@link KindsOfKeysIT} too.
 */
final class WhatRotatesIT {

    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String S3 = "Service:s3.amazonaws.com";
    private static final String UNSUPPORTED = "UnsupportedOperationException";
    private static final ByteString MESSAGE = ByteString.copyFromUtf8("attack at dawn");

    private static final Predicate<FieldDescriptor> NAMES_ONE =
            field -> field.getName().matches("(.*_)?(material_id|version|backing_key)(_.*)?");

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @RegisterExtension static final Principals principals = new Principals(one);

    @Test
    @DisplayName("Auto rotation | customer managed, symmetric | optional, off by default")
    void autoRotationSymmetricOptional() {
        String key = key().getKeyId();
        assertThat(status(key).getKeyRotationEnabled()).isFalse();
        principals.send(ROOT, enable(key));
        assertThat(status(key).getKeyRotationEnabled()).isTrue();
        assertThat(status(key).getRotationPeriodInDays()).isEqualTo(365);
    }

    @Test
    @DisplayName("Auto rotation | customer managed, asymmetric | not supported")
    void autoRotationAsymmetricNotSupported() {
        for (KeyUsageType.Value usage :
                new KeyUsageType.Value[] {
                    KeyUsageType.Value.SIGN_VERIFY, KeyUsageType.Value.ENCRYPT_DECRYPT
                }) {
            assertNotSupported(key(KeySpec.Value.RSA_2048, usage).getKeyId());
        }
        assertNotSupported(pair().getKeyId());
    }

    @Test
    @DisplayName("Auto rotation | customer managed, HMAC | not supported")
    void autoRotationHmacNotSupported() {
        assertNotSupported(hmac().getKeyId());
    }

    @Test
    @DisplayName("Auto rotation | customer managed, imported material | not supported")
    void autoRotationImportedNotSupported() {
        Client client = principals.as(ROOT);
        String key = Imports.external(client);
        client.call(Rpc.IMPORT, Imports.request(client, key));
        assertThat(client.encrypt(key, new byte[1], Map.of())).isNotEmpty();
        assertThat(principals.refused(UNSUPPORTED, ROOT, enable(key)))
                .endsWith(key + " origin is EXTERNAL which is not valid for this operation.");
    }

    @Test
    @DisplayName("Auto rotation | customer managed, custom key store | none: no such keys yet")
    void autoRotationCustomKeyStoreNone() {
        for (OriginType.Value origin :
                List.of(OriginType.Value.AWS_CLOUDHSM, OriginType.Value.EXTERNAL_KEY_STORE)) {
            principals.refused(UNSUPPORTED, ROOT, CreateKeyRequest.newBuilder().setOrigin(origin));
        }
    }

    @Test
    @DisplayName("Auto rotation | service managed | every 365 days (since 2022)")
    void autoRotationServiceManagedEveryYear() {
        EncryptResponse made =
                principals.ask(
                        S3,
                        "keyhold-on-behalf-of",
                        ROOT,
                        EncryptRequest.newBuilder().setKeyId("alias/aws/s3").setPlaintext(MESSAGE));
        GetKeyRotationStatusResponse status = status(made.getKeyId());
        assertThat(status.getKeyRotationEnabled()).isTrue();
        long days = Duration.ofDays(365).toSeconds();
        assertThat(status.getNextRotationDate().getSeconds())
                .isEqualTo(described(made.getKeyId()).getCreationDate().getSeconds() + days);
    }

    @Test
    @DisplayName("Auto rotation | service owned | as the service likes: optional for it too")
    void autoRotationServiceOwnedAsTheServiceLikes() {
        CreateKeyResponse made = principals.ask(S3, CreateKeyRequest.newBuilder());
        String key = made.getKeyMetadata().getArn();
        GetKeyRotationStatusRequest.Builder ask =
                GetKeyRotationStatusRequest.newBuilder().setKeyId(key);
        GetKeyRotationStatusResponse status = principals.ask(S3, ask);
        assertThat(status.getKeyRotationEnabled()).isFalse();
        principals.send(S3, enable(key).setRotationPeriodInDays(180));
        status = principals.ask(S3, ask);
        assertThat(status.getRotationPeriodInDays()).isEqualTo(180);
        principals.send(S3, DisableKeyRotationRequest.newBuilder().setKeyId(key));
        principals.denied(ROOT, enable(key));
        principals.denied(ROOT, ask);
    }

    @Test
    @DisplayName("Auto rotation | disabled | none, until it is enabled")
    void autoRotationDisabledNone() {
        String key = key().getKeyId();
        principals.send(ROOT, enable(key));
        principals.send(ROOT, DisableKeyRequest.newBuilder().setKeyId(key));
        assertThat(status(key).getKeyRotationEnabled()).as("what was set stays").isTrue();
        principals.refused("DisabledException", ROOT, enable(key));
        principals.refused("DisabledException", ROOT, rotate(key));
        assertThat(principals.as(ROOT).rotations(key)).isEmpty();
        principals.send(ROOT, EnableKeyRequest.newBuilder().setKeyId(key));
        principals.send(ROOT, rotate(key));
        assertThat(principals.as(ROOT).rotations(key)).hasSize(1);
    }

    @Test
    @DisplayName("Auto rotation | pending deletion | none, unless the deletion is cancelled")
    void autoRotationPendingDeletionNone() {
        String key = key().getKeyId();
        principals.send(ROOT, enable(key));
        principals.send(ROOT, ScheduleKeyDeletionRequest.newBuilder().setKeyId(key));
        assertThat(status(key).getKeyRotationEnabled()).isFalse();
        principals.refused("KMSInvalidStateException", ROOT, enable(key));
        principals.refused("KMSInvalidStateException", ROOT, rotate(key));
        principals.send(ROOT, CancelKeyDeletionRequest.newBuilder().setKeyId(key));
        assertThat(status(key).getKeyRotationEnabled()).isTrue();
    }

    @Test
    @DisplayName("Period other than a year | 90 to 2560 days | automatic (before 2024: manual)")
    void periodOfThreeMonthsToSevenYearsAutomatic() {
        String key = key().getKeyId();
        for (int days : new int[] {90, 180, 2560}) {
            principals.send(ROOT, enable(key).setRotationPeriodInDays(days));
            assertThat(status(key).getKeyRotationEnabled()).isTrue();
            assertThat(status(key).getRotationPeriodInDays()).isEqualTo(days);
        }
    }

    @Test
    @DisplayName("Period other than a year | shorter or longer | manual rotation")
    void periodShorterOrLongerManual() {
        String key = key().getKeyId();
        for (int days : new int[] {89, 2561}) {
            principals.refused(
                    "ValidationException", ROOT, enable(key).setRotationPeriodInDays(days));
        }
        assertThat(status(key).getKeyRotationEnabled()).isFalse();
    }

    @Test
    @DisplayName("Benefits of rotation | key ARN, key ID, alias | unchanged; old data decrypts")
    void rotationChangesNoName() {
        KeyMetadata key = key();
        alias("alias/rotated", key);
        Client application = principals.as(ROOT);
        byte[] before = application.encrypt("alias/rotated", new byte[] {1}, Map.of());
        principals.send(ROOT, rotate(key.getKeyId()));
        byte[] after = application.encrypt("alias/rotated", new byte[] {2}, Map.of());
        assertThat(described("alias/rotated").getArn()).isEqualTo(key.getArn());
        assertThat(described("alias/rotated").getCurrentKeyMaterialId())
                .isNotEqualTo(key.getCurrentKeyMaterialId());
        assertThat(application.decrypt(before, Map.of())).containsExactly(1);
        assertThat(application.decrypt(after, Map.of())).containsExactly(2);
    }

    @Test
    @DisplayName("Benefits of rotation | application code | unchanged: the same requests work")
    void rotationChangesNoApplication() {
        KeyMetadata key = key();
        EncryptRequest encrypt = Client.encryptRequest(key.getKeyId(), new byte[] {1}, Map.of());
        Client application = principals.as(ROOT);
        DecryptRequest decrypt =
                DecryptRequest.newBuilder()
                        .setKeyId(key.getKeyId())
                        .setCiphertextBlob(
                                application.call(Rpc.ENCRYPT, encrypt).getCiphertextBlob())
                        .build();
        for (int rotations = 1; rotations <= 2; rotations++) {
            principals.send(ROOT, rotate(key.getKeyId()));
            assertThat(application.rotations(key.getKeyId())).hasSize(rotations);
            EncryptResponse sealed = application.call(Rpc.ENCRYPT, encrypt);
            assertThat(sealed.getKeyId()).isEqualTo(key.getArn());
            DecryptResponse opened = application.call(Rpc.DECRYPT, decrypt);
            assertThat(opened.getPlaintext().toByteArray()).containsExactly(1);
            assertThat(opened.getKeyId()).isEqualTo(key.getArn());
        }
    }

    @Test
    @DisplayName(
            "Versions of material | which one decrypts | the ciphertext says; nobody can request"
                    + " one")
    void versionsOfMaterialCannotBeRequested() {
        KeyMetadata old = key();
        Client application = principals.as(ROOT);
        byte[] before = application.encrypt(old.getKeyId(), MESSAGE.toByteArray(), Map.of());
        principals.send(ROOT, rotate(old.getKeyId()));
        byte[] after = application.encrypt(old.getKeyId(), MESSAGE.toByteArray(), Map.of());
        String current = described(old.getKeyId()).getCurrentKeyMaterialId();
        assertThat(current).isNotEqualTo(old.getCurrentKeyMaterialId());
        assertThat(materialOf(before)).isEqualTo(old.getCurrentKeyMaterialId());
        assertThat(materialOf(after)).isEqualTo(current);
        assertThat(KeyManagementProto.getDescriptor().getServices().getFirst().getMethods())
                .filteredOn(verb -> verb.getInputType().getFields().stream().anyMatch(NAMES_ONE))
                .extracting(MethodDescriptor::getName)
                .as("verbs that take a version of material")
                .containsExactlyInAnyOrder("ImportKeyMaterial", "DeleteImportedKeyMaterial");
    }

    @Test
    @DisplayName("Versions of material | earlier ones | kept, each in the token")
    void versionsOfMaterialAreKept() {
        KeyMetadata key = key();
        byte[] first = principals.as(ROOT).encrypt(key.getKeyId(), new byte[] {1}, Map.of());
        principals.send(ROOT, rotate(key.getKeyId()));
        principals.send(ROOT, rotate(key.getKeyId()));
        assertThat(one.home().token().objects())
                .filteredOn(object -> object.label().contains(key.getKeyId()))
                .hasSize(3);
        assertThat(principals.as(ROOT).decrypt(first, Map.of())).containsExactly(1);
    }

    @Test
    @DisplayName("Versions of material | view, export, delete | nobody can; the key can be deleted")
    void versionsOfMaterialStayInside() {
        KeyMetadata key = key();
        byte[] sealed = principals.as(ROOT).encrypt(key.getKeyId(), new byte[] {1}, Map.of());
        principals.send(ROOT, rotate(key.getKeyId()));
        String listed = one.home().token().tool("--list-objects", "--type", "secrkey").out();
        assertThat(listed.split("(?m)^(?=\\S)"))
                .filteredOn(object -> object.contains(key.getKeyId()))
                .hasSize(2)
                .allMatch(object -> object.contains("always sensitive, never extractable"));
        principals.refused(
                UNSUPPORTED,
                ROOT,
                DeleteImportedKeyMaterialRequest.newBuilder().setKeyId(key.getKeyId()));
        assertThat(principals.as(ROOT).decrypt(sealed, Map.of())).containsExactly(1);
        principals.send(ROOT, ScheduleKeyDeletionRequest.newBuilder().setKeyId(key.getKeyId()));
    }

    @Test
    @DisplayName("Benefits of rotation | history | in the audit trail, as RotateKey")
    void rotationIsInTheAuditTrail() {
        KeyMetadata key = key();
        principals.send(ROOT, rotate(key.getKeyId()));
        assertThat(one.home().wholeJournal().successes("RotateKey"))
                .filteredOn(event -> event.at("/resources/0/ARN").asString().equals(key.getArn()))
                .singleElement()
                .extracting(event -> event.at("/serviceEventDetails/previousKeyMaterialId"))
                .extracting(JsonNode::asString)
                .isEqualTo(key.getCurrentKeyMaterialId());
    }

    @Test
    @DisplayName("Manual rotation | symmetric | the alias moves, the old key decrypts old data")
    void manualRotationSymmetric() {
        KeyMetadata old = key();
        alias("alias/my-app-key", old);
        Client application = principals.as(ROOT);
        byte[] before = application.encrypt("alias/my-app-key", new byte[] {1}, Map.of());
        KeyMetadata next = key();
        moveAlias("alias/my-app-key", next);
        EncryptRequest request =
                Client.encryptRequest("alias/my-app-key", new byte[] {2}, Map.of());
        assertThat(application.call(Rpc.ENCRYPT, request).getKeyId()).isEqualTo(next.getArn());
        assertThat(application.decrypt(before, Map.of())).containsExactly(1);
        principals.send(ROOT, DisableKeyRequest.newBuilder().setKeyId(old.getKeyId()));
        principals.refused(
                "DisabledException", ROOT, Client.decryptRequest(before, Map.of()).toBuilder());
    }

    @Test
    @DisplayName("Manual rotation | asymmetric | the alias moves, the old key verifies")
    void manualRotationAsymmetric() {
        KeyMetadata old = pair();
        alias("alias/my-signing-key", old);
        SignRequest.Builder sign =
                SignRequest.newBuilder()
                        .setKeyId("alias/my-signing-key")
                        .setMessage(MESSAGE)
                        .setSigningAlgorithm(SigningAlgorithmSpec.Value.ECDSA_SHA_256);
        SignResponse before = principals.ask(ROOT, sign);
        KeyMetadata next = pair();
        moveAlias("alias/my-signing-key", next);
        SignResponse after = principals.ask(ROOT, sign);
        assertThat(after.getKeyId()).isEqualTo(next.getArn());
        VerifyRequest.Builder verify =
                VerifyRequest.newBuilder()
                        .setMessage(MESSAGE)
                        .setSignature(before.getSignature())
                        .setSigningAlgorithm(SigningAlgorithmSpec.Value.ECDSA_SHA_256);
        principals.send(ROOT, verify.setKeyId(old.getKeyId()));
        principals.refused(
                "KMSInvalidSignatureException", ROOT, verify.setKeyId("alias/my-signing-key"));
    }

    @Test
    @DisplayName("Manual rotation | HMAC | the alias moves, the old key verifies")
    void manualRotationHmac() {
        KeyMetadata old = hmac();
        alias("alias/my-hmac-key", old);
        GenerateMacRequest.Builder generate =
                GenerateMacRequest.newBuilder()
                        .setKeyId("alias/my-hmac-key")
                        .setMessage(MESSAGE)
                        .setMacAlgorithm(MacAlgorithmSpec.Value.HMAC_SHA_256);
        GenerateMacResponse before = principals.ask(ROOT, generate);
        KeyMetadata next = hmac();
        moveAlias("alias/my-hmac-key", next);
        GenerateMacResponse after = principals.ask(ROOT, generate);
        assertThat(after.getKeyId()).isEqualTo(next.getArn());
        VerifyMacRequest.Builder verify =
                VerifyMacRequest.newBuilder()
                        .setMessage(MESSAGE)
                        .setMac(before.getMac())
                        .setMacAlgorithm(MacAlgorithmSpec.Value.HMAC_SHA_256);
        principals.send(ROOT, verify.setKeyId(old.getKeyId()));
        principals.refused("KMSInvalidMacException", ROOT, verify.setKeyId("alias/my-hmac-key"));
    }

    @Test
    void theTableOfTheReadmeIsThisOne() {
        Cells.of(WhatRotatesIT.class)
                .list(
                        List.of("rotation", "of", "what a test shows"),
                        "Auto rotation",
                        "Period other than a year",
                        "Benefits of rotation",
                        "Versions of material",
                        "Manual rotation")
                .areInTheReadme();
    }

    private static String materialOf(byte[] ciphertext) {
        DecryptRequest request = Client.decryptRequest(ciphertext, Map.of());
        return principals.as(ROOT).call(Rpc.DECRYPT, request).getKeyMaterialId();
    }

    private static void assertNotSupported(String key) {
        for (Message.Builder request :
                new Message.Builder[] {
                    enable(key), rotate(key), GetKeyRotationStatusRequest.newBuilder().setKeyId(key)
                }) {
            assertThat(principals.refused(UNSUPPORTED, ROOT, request)).isEmpty();
        }
    }

    private static KeyMetadata key() {
        return principals.as(ROOT).createKey();
    }

    private static KeyMetadata pair() {
        return key(KeySpec.Value.ECC_NIST_P256, KeyUsageType.Value.SIGN_VERIFY);
    }

    private static KeyMetadata hmac() {
        return key(KeySpec.Value.HMAC_256, KeyUsageType.Value.GENERATE_VERIFY_MAC);
    }

    private static KeyMetadata key(KeySpec.Value spec, KeyUsageType.Value usage) {
        return principals.as(ROOT).createKey(spec, usage);
    }

    private static void alias(String name, KeyMetadata key) {
        principals.send(
                ROOT,
                CreateAliasRequest.newBuilder().setAliasName(name).setTargetKeyId(key.getArn()));
    }

    private static void moveAlias(String name, KeyMetadata key) {
        principals.send(
                ROOT,
                UpdateAliasRequest.newBuilder().setAliasName(name).setTargetKeyId(key.getArn()));
    }

    private static KeyMetadata described(String key) {
        DescribeKeyResponse answer =
                principals.ask(ROOT, DescribeKeyRequest.newBuilder().setKeyId(key));
        return answer.getKeyMetadata();
    }

    private static EnableKeyRotationRequest.Builder enable(String key) {
        return EnableKeyRotationRequest.newBuilder().setKeyId(key);
    }

    private static RotateKeyOnDemandRequest.Builder rotate(String key) {
        return RotateKeyOnDemandRequest.newBuilder().setKeyId(key);
    }

    private static GetKeyRotationStatusResponse status(String key) {
        return principals.ask(ROOT, GetKeyRotationStatusRequest.newBuilder().setKeyId(key));
    }
}
