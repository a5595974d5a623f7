package io.keyhold.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Evaluator;
import io.keyhold.policy.IdentityPolicies;
import io.keyhold.policy.Question;
import io.keyhold.policy.Subject;
import io.keyhold.store.Entities;
import io.keyhold.store.MemoryDirectory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryTest {

    private static final String ACCOUNT = "111111111111";
    private static final String OTHER = "222222222222";
    private static final Arn ALICE = arn("user/alice");
    private static final String ALLOW =
            """
            {"Version": "2012-10-17",
             "Statement": {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*"}}
            """;
    private static final String DENY = ALLOW.replace("Allow", "Deny");

    private final MemoryDirectory store = new MemoryDirectory();
    private final Directory directory = new Directory(store);

    @Test
    void aPrincipalIsFoundByItsArnAndASessionByItsRole() {
        Entity alice = create(Entities.user(ACCOUNT, "alice"));
        Entity role = create(Entities.role(ACCOUNT, "Worker"));
        create(Entities.group(ACCOUNT, "crew"));

        assertThat(directory.find(ALICE)).contains(alice);
        assertThat(directory.uniqueId(ALICE)).contains(alice.uniqueId());
        assertThat(directory.uniqueId(session("Worker"))).contains(role.uniqueId());
        assertThat(directory.find(arn("role/Worker"))).contains(role);
        assertThat(directory.find(arn("group/crew"))).isPresent();
        for (Arn nobody :
                List.of(
                        arn("user/Alice"),
                        arn("user/path/alice"),
                        arn("role/alice"),
                        arn("user/crew"),
                        Arn.root("aws", ACCOUNT),
                        new Arn("aws-cn", "iam", "", ACCOUNT, "user/alice"),
                        new Arn("aws", "iam", "", OTHER, "user/alice"),
                        new Arn("aws", "kms", "", ACCOUNT, "user/alice"))) {
            assertThat(directory.uniqueId(nobody)).as(nobody.toString()).isEmpty();
            assertThat(directory.policies(nobody)).isEqualTo(IdentityPolicies.NONE);
        }
    }

    @Test
    void whoIsMadeAgainIsSomebodyElse() {
        Entity first = create(Entities.user(ACCOUNT, "alice"));
        directory.delete(ALICE);
        assertThat(directory.uniqueId(ALICE)).isEmpty();

        create(Entities.user(ACCOUNT, "alice"));

        assertThat(directory.uniqueId(ALICE))
                .isPresent()
                .isNotEqualTo(Optional.of(first.uniqueId()));
    }

    @Test
    void policiesOfTheUserAndOfItsGroupsAreItsOwn() {
        create(Entities.user(ACCOUNT, "alice"));
        create(Entities.group(ACCOUNT, "crew"));
        createPolicy("managed", ALLOW);
        assertThat(mayEncrypt(ALICE)).isFalse();

        change(alice -> alice.withPolicy("inline", ALLOW));
        assertThat(mayEncrypt(ALICE)).isTrue();
        change(alice -> alice.withoutPolicy("inline").attach(policyArn("managed")));
        assertThat(mayEncrypt(ALICE)).isTrue();
        change(alice -> alice.detach(policyArn("managed")).join("crew"));
        assertThat(mayEncrypt(ALICE)).isFalse();
        directory.change(arn("group/crew"), crew -> crew.attach(policyArn("managed")));
        assertThat(mayEncrypt(ALICE)).isTrue();
        directory.change(arn("group/crew"), crew -> crew.withPolicy("inline", DENY));
        assertThat(mayEncrypt(ALICE)).isFalse();
    }

    @Test
    void anotherDefaultVersionCountsAtOnce() {
        create(Entities.user(ACCOUNT, "alice"));
        ManagedPolicy policy = createPolicy("managed", ALLOW);
        change(alice -> alice.attach(policy.arn()));

        directory.managed().change(policy.arn(), now -> now.with(DENY, false, Instant.EPOCH));
        assertThat(mayEncrypt(ALICE)).isTrue();
        directory.managed().change(policy.arn(), now -> now.setDefault("v2"));
        assertThat(mayEncrypt(ALICE)).isFalse();
    }

    @Test
    void aBoundaryNarrows() {
        create(Entities.user(ACCOUNT, "alice").withPolicy("inline", ALLOW));
        createPolicy("other", ALLOW.replace("Encrypt", "Decrypt"));
        createPolicy("same", ALLOW);

        change(alice -> alice.within(Optional.of(policyArn("other"))));
        assertThat(mayEncrypt(ALICE)).isFalse();
        change(alice -> alice.within(Optional.of(policyArn("same"))));
        assertThat(mayEncrypt(ALICE)).isTrue();
    }

    @Test
    void everythingIsThereAfterARestart() {
        create(Entities.user(ACCOUNT, "alice").withPolicy("inline", ALLOW));
        createPolicy("managed", ALLOW);

        Directory again = new Directory(store);

        assertThat(again.find(ALICE)).isEqualTo(directory.find(ALICE));
        assertThat(again.managed().all(ACCOUNT)).isEqualTo(directory.managed().all(ACCOUNT));
        assertThat(again.policies(ALICE).attached()).hasSize(1);
    }

    /** A stored document that can no longer be read lets nobody do more than before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Statement\": {\"Effect\": \"Deny\", \"Action\": \"kms:Decrypt\"}}",
                "{\"Statement\": {\"Effect\": \"\\u0044eny\", \"Action\": \"*\"}}"
            })
    void aDocumentThatMayHoldADenyDeniesEverything(String document) {
        store.createEntity(
                Entities.user(ACCOUNT, "alice")
                        .withPolicy("good", ALLOW)
                        .withPolicy("bad", document));

        assertThat(mayEncrypt(new Directory(store), ALICE)).isFalse();
    }

    @Test
    void aDocumentThatOnlyAllowedAllowsNothing() {
        String broken = "{\"Statement\": {\"Effect\": \"Allow\"}}";
        store.createPolicy(Entities.policy(ACCOUNT, "broken", broken));
        store.createEntity(
                Entities.user(ACCOUNT, "alice")
                        .withPolicy("good", ALLOW)
                        .attach(policyArn("broken")));
        store.createEntity(
                Entities.user(ACCOUNT, "bob")
                        .withPolicy("good", ALLOW)
                        .within(Optional.of(policyArn("broken"))));
        store.createEntity(Entities.user(ACCOUNT, "carl").attach(policyArn("broken")));
        Directory again = new Directory(store);

        assertThat(mayEncrypt(again, ALICE)).isTrue();
        assertThat(mayEncrypt(again, arn("user/bob"))).isFalse();
        assertThat(mayEncrypt(again, arn("user/carl"))).isFalse();
    }

    @Test
    void aPolicyThatIsGoneFromTheStoreIsTakenForADeny() {
        store.createEntity(
                Entities.user(ACCOUNT, "alice")
                        .withPolicy("good", ALLOW)
                        .attach(policyArn("gone")));

        assertThat(mayEncrypt(new Directory(store), ALICE)).isFalse();
    }

    @Test
    void namesAreTakenInWhateverCaseInTheirOwnAccount() {
        create(Entities.user(ACCOUNT, "alice"));
        createPolicy("p", ALLOW);

        refused(
                FaultName.EntityAlreadyExistsException,
                () -> create(Entities.user(ACCOUNT, "ALICE")));
        refused(FaultName.EntityAlreadyExistsException, () -> createPolicy("P", ALLOW));
        create(Entities.user(OTHER, "alice"));
        create(Entities.role(ACCOUNT, "alice"));
        assertThat(directory.all(Kind.USER, ACCOUNT)).hasSize(1);
        refused(
                FaultName.NoSuchEntityException,
                () -> directory.require(Kind.USER, ACCOUNT, "ALICE"));
    }

    @Test
    void anAccountHasNoMoreThanItsQuotas() {
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < kind.mostPerAccount(); i++) {
                create(resident(kind, ACCOUNT, "e" + i));
            }
            refused(
                    FaultName.LimitExceededException,
                    () -> create(resident(kind, ACCOUNT, "more")));
            create(resident(kind, OTHER, "more"));
        }
        for (int i = 0; i < ManagedPolicy.MOST_PER_ACCOUNT; i++) {
            createPolicy("p" + i, ALLOW);
        }
        refused(FaultName.LimitExceededException, () -> createPolicy("more", ALLOW));
    }

    @Test
    void whatIsInUseStays() {
        create(Entities.user(ACCOUNT, "alice"));
        create(Entities.group(ACCOUNT, "crew"));
        createPolicy("p", ALLOW);
        change(alice -> alice.join("crew").within(Optional.of(policyArn("p"))));

        refused(FaultName.DeleteConflictException, () -> directory.delete(ALICE));
        refused(FaultName.DeleteConflictException, () -> directory.delete(arn("group/crew")));
        refused(
                FaultName.DeleteConflictException,
                () -> directory.managed().delete(policyArn("p")));
        change(alice -> alice.leave("crew").within(Optional.empty()));
        directory.delete(arn("group/crew"));
        directory.managed().delete(policyArn("p"));
        directory.delete(ALICE);
        refused(FaultName.NoSuchEntityException, () -> directory.delete(ALICE));
    }

    @Test
    void aBoundaryMustBeThere() {
        refused(
                FaultName.NoSuchEntityException,
                () ->
                        create(
                                Entities.user(ACCOUNT, "alice")
                                        .within(Optional.of(policyArn("none")))));
        assertThat(store.entities()).isEmpty();
    }

    @Test
    void whatCannotBeStoredIsNotShown() {
        Entity alice = create(Entities.user(ACCOUNT, "alice"));
        ManagedPolicy policy = createPolicy("p", ALLOW);
        store.fill();

        for (Runnable call :
                List.<Runnable>of(
                        () -> create(Entities.user(ACCOUNT, "bob")),
                        () -> change(now -> now.withPolicy("inline", ALLOW)),
                        () -> directory.delete(ALICE),
                        () -> createPolicy("q", ALLOW),
                        () ->
                                directory
                                        .managed()
                                        .change(
                                                policy.arn(),
                                                now -> now.with(DENY, true, Instant.EPOCH)),
                        () -> directory.managed().delete(policy.arn()))) {
            assertThatThrownBy(call::run).hasMessage("disk full");
        }
        assertThat(directory.all(Kind.USER, ACCOUNT)).containsExactly(alice);
        assertThat(directory.managed().all(ACCOUNT)).containsExactly(policy);
    }

    private Entity create(Entity entity) {
        directory.create(entity);
        return entity;
    }

    private void change(UnaryOperator<Entity> change) {
        directory.change(ALICE, change);
    }

    private ManagedPolicy createPolicy(String name, String document) {
        ManagedPolicy policy = Entities.policy(ACCOUNT, name, document);
        directory.managed().create(policy);
        return policy;
    }

    private static Entity resident(Kind kind, String account, String name) {
        return switch (kind) {
            case USER -> Entities.user(account, name);
            case GROUP -> Entities.group(account, name);
            case ROLE -> Entities.role(account, name);
        };
    }

    private boolean mayEncrypt(Arn principal) {
        return mayEncrypt(directory, principal);
    }

    private static boolean mayEncrypt(Directory where, Arn principal) {
        Question question =
                new Question(
                        Subject.of(principal, where.uniqueId(principal).orElse("")),
                        "kms:Encrypt",
                        "*",
                        key -> List.of());
        Decision decision = Evaluator.decide(question, where.policies(principal));
        return decision.allowed();
    }

    private static Arn arn(String resource) {
        return new Arn("aws", "iam", "", ACCOUNT, resource);
    }

    private static Arn session(String role) {
        return new Arn("aws", "sts", "", ACCOUNT, "assumed-role/" + role + "/one");
    }

    private static Arn policyArn(String name) {
        return Entities.policyArn(ACCOUNT, name);
    }

    private static void refused(FaultName name, Runnable call) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, call::run);
        assertThat(fault).as("a fault").isNotNull();
        assertThat(fault.name()).isEqualTo(name);
    }
}
