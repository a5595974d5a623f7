package io.keyhold.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Tags;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EntityTest {

    private static final String ACCOUNT = "123456789012";

    @Test
    void anArnCarriesKindPathAndName() {
        Entity user = entity(Kind.USER, "/a/b/", "alice");

        assertThat(user.arn()).hasToString("arn:aws:iam::123456789012:user/a/b/alice");
        assertThat(user.kind()).isEqualTo(Kind.USER);
        assertThat(user.path()).isEqualTo("/a/b/");
        assertThat(user.name()).isEqualTo("alice");
        assertThat(entity(Kind.ROLE, "/", "r").path()).isEqualTo("/");
        assertThat(user.account()).isEqualTo(ACCOUNT);
    }

    @ParameterizedTest
    @CsvSource({"USER, AIDA", "GROUP, AGPA", "ROLE, AROA"})
    void uniqueIdsSayWhatTheyAreOfAndComeOnce(Kind kind, String prefix) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            ids.add(kind.newId());
        }

        assertThat(ids).hasSize(1000).allMatch(id -> id.matches(prefix + "[A-Z2-7]{17}"));
    }

    @ParameterizedTest
    @CsvSource({"USER, 2048", "GROUP, 5120", "ROLE, 10240"})
    void inlinePoliciesTogetherHaveAMostWithoutWhiteSpace(Kind kind, int most) {
        Entity full =
                entity(kind, "/", "e").withPolicy("a", "x".repeat(most - 10) + " ".repeat(99));

        Entity both = full.withPolicy("b", "x".repeat(10));

        refused(FaultName.LimitExceededException, () -> both.withPolicy("c", "x"));
        assertThat(both.withPolicy("b", "x").withPolicy("c", "x").permissions().inline())
                .hasSize(3);
        assertThat(both.withoutPolicy("a").requirePolicy("b")).hasSize(10);
        refused(FaultName.NoSuchEntityException, () -> both.withoutPolicy("c"));
        refused(FaultName.NoSuchEntityException, () -> both.requirePolicy("c"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void tenManagedPoliciesAtMost(Kind kind) {
        Entity full = entity(kind, "/", "e");
        for (int i = 0; i < 10; i++) {
            full = full.attach(policy("p" + i));
        }
        Entity ten = full;

        assertThat(ten.attach(policy("p3"))).isEqualTo(ten);
        refused(FaultName.LimitExceededException, () -> ten.attach(policy("p10")));
        assertThat(ten.detach(policy("p3")).permissions().attached()).hasSize(9);
        refused(FaultName.NoSuchEntityException, () -> ten.detach(policy("p10")));
    }

    @Test
    void tenGroupsAtMost() {
        Entity user = entity(Kind.USER, "/", "u");
        for (String group : IntStream.range(0, 10).mapToObj(i -> "g" + i).toList()) {
            user = user.join(group);
        }
        Entity ten = user;

        assertThat(ten.join("g3")).isEqualTo(ten);
        refused(FaultName.LimitExceededException, () -> ten.join("g10"));
        assertThat(ten.leave("g3").groups()).hasSize(9).doesNotContain("g3");
        refused(FaultName.NoSuchEntityException, () -> ten.leave("g10"));
    }

    @Test
    void onlyWhatHasNothingMayBeDeleted() {
        Entity bare = entity(Kind.USER, "/", "u").within(Optional.of(policy("limit")));

        bare.requireBare();
        for (Entity endowed :
                List.of(bare.withPolicy("p", "x"), bare.attach(policy("p")), bare.join("g"))) {
            refused(FaultName.DeleteConflictException, endowed::requireBare);
        }
    }

    @Test
    void tagsAreTheSameWhateverTheirCase() {
        Tags tags = IamTags.with(Tags.NONE, Map.of("Team", "blue", "x", ""));

        assertThat(IamTags.with(tags, Map.of("TEAM", "red")).values())
                .containsExactly(Map.entry("TEAM", "red"), Map.entry("x", ""));
        assertThat(IamTags.without(tags, List.of("tEAM", "none")).values())
                .containsExactly(Map.entry("x", ""));
        refused(FaultName.InvalidInputException, () -> IamTags.with(tags, Map.of("Aws:x", "")));
    }

    @Test
    void aTrustPolicyHasAMost() {
        RoleTerms terms = new RoleTerms("x".repeat(2048) + " ", Map.of(), "", 3600);

        refused(FaultName.LimitExceededException, () -> terms.trusting("x".repeat(2049), Map.of()));
    }

    @Test
    void accountNumbersHaveTwelveDigits() {
        for (int i = 0; i < 1000; i++) {
            assertThat(Account.randomId()).matches("[1-9][0-9]{11}");
        }
    }

    static Entity entity(Kind kind, String path, String name) {
        return new Entity(
                Arn.iam("aws", ACCOUNT, kind.type(), path, name),
                kind.newId(),
                Instant.EPOCH,
                Tags.NONE,
                Permissions.NONE,
                Set.of(),
                Optional.empty());
    }

    private static Arn policy(String name) {
        return Arn.iam("aws", ACCOUNT, ManagedPolicy.TYPE, "/", name);
    }

    private static void refused(FaultName name, Runnable call) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, call::run);
        assertThat(fault).as("a fault").isNotNull();
        assertThat(fault.name()).isEqualTo(name);
    }
}
