package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.keyhold.v1.KeyManagementProto;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.EncapsulationAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;
import tools.jackson.databind.JsonNode;

/** Every verb of the service by the AWS SDK for Java, well and badly, as the audit sees it too. */
final class AwsVerbsIT {

    /** What the answers of AWS do not always have either. */
    private static final Set<String> OPTIONAL =
            Set.of(
                    "CiphertextForRecipient",
                    "EncapsulationAlgorithms",
                    "EncryptionAlgorithms",
                    "KeyAgreementAlgorithms",
                    "NextMarker",
                    "OnDemandRotationStartDate");

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static final AwsAnswers answers = new AwsAnswers();
    private static KmsClient kms;

    @BeforeAll
    static void connect() {
        kms = AwsUser.create(one, "sdk", "kms:*").client(answers);
    }

    @AfterAll
    static void close() {
        kms.close();
    }

    @ParameterizedTest
    @MethodSource("usable")
    void doesWhatItSays(AwsVerb verb) {
        answers.clear();
        verb.good().accept(kms);
        assertThat(answers.lacking(verb.name())).isSubsetOf(OPTIONAL);
    }

    @ParameterizedTest
    @MethodSource("all")
    void refusesInTheWordsOfAws(AwsVerb verb) {
        KmsException refusal =
                catchThrowableOfType(KmsException.class, () -> verb.bad().accept(kms));

        assertThat(refusal).as(verb.name()).isExactlyInstanceOf(verb.refused());
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(verb.code());
        assertThat(refusal.statusCode()).isEqualTo(400);
        JsonNode event = one.home().journal().events().getLast();
        assertThat(event.path("eventName").asString()).isEqualTo(verb.name());
        assertThat(event.path("errorCode").asString()).isEqualTo(verb.code());
        assertThat(event.path("requestID").asString()).isEqualTo(refusal.requestId());
    }

    @Test
    void everyVerbOfTheServiceIsTried() {
        List<String> verbs =
                KeyManagementProto.getDescriptor().getServices().getFirst().getMethods().stream()
                        .map(MethodDescriptor::getName)
                        .toList();
        assertThat(all()).extracting(AwsVerb::name).containsExactlyInAnyOrderElementsOf(verbs);
    }

    @Test
    void noTokenMakesKeysThatEncapsulate() {
        ofNoToken().forEach(verb -> verb.good().accept(kms));
    }

    static Stream<AwsVerb> all() {
        return Stream.concat(usable(), ofNoToken());
    }

    static Stream<AwsVerb> usable() {
        return Stream.of(
                        AwsVerbsOfKeys.rows(),
                        AwsVerbsOfGrants.rows(),
                        AwsVerbsOfCrypto.rows(),
                        AwsVerbsOfMaterial.rows())
                .flatMap(rows -> rows);
    }

    /** Verbs of keys that no token can make; nothing good can be asked of them. */
    private static Stream<AwsVerb> ofNoToken() {
        EncapsulationAlgorithmSpec algorithm = EncapsulationAlgorithmSpec.ML_KEM;
        return Stream.of(
                AwsVerb.of(
                        "Encapsulate",
                        AwsVerbsIT::cannotBe,
                        InvalidKeyUsageException.class,
                        aws -> {
                            String key = AwsKeys.id(aws);
                            aws.encapsulate(r -> r.keyId(key).encapsulationAlgorithm(algorithm));
                        }),
                AwsVerb.of(
                        "Decapsulate",
                        AwsVerbsIT::cannotBe,
                        InvalidKeyUsageException.class,
                        aws -> {
                            String key = AwsKeys.id(aws);
                            aws.decapsulate(
                                    r ->
                                            r.keyId(key)
                                                    .sharedSecretCiphertextBlob(
                                                            SdkBytes.fromByteArray(new byte[768]))
                                                    .encapsulationAlgorithm(algorithm));
                        }));
    }

    private static void cannotBe(KmsClient aws) {
        KeyUsageType usage = KeyUsageType.ENCAPSULATE_DECAPSULATE;
        assertThatThrownBy(() -> aws.createKey(r -> r.keySpec(KeySpec.ML_KEM_768).keyUsage(usage)))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
