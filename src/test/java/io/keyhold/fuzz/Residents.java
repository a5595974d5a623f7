package io.keyhold.fuzz;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.iam.Permissions;
import io.keyhold.key.Arn;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Directory;
import io.keyhold.store.Entities;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Users, groups, roles and a policy as a verb must find them to succeed. */
final class Residents {

    /** The name of the user, the group and the role. */
    static final String NAME = "text";

    /** The name of the managed policy, and of the inline ones. */
    static final String POLICY = "default";

    static final Arn POLICY_ARN = Entities.policyArn(House.OPERATOR.account(), POLICY);

    private final Directory directory;
    private String standing = "";

    Residents(Directory directory) {
        this.directory = directory;
    }

    /** Lets them be as a verb needs them. */
    void arrange(String verb) {
        String wanted =
                switch (verb) {
                    case "CreatePolicy" -> "nothing";
                    case "CreateUser", "CreateGroup", "CreateRole", "DeletePolicy" -> "a policy";
                    case "DeleteUser", "DeleteGroup", "DeleteRole" -> "bare";
                    default -> "all";
                };
        if (!wanted.equals(standing)) {
            clear();
            furnish(wanted);
            standing = wanted;
        }
    }

    /** After a change they are no more as they were. */
    void changed() {
        standing = "";
    }

    private void furnish(String wanted) {
        if (wanted.equals("nothing")) {
            return;
        }
        directory
                .managed()
                .create(Entities.policy(House.OPERATOR.account(), POLICY, Seeds.IDENTITY_POLICY));
        if (wanted.equals("a policy")) {
            return;
        }
        boolean bare = wanted.equals("bare");
        for (Kind kind : Kind.values()) {
            directory.create(bare ? resident(kind) : endowed(kind));
        }
        if (!bare) {
            directory
                    .managed()
                    .change(
                            POLICY_ARN,
                            now -> now.with(Seeds.IDENTITY_POLICY, false, Instant.EPOCH));
            directory.change(arn(Kind.USER), user -> user.join(NAME));
        }
    }

    private static Entity endowed(Kind kind) {
        return resident(kind)
                .withPolicy(POLICY, Seeds.IDENTITY_POLICY)
                .attach(POLICY_ARN)
                .within(Optional.of(POLICY_ARN));
    }

    private static Entity resident(Kind kind) {
        String account = House.OPERATOR.account();
        Entity made =
                switch (kind) {
                    case USER -> Entities.user(account, NAME);
                    case GROUP -> Entities.group(account, NAME);
                    case ROLE -> Entities.role(account, NAME);
                };
        return made.with(new Tags(new TreeMap<>(Map.of(NAME, NAME))));
    }

    private static Arn arn(Kind kind) {
        return Arn.iam("aws", House.OPERATOR.account(), kind.type(), "/", NAME);
    }

    private void clear() {
        String account = House.OPERATOR.account();
        for (Kind kind : Kind.values()) { // users first, who are in groups
            for (Entity one : directory.all(kind, account)) {
                directory.change(one.arn(), Residents::bare);
                directory.delete(one.arn());
            }
        }
        for (ManagedPolicy policy : directory.managed().all(account)) {
            String counting = "v" + policy.defaultVersion();
            for (ManagedPolicy.Version version : policy.versions().values()) {
                if (!version.id().equals(counting)) {
                    directory.managed().change(policy.arn(), now -> now.without(version.id()));
                }
            }
            directory.managed().delete(policy.arn());
        }
    }

    private static Entity bare(Entity one) {
        return new Entity(
                one.arn(),
                one.uniqueId(),
                one.createdAt(),
                one.tags(),
                Permissions.NONE,
                Set.of(),
                one.role());
    }
}
