package io.keyhold.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.iam.Account;
import io.keyhold.iam.Entity;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.iam.RoleTerms;
import io.keyhold.key.Tags;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for the port {@link DirectoryStore}. */
public abstract class DirectoryStoreContract {

    private static final String ACCOUNT = "123456789012";
    private static final Instant LATER = Instant.parse("2026-02-03T04:05:06.789Z");
    private static final String AWKWARD = "quotes ' \" \\ ; -- \n \u00e4\ud83d\udd11";

    private DirectoryStore store;

    /** Opens one and the same database. */
    protected abstract DirectoryStore open() throws IOException;

    /** Closes what was opened last. */
    protected abstract void close();

    @BeforeEach
    void openFirst() throws IOException {
        store = open();
    }

    @AfterEach
    void closeLast() {
        close();
    }

    @Test
    void aNewStoreIsEmpty() {
        assertThat(store.accounts()).isEmpty();
        assertThat(store.entities()).isEmpty();
        assertThat(store.policies()).isEmpty();
    }

    @Test
    void accountsComeBack() throws IOException {
        Account account = new Account("999999999999", AWKWARD, LATER);
        store.createAccount(account);

        assertThatThrownBy(() -> store.createAccount(account)).isInstanceOf(RuntimeException.class);
        reopen();
        assertThat(store.accounts()).containsExactly(account);
    }

    @Test
    void everyFieldOfAnEntityComesBack() throws IOException {
        Entity user = endowed(Entities.user(ACCOUNT, "u")).join("g").join("h");
        Entity role =
                endowed(Entities.role(ACCOUNT, "r"))
                        .with(new RoleTerms(AWKWARD, Map.of("arn", "AIDA"), AWKWARD, 7200));
        Entity group = Entities.group(ACCOUNT, "g");
        store.createEntity(user);
        store.createEntity(role);
        store.createEntity(group);

        reopen();
        assertThat(store.entities()).containsExactlyInAnyOrder(user, role, group);
    }

    @Test
    void anEntityIsReplacedAsAWhole() throws IOException {
        Entity bystander = endowed(Entities.user(ACCOUNT, "v")).join("g");
        Entity full = endowed(Entities.user(ACCOUNT, "u")).join("g");
        Entity changed =
                full.leave("g")
                        .join("h")
                        .withoutPolicy("inline")
                        .withPolicy("other", "x")
                        .with(Tags.NONE)
                        .within(Optional.empty());
        store.createEntity(bystander);
        store.createEntity(full);

        store.updateEntity(changed);

        assertThat(store.entities()).containsExactlyInAnyOrder(bystander, changed);
        store.deleteEntity(changed);
        reopen();
        assertThat(store.entities()).containsExactly(bystander);
    }

    @Test
    void anArnBelongsToOneEntityAtATime() {
        Entity first = Entities.user(ACCOUNT, "u");
        Entity second = Entities.user(ACCOUNT, "u");
        store.createEntity(first);

        assertThatThrownBy(() -> store.createEntity(second)).isInstanceOf(RuntimeException.class);
        assertThat(store.entities()).containsExactly(first);
        store.deleteEntity(first);
        store.createEntity(second);
        assertThat(store.entities()).containsExactly(second);
    }

    @Test
    void whatIsNotThereCannotBeChanged() {
        Entity entity = endowed(Entities.user(ACCOUNT, "u"));
        ManagedPolicy policy = Entities.policy(ACCOUNT, "p", "x");

        assertThatThrownBy(() -> store.updateEntity(entity)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.deleteEntity(entity)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.updatePolicy(policy)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.deletePolicy(policy)).isInstanceOf(RuntimeException.class);
        aNewStoreIsEmpty();
    }

    @Test
    void policiesComeBackWithTheirVersions() throws IOException {
        ManagedPolicy bystander = Entities.policy(ACCOUNT, "q", "x");
        ManagedPolicy policy = Entities.policy(ACCOUNT, "p", AWKWARD);
        ManagedPolicy changed =
                policy.with("two", true, LATER).with("three", false, LATER).without("v1");
        store.createPolicy(bystander);
        store.createPolicy(policy);

        store.updatePolicy(changed);

        reopen();
        assertThat(store.policies()).containsExactlyInAnyOrder(bystander, changed);
        store.deletePolicy(changed);
        assertThat(store.policies()).containsExactly(bystander);
        assertThatThrownBy(() -> store.createPolicy(bystander))
                .isInstanceOf(RuntimeException.class);
    }

    private static Entity endowed(Entity bare) {
        return bare.withPolicy("inline", "document")
                .attach(Entities.policyArn(ACCOUNT, "p"))
                .attach(Entities.policyArn(ACCOUNT, "q"))
                .within(Optional.of(Entities.policyArn(ACCOUNT, "limit")))
                .with(new Tags(new TreeMap<>(Map.of("k", "v", AWKWARD, AWKWARD))));
    }

    private void reopen() throws IOException {
        close();
        store = open();
    }
}
