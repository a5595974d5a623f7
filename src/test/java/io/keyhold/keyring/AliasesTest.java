package io.keyhold.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KmsFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AliasesTest {

    private static final String REGION = "us-east-1";
    private static final String ACCOUNT = "111111111111";
    private static final Instant LATER = Instant.EPOCH.plusSeconds(60);

    private final Aliases aliases = new Aliases();
    private final List<Object> stored = new ArrayList<>();
    private final KeyId key = KeyId.random();
    private final KeyId other = KeyId.random();

    @Test
    void anAliasIsFoundByItsArnAndListedUnderItsAccountAndKey() {
        Alias alias = create("alias/a", key);
        create("alias/b", other);

        assertThat(aliases.find(alias.arn())).contains(alias);
        assertThat(names(aliases.list(REGION, ACCOUNT, "", 10)))
                .containsExactly("alias/a", "alias/b");
        assertThat(names(aliases.list(arn(key), "", 10))).containsExactly("alias/a");
        assertThat(aliases.list(REGION, "222222222222", "", 10)).isEmpty();
        assertThat(aliases.list("eu-west-1", ACCOUNT, "", 10)).isEmpty();
        assertThat(stored).hasSize(2);
    }

    @Test
    void listsGoOnAfterAName() {
        for (String name : List.of("alias/c", "alias/a", "alias/b")) {
            create(name, key);
        }

        assertThat(names(aliases.list(REGION, ACCOUNT, "alias/a", 1))).containsExactly("alias/b");
        assertThat(names(aliases.list(arn(key), "alias/b", 5))).containsExactly("alias/c");
    }

    @Test
    void aNameIsTakenOnce() {
        Alias alias = create("alias/a", key);
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> create("alias/a", other));

        assertThat(fault.name()).isEqualTo(FaultName.AlreadyExistsException);
        assertThat(fault.text())
                .isEqualTo("An alias with the name " + alias.arn() + " already exists");
        assertThat(aliases.find(alias.arn())).contains(alias);
        assertThat(stored).hasSize(1);
    }

    @Test
    void aMovedAliasNamesTheOtherKeyAndKeepsItsCreation() {
        Alias alias = create("alias/a", key);

        aliases.retarget(alias.arn(), other, LATER, stored::add);

        Alias moved = new Alias(alias.arn(), other, Instant.EPOCH, LATER);
        assertThat(aliases.find(alias.arn())).contains(moved);
        assertThat(aliases.list(arn(key), "", 10)).isEmpty();
        assertThat(aliases.list(arn(other), "", 10)).containsExactly(moved);
        assertThat(stored).containsExactly(alias, moved);
    }

    @Test
    void anAliasMayBeMovedToWhereItIs() {
        Alias alias = create("alias/a", key);

        aliases.retarget(alias.arn(), key, LATER, stored::add);

        assertThat(names(aliases.list(arn(key), "", 10))).containsExactly("alias/a");
    }

    @Test
    void aDeletedAliasIsGoneAndItsNameIsFree() {
        Alias alias = create("alias/a", key);

        aliases.delete(alias.arn(), stored::add);

        assertThat(aliases.find(alias.arn())).isEmpty();
        assertThat(aliases.list(REGION, ACCOUNT, "", 10)).isEmpty();
        assertThat(aliases.list(arn(key), "", 10)).isEmpty();
        assertThat(stored).containsExactly(alias, alias.arn());
        create("alias/a", other);
    }

    @Test
    void whatIsNotThereCannotBeMovedOrDeleted() {
        Arn none = Arn.alias("aws", REGION, ACCOUNT, "alias/none");

        for (Runnable call :
                List.<Runnable>of(
                        () -> aliases.retarget(none, key, LATER, stored::add),
                        () -> aliases.delete(none, stored::add))) {
            KmsFault fault = catchThrowableOfType(KmsFault.class, call::run);
            assertThat(fault.name()).isEqualTo(FaultName.NotFoundException);
            assertThat(fault.text()).isEqualTo("Alias " + none + " is not found.");
        }
        assertThat(stored).isEmpty();
    }

    @Test
    void aKeyHasFiftyAtMostHoweverTheyCome() {
        for (int i = 0; i < 50; i++) {
            create("alias/" + i, key);
        }
        Alias extra = create("alias/extra", other);

        for (Runnable call :
                List.<Runnable>of(
                        () -> create("alias/50", key),
                        () -> aliases.retarget(extra.arn(), key, LATER, stored::add))) {
            KmsFault fault = catchThrowableOfType(KmsFault.class, call::run);
            assertThat(fault.name()).isEqualTo(FaultName.LimitExceededException);
            assertThat(fault.text()).contains(arn(key).toString(), "50");
        }
        assertThat(aliases.find(extra.arn())).contains(extra);
        aliases.retarget(arn("alias/7"), key, LATER, stored::add);
    }

    @Test
    void whatCannotBeStoredIsNotShown() {
        Alias alias = create("alias/a", key);
        IllegalStateException full = new IllegalStateException("disk full");

        assertThatThrownBy(
                        () ->
                                aliases.create(
                                        alias("alias/b", key),
                                        a -> {
                                            throw full;
                                        }))
                .isSameAs(full);
        assertThatThrownBy(
                        () ->
                                aliases.delete(
                                        alias.arn(),
                                        a -> {
                                            throw full;
                                        }))
                .isSameAs(full);
        assertThat(aliases.list(REGION, ACCOUNT, "", 10)).containsExactly(alias);
    }

    private Alias create(String name, KeyId target) {
        Alias alias = alias(name, target);
        aliases.create(alias, stored::add);
        return alias;
    }

    private static Alias alias(String name, KeyId target) {
        return new Alias(arn(name), target, Instant.EPOCH, Instant.EPOCH);
    }

    private static Arn arn(String alias) {
        return Arn.alias("aws", REGION, ACCOUNT, alias);
    }

    private static Arn arn(KeyId key) {
        return Arn.key("aws", REGION, ACCOUNT, key);
    }

    private static List<String> names(List<Alias> list) {
        return list.stream().map(Alias::name).toList();
    }
}
