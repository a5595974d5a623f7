package io.keyhold.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagedPolicyTest {

    private static final Arn ARN = Arn.iam("aws", "123456789012", "policy", "/p/", "name");
    private static final Instant LATER = Instant.EPOCH.plusSeconds(1);

    private final ManagedPolicy policy = ManagedPolicy.of(ARN, "d", "one", Instant.EPOCH);

    @Test
    void theFirstVersionCounts() {
        assertThat(policy.document()).isEqualTo("one");
        assertThat(policy.require("v1").document()).isEqualTo("one");
        assertThat(policy.path()).isEqualTo("/p/");
        assertThat(policy.name()).isEqualTo("name");
        assertThat(policy.uniqueId()).matches("ANPA[A-Z2-7]{17}");
    }

    @Test
    void aLaterVersionCountsWhenItIsToldTo() {
        ManagedPolicy second = policy.with("two", false, LATER);

        assertThat(second.document()).isEqualTo("one");
        assertThat(second.updatedAt()).isEqualTo(LATER);
        assertThat(second.setDefault("v2").document()).isEqualTo("two");
        assertThat(policy.with("two", true, LATER).document()).isEqualTo("two");
        refused(FaultName.NoSuchEntityException, () -> second.setDefault("v3"));
    }

    @Test
    void aVersionsIdComesOnce() {
        ManagedPolicy third = policy.with("two", false, LATER).without("v2");

        assertThat(third.with("three", false, LATER).versions().keySet()).containsExactly(1, 3);
        refused(FaultName.NoSuchEntityException, () -> third.without("v2"));
        refused(FaultName.DeleteConflictException, () -> third.without("v1"));
    }

    @Test
    void fiveVersionsAtMost() {
        ManagedPolicy full = policy;
        for (int i = 0; i < 4; i++) {
            full = full.with("more", false, LATER);
        }
        ManagedPolicy five = full;

        refused(FaultName.LimitExceededException, () -> five.with("sixth", false, LATER));
    }

    @Test
    void aDocumentHasAMostWithoutWhiteSpace() {
        String most = "x".repeat(6144);

        assertThat(policy.with(most + " \n\t", true, LATER).document()).startsWith(most);
        refused(FaultName.LimitExceededException, () -> policy.with(most + "x", true, LATER));
        refused(
                FaultName.LimitExceededException,
                () -> ManagedPolicy.of(ARN, "", most + "x", LATER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:iam::123456789012:user/name",
                "arn:aws:kms::123456789012:policy/name",
                "policy/name",
                "arn:aws:iam::123456789012:policies"
            })
    void whatIsNoArnOfAPolicyIsRefused(String text) {
        refused(FaultName.InvalidInputException, () -> ManagedPolicy.parseArn(text));
        assertThat(ManagedPolicy.parseArn(ARN.toString())).isEqualTo(ARN);
    }

    private static void refused(FaultName name, Runnable call) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, call::run);
        assertThat(fault).as("a fault").isNotNull();
        assertThat(fault.name()).isEqualTo(name);
    }
}
