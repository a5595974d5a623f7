package io.keyhold.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.iam.AccessKey;
import io.keyhold.iam.AccessKey.Status;
import io.keyhold.iam.Entity;
import io.keyhold.iam.Permissions;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Tags;
import io.keyhold.store.MemoryDirectory;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose access keys there are, and how many. */
class AccessKeysTest {

    private static final Entity ALICE = user("alice", "AIDA1");
    private static final Entity BOB = user("bob", "AIDA2");

    private final MemoryDirectory store = new MemoryDirectory();
    private final Directory directory = new Directory(store);
    private final AccessKeys keys = directory.accessKeys();

    @BeforeEach
    void makeUsers() {
        directory.create(ALICE);
        directory.create(BOB);
    }

    @Test
    void oneIsFoundByItsIdEvenAfterARestart() {
        AccessKey key = create(ALICE, "AKIA1");

        assertThat(keys.find("AKIA1")).contains(key);
        assertThat(keys.find("AKIA2")).isEmpty();
        assertThat(new Directory(store).accessKeys().find("AKIA1")).contains(key);
    }

    @Test
    void aUserHasTwoAtMost() {
        create(ALICE, "AKIA1");
        create(ALICE, "AKIA2");

        assertThat(refusal(FaultName.LimitExceededException, () -> create(ALICE, "AKIA3")))
                .isEqualTo("Cannot exceed quota for AccessKeysPerUser: 2");
        create(BOB, "AKIA3");
        keys.delete(ALICE, "AKIA1");
        create(ALICE, "AKIA4");
        assertThat(keys.of(ALICE)).extracting(AccessKey::id).containsOnly("AKIA2", "AKIA4");
    }

    @Test
    void anotherUsersIsNotFound() {
        create(ALICE, "AKIA1");

        for (ThrowingCallable call :
                new ThrowingCallable[] {
                    () -> keys.require(BOB, "AKIA1"),
                    () -> keys.setStatus(BOB, "AKIA1", Status.Inactive),
                    () -> keys.delete(BOB, "AKIA1"),
                    () -> keys.delete(ALICE, "AKIA2")
                }) {
            assertThat(refusal(FaultName.NoSuchEntityException, call))
                    .startsWith("The Access Key with id AKIA");
        }
        assertThat(keys.require(ALICE, "AKIA1").status()).isEqualTo(Status.Active);
    }

    @Test
    void itsStatusChanges() {
        create(ALICE, "AKIA1");

        keys.setStatus(ALICE, "AKIA1", Status.Inactive);

        assertThat(keys.require(ALICE, "AKIA1").status()).isEqualTo(Status.Inactive);
        assertThat(store.accessKeys()).containsExactly(keys.require(ALICE, "AKIA1"));
    }

    @Test
    void aUserWithOneCannotBeDeleted() {
        create(ALICE, "AKIA1");

        assertThat(refusal(FaultName.DeleteConflictException, () -> delete(ALICE)))
                .isEqualTo("Cannot delete entity, must delete access keys first.");
        keys.delete(ALICE, "AKIA1");
        delete(ALICE);
    }

    /** Even if another one has got the name meanwhile. */
    @Test
    void whoHasGoneGetsNone() {
        delete(ALICE);
        assertThat(refusal(FaultName.NoSuchEntityException, () -> create(ALICE, "AKIA1")))
                .isEqualTo("The user with name alice cannot be found.");

        directory.create(user("alice", "AIDA3"));
        refusal(FaultName.NoSuchEntityException, () -> create(ALICE, "AKIA1"));
    }

    @Test
    void whatCouldNotBeStoredIsNotThere() {
        create(ALICE, "AKIA1");
        store.fill();

        assertThatThrownBy(() -> create(ALICE, "AKIA2")).hasMessage("disk full");
        assertThatThrownBy(() -> keys.setStatus(ALICE, "AKIA1", Status.Inactive))
                .hasMessage("disk full");
        assertThatThrownBy(() -> keys.delete(ALICE, "AKIA1")).hasMessage("disk full");

        assertThat(keys.of(ALICE)).containsExactly(key(ALICE, "AKIA1"));
    }

    private void delete(Entity user) {
        directory.delete(user.arn());
    }

    private AccessKey create(Entity user, String id) {
        AccessKey key = key(user, id);
        keys.create(user, key);
        return key;
    }

    private static AccessKey key(Entity user, String id) {
        return new AccessKey(
                id, user.arn(), user.uniqueId(), Status.Active, Instant.EPOCH, "sealed");
    }

    private static Entity user(String name, String uniqueId) {
        return new Entity(
                Arn.iam("aws", "123456789012", "user", "/", name),
                uniqueId,
                Instant.EPOCH,
                Tags.NONE,
                Permissions.NONE,
                Set.of(),
                Optional.empty());
    }

    private static String refusal(FaultName name, ThrowingCallable call) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, call);
        assertThat(fault).as("a refusal").isNotNull();
        assertThat(fault.name()).isEqualTo(name);
        return fault.text();
    }
}
