package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.keyhold.v1.CancelKeyDeletionRequest;
import io.keyhold.v1.CancelKeyDeletionResponse;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DisableKeyRotationRequest;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.GetKeyLastUsageRequest;
import io.keyhold.v1.GetKeyLastUsageResponse;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;
import io.keyhold.v1.IncludeKeyMaterial;
import io.keyhold.v1.KeyLastUsageTrackingOperation;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.RotationsListEntry;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import io.keyhold.v1.ScheduleKeyDeletionResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The dates of a key, the use of its materials, and its end, through the door. */
final class KeyLifeIT {

    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);
    private static final long DAY = Duration.ofDays(1).toSeconds();

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @Test
    void aKeyRotatesEachYearUnlessAskedOtherwise() {
        String key = newKey().getKeyId();
        assertThat(status(key).getKeyRotationEnabled()).isFalse();
        assertThat(status(key).hasNextRotationDate()).isFalse();

        enable(key, null);
        assertThat(status(key).getKeyRotationEnabled()).isTrue();
        assertThat(status(key).getRotationPeriodInDays()).isEqualTo(365);
        assertInDays(status(key).getNextRotationDate(), 365);

        enable(key, 90);
        assertThat(status(key).getRotationPeriodInDays()).isEqualTo(90);
        assertInDays(status(key).getNextRotationDate(), 90);
        assertThat(status(key).hasOnDemandRotationStartDate()).isFalse();

        send(DisableKeyRotationRequest.newBuilder().setKeyId(key));
        assertThat(status(key).getKeyRotationEnabled()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 89, 2561})
    void aPeriodThatIsTooShortOrTooLongIsRefused(int days) {
        String key = newKey().getKeyId();

        Refusal refusal = Refusal.of(() -> enable(key, days));

        assertThat(refusal.name()).isEqualTo("ValidationException");
        assertThat(refusal.text()).contains("rotationPeriodInDays");
        assertThat(status(key).getKeyRotationEnabled()).isFalse();
    }

    @Test
    void aDeletionIsPlannedShownAndCalledOff() {
        KeyMetadata key = newKey();
        enable(key.getKeyId(), null);

        ScheduleKeyDeletionResponse planned = schedule(key.getKeyId(), null);

        assertThat(planned.getKeyId()).isEqualTo(key.getArn());
        assertThat(planned.getKeyState()).isEqualTo(KeyState.Value.PendingDeletion);
        assertThat(planned.getPendingWindowInDays()).isEqualTo(30);
        assertInDays(planned.getDeletionDate(), 30);
        assertThat(planned.hasWarning()).isFalse();
        assertThat(describe(key).getKeyState()).isEqualTo(KeyState.Value.PendingDeletion);
        assertThat(describe(key).getDeletionDate()).isEqualTo(planned.getDeletionDate());
        assertThat(describe(key).getEnabled()).isFalse();
        assertThat(status(key.getKeyId()).getKeyRotationEnabled()).isFalse();

        CancelKeyDeletionResponse cancelled =
                ask(CancelKeyDeletionRequest.newBuilder().setKeyId(key.getArn()));

        assertThat(cancelled.getKeyId()).isEqualTo(key.getArn());
        assertThat(describe(key).getKeyState()).isEqualTo(KeyState.Value.Disabled);
        assertThat(describe(key).hasDeletionDate()).isFalse();
        assertThat(status(key.getKeyId()).getKeyRotationEnabled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 31, 365})
    void aWaitingPeriodThatIsTooShortOrTooLongIsRefused(int days) {
        KeyMetadata key = newKey();

        Refusal refusal = Refusal.of(() -> schedule(key.getKeyId(), days));

        assertThat(refusal.name()).isEqualTo("ValidationException");
        assertThat(refusal.text()).contains("pendingWindowInDays");
        assertThat(describe(key).getKeyState()).isEqualTo(KeyState.Value.Enabled);
    }

    @Test
    void whoeverDeletesAKeyInUseIsWarnedAndThatIsRecorded() {
        KeyMetadata key = newKey();
        client().encrypt(key.getKeyId(), PLAINTEXT, Map.of());

        ScheduleKeyDeletionResponse planned = schedule(key.getKeyId(), 7);

        assertInDays(planned.getDeletionDate(), 7);
        assertThat(planned.getWarning()).contains("within the last 30 days").contains("Encrypt at");
        JsonNode recorded = one.home().journal().successes("ScheduleKeyDeletion").getLast();
        assertThat(recorded.at("/responseElements/warning").asString())
                .isEqualTo(planned.getWarning());
    }

    @Test
    void theLastUseIsTheLastOneThatSucceeded() {
        KeyMetadata key = newKey();
        assertThat(usage(key).hasKeyLastUsage()).isFalse();
        assertThat(usage(key).getKeyCreationDate()).isEqualTo(key.getCreationDate());
        assertThat(usage(key).getTrackingStartDate().getSeconds())
                .isLessThanOrEqualTo(key.getCreationDate().getSeconds());

        byte[] blob = client().encrypt(key.getKeyId(), PLAINTEXT, Map.of());
        Refusal.of(() -> client().decrypt(blob, Map.of("another", "context")));

        GetKeyLastUsageResponse usage = usage(key);
        assertThat(usage.getKeyId()).isEqualTo(key.getKeyId());
        assertThat(usage.getKeyLastUsage().getOperation())
                .isEqualTo(KeyLastUsageTrackingOperation.Value.Encrypt);
        JsonNode recorded = one.home().journal().successes("Encrypt").getLast();
        assertThat(recorded.path("eventID").asString())
                .isEqualTo(usage.getKeyLastUsage().getCloudTrailEventId());
        assertThat(recorded.path("requestID").asString())
                .isEqualTo(usage.getKeyLastUsage().getKmsRequestId());
    }

    @Test
    void reEncryptUsesBothKeys() {
        KeyMetadata from = newKey();
        KeyMetadata to = newKey();
        byte[] blob = client().encrypt(from.getKeyId(), PLAINTEXT, Map.of());
        send(
                ReEncryptRequest.newBuilder()
                        .setCiphertextBlob(ByteString.copyFrom(blob))
                        .setDestinationKeyId(to.getKeyId()));

        for (KeyMetadata key : List.of(from, to)) {
            assertThat(usage(key).getKeyLastUsage().getOperation())
                    .isEqualTo(KeyLastUsageTrackingOperation.Value.ReEncrypt);
        }
    }

    /** B7: once everything is encrypted anew, nobody decrypts with the old material. */
    @Test
    void eachMaterialTellsWhetherItIsStillNeeded() {
        KeyMetadata key = newKey();
        byte[] old = client().encrypt(key.getKeyId(), PLAINTEXT, Map.of());
        send(RotateKeyOnDemandRequest.newBuilder().setKeyId(key.getKeyId()));
        client().decrypt(old, Map.of());
        client().decrypt(old, Map.of());
        client().encrypt(key.getKeyId(), PLAINTEXT, Map.of());

        RotationsListEntry first = materials(key).getFirst();
        RotationsListEntry second = materials(key).getLast();

        assertThat(first.getDecryptionCount()).isEqualTo(2);
        assertThat(first.hasLastDecryptionDate()).isTrue();
        assertThat(first.getLastEncryptionDate().getSeconds())
                .isLessThanOrEqualTo(first.getLastDecryptionDate().getSeconds());
        assertThat(second.getDecryptionCount()).isZero();
        assertThat(second.hasLastDecryptionDate()).isFalse();
        assertThat(second.hasLastEncryptionDate()).isTrue();
    }

    /** What is known of use is on disk a few seconds later, whatever happens then. */
    @Test
    void theUseOfMaterialSurvivesACrash() {
        try (Home home = Home.prepare()) {
            String key;
            try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                    Client client = Listener.UNIX.connect(daemon)) {
                key = client.createKey().getKeyId();
                client.decrypt(client.encrypt(key, PLAINTEXT, Map.of()), Map.of());
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> new Database(home).decryptions().equals(List.of(1L)));
                daemon.kill();
            }
            try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                    Client client = Listener.UNIX.connect(daemon)) {
                RotationsListEntry only =
                        client.call(
                                        Rpc.LIST_ROTATIONS,
                                        ListKeyRotationsRequest.newBuilder()
                                                .setKeyId(key)
                                                .setIncludeKeyMaterial(
                                                        IncludeKeyMaterial.Value.ALL_KEY_MATERIAL)
                                                .build())
                                .getRotations(0);
                assertThat(only.getDecryptionCount()).isEqualTo(1);
                assertThat(only.hasLastEncryptionDate()).isTrue();
            }
        }
    }

    private static Client client() {
        return one.client();
    }

    private static KeyMetadata newKey() {
        return client().createKey();
    }

    private static void enable(String key, Integer days) {
        EnableKeyRotationRequest.Builder request =
                EnableKeyRotationRequest.newBuilder().setKeyId(key);
        if (days != null) {
            request.setRotationPeriodInDays(days);
        }
        send(request);
    }

    private static ScheduleKeyDeletionResponse schedule(String key, Integer days) {
        ScheduleKeyDeletionRequest.Builder request =
                ScheduleKeyDeletionRequest.newBuilder().setKeyId(key);
        if (days != null) {
            request.setPendingWindowInDays(days);
        }
        return ask(request);
    }

    private static GetKeyRotationStatusResponse status(String key) {
        return ask(GetKeyRotationStatusRequest.newBuilder().setKeyId(key));
    }

    private static KeyMetadata describe(KeyMetadata key) {
        return client().call(
                        Rpc.DESCRIBE_KEY,
                        DescribeKeyRequest.newBuilder().setKeyId(key.getKeyId()).build())
                .getKeyMetadata();
    }

    private static GetKeyLastUsageResponse usage(KeyMetadata key) {
        return ask(GetKeyLastUsageRequest.newBuilder().setKeyId(key.getKeyId()));
    }

    private static List<RotationsListEntry> materials(KeyMetadata key) {
        return client().call(
                        Rpc.LIST_ROTATIONS,
                        ListKeyRotationsRequest.newBuilder()
                                .setKeyId(key.getKeyId())
                                .setIncludeKeyMaterial(IncludeKeyMaterial.Value.ALL_KEY_MATERIAL)
                                .build())
                .getRotationsList();
    }

    private static void assertInDays(Timestamp time, int days) {
        long now = System.currentTimeMillis() / 1000;
        assertThat(time.getSeconds()).isBetween(now + days * DAY - 60, now + days * DAY + 1);
    }

    private static void send(com.google.protobuf.Message.Builder request) {
        Request.of(request).send(client());
    }

    @SuppressWarnings("unchecked") // the caller knows what the verb answers
    private static <R> R ask(com.google.protobuf.Message.Builder request) {
        com.google.protobuf.Message message = request.build();
        return (R) client().call(Rpc.taking(message), message);
    }
}
