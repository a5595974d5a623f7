package io.keyhold.fuzz;

import io.keyhold.iam.AccessKey;
import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.iam.Permissions;
import io.keyhold.iam.RoleTerms;
import io.keyhold.identity.Claim;
import io.keyhold.identity.Claims;
import io.keyhold.key.Arn;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Directory;
import io.keyhold.store.Entities;
import java.time.Instant;
import java.util.List;
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

    static final Arn ROLE_ARN = Arn.iam("aws", House.OPERATOR.account(), "role", "/", NAME);
    static final String ACCESS_KEY_ID = "AKIAAAAAAAAAAAAAAAAA";

    private static final Arn USER_ARN = Arn.iam("aws", House.OPERATOR.account(), "user", "/", NAME);

    private final Directory directory;
    private String standing = "";

    Residents(Directory directory) {
        this.directory = directory;
    }

    /** Who calls: the root of an account may not assume roles. */
    static Claims claims(String verb) {
        return verb.equals("AssumeRole")
                ? new Claims(Map.of(Claim.ACT_AS, List.of(USER_ARN.toString())))
                : Claims.NONE;
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
            directory.change(USER_ARN, user -> user.join(NAME));
            Entity user = directory.require(USER_ARN);
            directory
                    .accessKeys()
                    .create(
                            user,
                            new AccessKey(
                                    ACCESS_KEY_ID,
                                    USER_ARN,
                                    user.uniqueId(),
                                    AccessKey.Status.Active,
                                    Instant.EPOCH,
                                    ""));
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
        RoleTerms terms = new RoleTerms(Seeds.trust(USER_ARN), Map.of(), "", 3600);
        Entity made =
                switch (kind) {
                    case USER -> Entities.user(account, NAME);
                    case GROUP -> Entities.group(account, NAME);
                    case ROLE -> Entities.role(account, NAME).with(terms);
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
                directory
                        .accessKeys()
                        .of(one)
                        .forEach(key -> directory.accessKeys().delete(one, key.id()));
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
