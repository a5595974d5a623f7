package io.keyhold.access;

import io.keyhold.iam.AccessKey;
import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Directory;

/** The ARNs of the users, groups, roles and managed policies that a request means. */
final class Identities {

    private static final String NO_PATH = "/";

    private final Directory directory;
    private final String partition;

    Identities(Directory directory, String partition) {
        this.directory = directory;
        this.partition = partition;
    }

    /** Whether there is one or not: who may not ask shall not learn that. */
    Arn arn(Caller caller, Need.Identity identity) {
        if (identity.name().isEmpty()) {
            return self(caller);
        }
        Kind kind = identity.kind();
        String name = identity.name();
        return directory
                .find(kind, caller.account(), name)
                .map(Entity::arn)
                .orElseGet(() -> Arn.iam(partition, caller.account(), kind.type(), NO_PATH, name));
    }

    Arn arn(Caller caller, Need.NewIdentity made) {
        return Arn.iam(partition, caller.account(), made.type(), made.path(), made.name());
    }

    /** Of an ID that is nobody's, what only those may ask for who may ask for every user's. */
    Arn arn(Caller caller, Need.UserOfAccessKey key) {
        return directory
                .accessKeys()
                .find(key.id())
                .map(AccessKey::user)
                .filter(user -> user.account().equals(caller.account()))
                .orElseGet(
                        () ->
                                Arn.iam(
                                        partition,
                                        caller.account(),
                                        Kind.USER.type(),
                                        NO_PATH,
                                        key.id()));
    }

    Arn arn(Need.RoleToAssume role) {
        return Arn.parse(role.arn())
                .filter(Arn::isPrincipal)
                .filter(arn -> !arn.isSession() && !arn.roleName().isEmpty())
                .orElseThrow(
                        () ->
                                KmsFault.of(
                                        FaultName.ValidationException,
                                        "'%s' is not the ARN of a role.",
                                        role.arn()));
    }

    private static Arn self(Caller caller) {
        return caller.arn()
                .filter(arn -> arn.resource().startsWith(Kind.USER.type() + "/"))
                .orElseThrow(
                        () ->
                                KmsFault.of(
                                        FaultName.ValidationException,
                                        "Must specify userName when calling with non-User"
                                                + " credentials"));
    }
}
