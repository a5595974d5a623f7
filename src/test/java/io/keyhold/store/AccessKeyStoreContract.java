package io.keyhold.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.iam.AccessKey;
import io.keyhold.iam.AccessKey.Status;
import io.keyhold.iam.Entity;
import io.keyhold.iam.Permissions;
import io.keyhold.key.Arn;
import io.keyhold.key.Tags;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for the access keys of {@link DirectoryStore}. */
public abstract class AccessKeyStoreContract {

    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.789Z");
    private static final Arn USER = Arn.iam("aws", "123456789012", "user", "/a/", "b");

    private DirectoryStore store;

    /** Opens one and the same database. */
    protected abstract DirectoryStore open() throws IOException;

    /** Closes what was opened last. */
    protected abstract void close();

    @BeforeEach
    void openFirst() throws IOException {
        store = open();
        store.createEntity(user());
    }

    @AfterEach
    void closeLast() {
        close();
    }

    @Test
    void accessKeysComeAndGo() throws IOException {
        AccessKey first = key("AKIA1", Status.Active);
        AccessKey second = key("AKIA2", Status.Inactive);
        store.createAccessKey(first);
        store.createAccessKey(second);
        reopen();
        assertThat(store.accessKeys()).containsExactlyInAnyOrder(first, second);

        store.updateAccessKey(first.with(Status.Inactive));
        store.deleteAccessKey(second);
        reopen();
        assertThat(store.accessKeys()).containsExactly(first.with(Status.Inactive));
    }

    @Test
    void anAccessKeyIsThereOnceAndOfAUserWhoIsThere() {
        AccessKey key = key("AKIA1", Status.Active);
        AccessKey orphan =
                new AccessKey("AKIA2", USER, "AIDA of nobody", Status.Active, NOW, "sealed");
        store.createAccessKey(key);

        assertThatThrownBy(() -> store.createAccessKey(key)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.createAccessKey(orphan))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.updateAccessKey(orphan))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.deleteAccessKey(orphan))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.deleteEntity(user())).isInstanceOf(RuntimeException.class);
        assertThat(store.accessKeys()).containsExactly(key);
        assertThat(store.entities()).hasSize(1);
    }

    private static AccessKey key(String id, Status status) {
        return new AccessKey(id, USER, "AIDA1", status, NOW, "sealed+for/" + id + "==");
    }

    private static Entity user() {
        return new Entity(
                USER, "AIDA1", NOW, Tags.NONE, Permissions.NONE, Set.of(), Optional.empty());
    }

    private void reopen() throws IOException {
        close();
        store = open();
    }
}
