package io.keyhold.policy;

import static io.keyhold.policy.Policies.OTHER_ROOT;
import static io.keyhold.policy.Policies.OTHER_USER;
import static io.keyhold.policy.Policies.ROLE;
import static io.keyhold.policy.Policies.ROOT;
import static io.keyhold.policy.Policies.SESSION;
import static io.keyhold.policy.Policies.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.GrantOperation;
import io.keyhold.key.GrantTerms;
import io.keyhold.key.Principal;
import io.keyhold.policy.PrincipalPattern.Reach;
import io.keyhold.testkit.Seeded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrantIndexTest {

    private static final Arn KEY = Arn.parse(Policies.KEY).orElseThrow();

    private final GrantIndex index = new GrantIndex();

    @Test
    void aGrantAllowsItsOperationsToItsGrantee() {
        add(USER, GrantConstraints.NONE, GrantOperation.Encrypt);

        assertThat(reach(USER, "kms:Encrypt")).isEqualTo(Reach.DIRECT);
        assertThat(reach(USER, "kms:Decrypt")).isEqualTo(Reach.NONE);
        assertThat(reach(USER, "kms:PutKeyPolicy")).isEqualTo(Reach.NONE);
        assertThat(reach(SESSION, "kms:Encrypt")).isEqualTo(Reach.NONE);
        assertThat(reach(ROOT, "kms:Encrypt")).isEqualTo(Reach.NONE);
    }

    @Test
    void aRoleStandsForItsSessionsAndARootForItsAccount() {
        add(ROLE, GrantConstraints.NONE, GrantOperation.Encrypt);
        add(OTHER_ROOT, GrantConstraints.NONE, GrantOperation.Decrypt);

        assertThat(reach(SESSION, "kms:Encrypt")).isEqualTo(Reach.ROLE);
        assertThat(reach(OTHER_USER, "kms:Decrypt")).isEqualTo(Reach.ACCOUNT);
        assertThat(reach(USER, "kms:Decrypt")).isEqualTo(Reach.NONE);
    }

    @Test
    void aServiceIsNamedAsItIs() {
        add("s3.amazonaws.com", GrantConstraints.NONE, GrantOperation.Encrypt);

        assertThat(reach("s3.amazonaws.com", "kms:Encrypt")).isEqualTo(Reach.DIRECT);
        assertThat(reach("ec2.amazonaws.com", "kms:Encrypt")).isEqualTo(Reach.NONE);
    }

    @Test
    void aRevokedGrantAllowsNothing() {
        Grant grant = add(USER, subset(Map.of("a", "1")), GrantOperation.Encrypt);
        assertThat(reach(USER, "kms:Encrypt", Map.of("a", "1"))).isEqualTo(Reach.DIRECT);

        index.remove(grant);
        assertThat(reach(USER, "kms:Encrypt", Map.of("a", "1"))).isEqualTo(Reach.NONE);
    }

    @Test
    void namesOfTheContextCompareWithoutCaseAndValuesExactly() {
        add(USER, subset(Map.of("App", "Billing")), GrantOperation.Encrypt);

        assertThat(reach(USER, "kms:Encrypt", Map.of("aPP", "Billing", "x", "y")))
                .isEqualTo(Reach.DIRECT);
        assertThat(reach(USER, "kms:Encrypt", Map.of("App", "billing"))).isEqualTo(Reach.NONE);
        assertThat(reach(USER, "kms:Encrypt")).isEqualTo(Reach.NONE);
    }

    @Test
    void equalsAsksForNoOtherPair() {
        add(USER, equal(Map.of("a", "1", "b", "2")), GrantOperation.Encrypt);

        assertThat(reach(USER, "kms:Encrypt", Map.of("b", "2", "A", "1"))).isEqualTo(Reach.DIRECT);
        assertThat(reach(USER, "kms:Encrypt", Map.of("a", "1"))).isEqualTo(Reach.NONE);
        assertThat(reach(USER, "kms:Encrypt", Map.of("a", "1", "b", "2", "c", "3")))
                .isEqualTo(Reach.NONE);
    }

    @Test
    void anOperationWithoutAContextIsNotBoundByIt() {
        add(USER, equal(Map.of("a", "1")), GrantOperation.Encrypt, GrantOperation.DescribeKey);

        assertThat(reach(USER, "kms:DescribeKey")).isEqualTo(Reach.DIRECT);
        assertThat(reach(USER, "kms:Encrypt")).isEqualTo(Reach.NONE);
    }

    @Test
    void aSourceArnBindsEveryOperation() {
        GrantConstraints bucket =
                new GrantConstraints(Map.of(), Map.of(), Optional.of("arn:aws:s3:::bucket"));
        add("s3.amazonaws.com", bucket, GrantOperation.DescribeKey);

        ContextKeys right = Policies.keys("aws:SourceArn", "arn:aws:s3:::bucket");
        ContextKeys wrong = Policies.keys("aws:SourceArn", "arn:aws:s3:::bucket2");
        assertThat(reach("s3.amazonaws.com", "kms:DescribeKey", right)).isEqualTo(Reach.DIRECT);
        assertThat(reach("s3.amazonaws.com", "kms:DescribeKey", wrong)).isEqualTo(Reach.NONE);
        assertThat(reach("s3.amazonaws.com", "kms:DescribeKey")).isEqualTo(Reach.NONE);
    }

    /** They mean the same name: looking at them must not cost their number squared. */
    @Test
    void namesThatDifferInCaseOnlyAreOneName() {
        add(USER, subset(Map.of("a", "1")), GrantOperation.Encrypt);
        List<String> names = new ArrayList<>();
        for (int bits = 0; bits < 1 << 16; bits++) {
            char[] name = "aaaaaaaaaaaaaaaa".toCharArray();
            for (int i = 0; i < name.length; i++) {
                name[i] -= (char) (((bits >> i) & 1) * 32);
            }
            names.add(new String(name));
        }
        List<String> values = Collections.nCopies(names.size(), "1");
        ContextKeys keys =
                key ->
                        switch (key.name()) {
                            case "kms:encryptioncontextkeys" -> names;
                            case "kms:encryptioncontext" ->
                                    key.parameter().equals("aaaaaaaaaaaaaaaa") ? values : List.of();
                            default -> List.of();
                        };

        assertThat(GrantIndex.Asked.of(keys).context()).hasSize(names.size());
        assertThat(reach(USER, "kms:Encrypt", keys)).isEqualTo(Reach.NONE);
    }

    @Test
    void onlyAGrantThatIsEnoughCounts() {
        add(USER, GrantConstraints.NONE, GrantOperation.CreateGrant);
        Question question = Policies.question(USER, "kms:CreateGrant");

        assertThat(index.allowing(question, terms -> false)).isNull();
        assertThat(index.allowing(question, terms -> true)).isNotNull();
    }

    /** Filing by the rarest of what they ask for must find what looking at every grant finds. */
    @Test
    void theIndexFindsWhatASearchFinds() {
        Random random = Seeded.random("the grant index");
        List<String> people = List.of(USER, ROLE, SESSION, OTHER_ROOT, "s3.amazonaws.com");
        List<Grant> all = new ArrayList<>();
        for (int step = 0; step < 3000; step++) {
            if (random.nextInt(4) == 0 && !all.isEmpty()) {
                index.remove(all.remove(random.nextInt(all.size())));
            } else if (all.size() < 60) {
                all.add(
                        add(
                                people.get(random.nextInt(people.size())),
                                new GrantConstraints(pairs(random), pairs(random), bucket(random)),
                                random.nextBoolean()
                                        ? GrantOperation.Encrypt
                                        : GrantOperation.DescribeKey));
            }
            String who =
                    List.of(USER, SESSION, OTHER_USER, ROOT, "s3.amazonaws.com")
                            .get(random.nextInt(5));
            GrantOperation operation =
                    random.nextBoolean() ? GrantOperation.Encrypt : GrantOperation.DescribeKey;
            Map<String, String> context = pairs(random);
            Optional<String> source = bucket(random);

            assertThat(reach(who, "kms:" + operation, keys(context, source)))
                    .isEqualTo(searched(all, who, operation, context, source));
        }
    }

    private static Reach searched(
            List<Grant> all,
            String who,
            GrantOperation operation,
            Map<String, String> context,
            Optional<String> source) {
        return all.stream()
                .map(Grant::terms)
                .filter(terms -> terms.operations().contains(operation))
                .filter(
                        terms ->
                                terms.constraints().sourceArn().isEmpty()
                                        || terms.constraints().sourceArn().equals(source))
                .filter(
                        terms ->
                                operation == GrantOperation.DescribeKey
                                        || terms.constraints().admit(context.entrySet()))
                .map(terms -> PrincipalPattern.of(terms.grantee()).reach(Policies.subject(who)))
                .max(Reach::compareTo)
                .orElse(Reach.NONE);
    }

    private static Map<String, String> pairs(Random random) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            pairs.put(List.of("a", "b", "c").get(random.nextInt(3)), "" + random.nextInt(2));
        }
        return pairs;
    }

    private static Optional<String> bucket(Random random) {
        return Optional.of(random.nextInt(4))
                .filter(number -> number > 1)
                .map(number -> "arn:aws:s3:::bucket" + number);
    }

    private Grant add(String grantee, GrantConstraints constraints, GrantOperation... operations) {
        Principal principal =
                Arn.parse(grantee)
                        .<Principal>map(Principal.OfAccount::new)
                        .orElseGet(() -> new Principal.Service(grantee));
        Grant grant =
                Grant.of(
                        KEY,
                        Instant.EPOCH,
                        new GrantTerms(
                                "",
                                new BoundPrincipal(principal, ""),
                                Optional.empty(),
                                Set.of(operations),
                                constraints,
                                Arn.root("aws", Policies.OWNER)));
        index.add(grant);
        return grant;
    }

    private Reach reach(String who, String action) {
        return reach(who, action, Map.of());
    }

    private Reach reach(String who, String action, Map<String, String> context) {
        return reach(who, action, keys(context, Optional.empty()));
    }

    private static ContextKeys keys(Map<String, String> context, Optional<String> source) {
        String names = String.join("|", context.keySet());
        List<String> words = new ArrayList<>();
        if (!context.isEmpty()) {
            words.addAll(List.of("kms:EncryptionContextKeys", names));
        }
        for (Entry<String, String> pair : context.entrySet()) {
            words.addAll(List.of("kms:EncryptionContext:" + pair.getKey(), pair.getValue()));
        }
        source.ifPresent(arn -> words.addAll(List.of("aws:SourceArn", arn)));
        return Policies.keys(words.toArray(new String[0]));
    }

    private Reach reach(String who, String action, ContextKeys keys) {
        GrantMatch match = index.allowing(Policies.question(who, action, keys), terms -> true);
        return match == null ? Reach.NONE : match.reach();
    }

    private static GrantConstraints equal(Map<String, String> pairs) {
        return new GrantConstraints(pairs, Map.of(), Optional.empty());
    }

    private static GrantConstraints subset(Map<String, String> pairs) {
        return new GrantConstraints(Map.of(), pairs, Optional.empty());
    }
}
