package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.testkit.Wrapping;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AlgorithmSpec;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.GetKeyLastUsageResponse;
import software.amazon.awssdk.services.kms.model.GetKeyRotationStatusResponse;
import software.amazon.awssdk.services.kms.model.GetParametersForImportResponse;
import software.amazon.awssdk.services.kms.model.ImportKeyMaterialResponse;
import software.amazon.awssdk.services.kms.model.IncludeKeyMaterial;
import software.amazon.awssdk.services.kms.model.IncorrectKeyMaterialException;
import software.amazon.awssdk.services.kms.model.InvalidMarkerException;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.RotationType;
import software.amazon.awssdk.services.kms.model.RotationsListEntry;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;
import software.amazon.awssdk.services.kms.model.WrappingKeySpec;

/** The materials of keys, made and imported, by AWS's SDK. */
final class AwsVerbsOfMaterial {

    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");

    private AwsVerbsOfMaterial() {}

    static Stream<AwsVerb> rows() {
        return Stream.of(rotations(), imports()).flatMap(List::stream);
    }

    private static List<AwsVerb> rotations() {
        return List.of(
                AwsVerb.of(
                        "RotateKeyOnDemand",
                        AwsVerbsOfMaterial::rotate,
                        DisabledException.class,
                        kms -> {
                            String key = AwsKeys.disabled(kms);
                            kms.rotateKeyOnDemand(r -> r.keyId(key));
                        }),
                AwsVerb.of(
                        "ListKeyRotations",
                        AwsVerbsOfMaterial::rotate,
                        InvalidMarkerException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.listKeyRotations(r -> r.keyId(key).marker("mine"));
                        }),
                AwsVerb.of(
                        "EnableKeyRotation",
                        AwsVerbsOfMaterial::rotateAtDates,
                        UnsupportedOperationException.class,
                        kms -> {
                            String key = AwsKeys.mac(kms);
                            kms.enableKeyRotation(r -> r.keyId(key));
                        }),
                AwsVerb.of(
                        "DisableKeyRotation",
                        AwsVerbsOfMaterial::rotateNoMore,
                        NotFoundException.class,
                        kms -> kms.disableKeyRotation(r -> r.keyId(AwsKeys.NOBODY))),
                AwsVerb.of(
                        "GetKeyRotationStatus",
                        AwsVerbsOfMaterial::rotateAtDates,
                        UnsupportedOperationException.class,
                        kms -> {
                            String key = AwsKeys.mac(kms);
                            kms.getKeyRotationStatus(r -> r.keyId(key));
                        }),
                AwsVerb.of(
                        "GetKeyLastUsage",
                        AwsVerbsOfMaterial::lastUsage,
                        NotFoundException.class,
                        kms -> kms.getKeyLastUsage(r -> r.keyId(AwsKeys.NOBODY))));
    }

    private static List<AwsVerb> imports() {
        return List.of(
                AwsVerb.of(
                        "GetParametersForImport",
                        AwsVerbsOfMaterial::parametersOfOneDay,
                        UnsupportedOperationException.class,
                        kms -> parameters(kms, AwsKeys.id(kms))),
                AwsVerb.of(
                        "ImportKeyMaterial",
                        AwsVerbsOfMaterial::importAndUse,
                        IncorrectKeyMaterialException.class,
                        kms -> bring(kms, AwsKeys.external(kms), Wrapping.random(31))),
                AwsVerb.of(
                        "DeleteImportedKeyMaterial",
                        AwsVerbsOfMaterial::deleteAndBringBack,
                        UnsupportedOperationException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.deleteImportedKeyMaterial(r -> r.keyId(key));
                        }));
    }

    private static void rotate(KmsClient kms) {
        KeyMetadata key = AwsKeys.symmetric(kms);
        SdkBytes old = encrypt(kms, key.keyId());
        assertThat(kms.rotateKeyOnDemand(r -> r.keyId(key.keyId())).keyId()).isEqualTo(key.keyId());
        List<RotationsListEntry> all =
                kms.listKeyRotations(
                                r ->
                                        r.keyId(key.keyId())
                                                .includeKeyMaterial(
                                                        IncludeKeyMaterial.ALL_KEY_MATERIAL))
                        .rotations();

        assertThat(all).hasSize(2);
        assertThat(all.getFirst().keyMaterialId()).isEqualTo(key.currentKeyMaterialId());
        assertThat(all.getLast().rotationType()).isEqualTo(RotationType.ON_DEMAND);
        assertThat(all.getLast().rotationDate())
                .isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        assertThat(kms.decrypt(r -> r.ciphertextBlob(old)).plaintext()).isEqualTo(PLAINTEXT);
        assertThat(materialOf(kms, encrypt(kms, key.keyId())))
                .isEqualTo(all.getLast().keyMaterialId());
    }

    private static String materialOf(KmsClient kms, SdkBytes blob) {
        return kms.decrypt(r -> r.ciphertextBlob(blob)).keyMaterialId();
    }

    private static void rotateAtDates(KmsClient kms) {
        String key = AwsKeys.id(kms);
        kms.enableKeyRotation(r -> r.keyId(key).rotationPeriodInDays(90));
        GetKeyRotationStatusResponse status = kms.getKeyRotationStatus(r -> r.keyId(key));

        assertThat(status.keyRotationEnabled()).isTrue();
        assertThat(status.rotationPeriodInDays()).isEqualTo(90);
        assertThat(status.nextRotationDate())
                .isCloseTo(Instant.now().plus(Duration.ofDays(90)), within(1, ChronoUnit.HOURS));
    }

    private static void rotateNoMore(KmsClient kms) {
        String key = AwsKeys.id(kms);
        kms.enableKeyRotation(r -> r.keyId(key));
        kms.disableKeyRotation(r -> r.keyId(key));
        assertThat(kms.getKeyRotationStatus(r -> r.keyId(key)).keyRotationEnabled()).isFalse();
    }

    private static void lastUsage(KmsClient kms) {
        KeyMetadata key = AwsKeys.symmetric(kms);
        String request =
                kms.encrypt(r -> r.keyId(key.keyId()).plaintext(PLAINTEXT))
                        .responseMetadata()
                        .requestId();
        GetKeyLastUsageResponse usage = kms.getKeyLastUsage(r -> r.keyId(key.keyId()));

        assertThat(usage.keyLastUsage().operationAsString()).isEqualTo("Encrypt");
        assertThat(usage.keyLastUsage().kmsRequestId()).isEqualTo(request);
        assertThat(usage.keyCreationDate()).isEqualTo(key.creationDate());
    }

    private static void parametersOfOneDay(KmsClient kms) {
        String key = AwsKeys.external(kms);
        GetParametersForImportResponse parameters = parameters(kms, key);

        assertThat(parameters.keyId()).endsWith(":key/" + key);
        assertThat(parameters.importToken().asByteArray()).isNotEmpty();
        assertThat(parameters.parametersValidTo())
                .isCloseTo(Instant.now().plus(Duration.ofDays(1)), within(1, ChronoUnit.MINUTES));
    }

    private static void importAndUse(KmsClient kms) {
        String key = AwsKeys.external(kms);
        ImportKeyMaterialResponse imported = bring(kms, key, Wrapping.random(32));

        assertThat(imported.keyId()).endsWith(":key/" + key);
        assertThat(materialOf(kms, encrypt(kms, key))).isEqualTo(imported.keyMaterialId());
    }

    private static void deleteAndBringBack(KmsClient kms) {
        String key = AwsKeys.external(kms);
        byte[] material = Wrapping.random(32);
        String id = bring(kms, key, material).keyMaterialId();
        SdkBytes blob = encrypt(kms, key);

        assertThat(kms.deleteImportedKeyMaterial(r -> r.keyId(key)).keyMaterialId()).isEqualTo(id);
        assertThat(kms.describeKey(r -> r.keyId(key)).keyMetadata().keyState())
                .isEqualTo(KeyState.PENDING_IMPORT);
        bring(kms, key, material);
        assertThat(kms.decrypt(r -> r.ciphertextBlob(blob)).plaintext()).isEqualTo(PLAINTEXT);
    }

    private static SdkBytes encrypt(KmsClient kms, String key) {
        return kms.encrypt(r -> r.keyId(key).plaintext(PLAINTEXT)).ciphertextBlob();
    }

    private static GetParametersForImportResponse parameters(KmsClient kms, String key) {
        return kms.getParametersForImport(
                r ->
                        r.keyId(key)
                                .wrappingAlgorithm(AlgorithmSpec.RSAES_OAEP_SHA_256)
                                .wrappingKeySpec(WrappingKeySpec.RSA_2048));
    }

    private static ImportKeyMaterialResponse bring(KmsClient kms, String key, byte[] material) {
        GetParametersForImportResponse parameters = parameters(kms, key);
        byte[] wrapped =
                Wrapping.wrap(
                        parameters.publicKey().asByteArray(),
                        WrappingAlgorithm.RSAES_OAEP_SHA_256,
                        material);
        return kms.importKeyMaterial(
                r ->
                        r.keyId(key)
                                .importToken(parameters.importToken())
                                .encryptedKeyMaterial(SdkBytes.fromByteArray(wrapped))
                                .expirationModel(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE));
    }
}
