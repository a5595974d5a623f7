package io.keyhold.iam;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Tags;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A user, a group or a role.
 *
 * @param arn carries partition, account, kind, path and name
 * @param uniqueId never given again, as the name may be
 * @param groups the names of the groups that a user is in
 * @param role what only a role has
 */
public record Entity(
        Arn arn,
        String uniqueId,
        Instant createdAt,
        Tags tags,
        Permissions permissions,
        Set<String> groups,
        Optional<RoleTerms> role) {

    private static final int MOST_GROUPS = 10;

    public Entity {
        groups = Set.copyOf(groups);
    }

    public Kind kind() {
        return Kind.of(arn).orElseThrow();
    }

    public String account() {
        return arn.account();
    }

    /** The name without its path. */
    public String name() {
        return arn.lastName();
    }

    /** The path, which begins and ends with a slash. */
    public String path() {
        int type = kind().type().length();
        return arn.resource().substring(type, arn.resource().lastIndexOf('/') + 1);
    }

    public Entity with(Tags others) {
        return new Entity(arn, uniqueId, createdAt, others, permissions, groups, role);
    }

    private Entity with(Permissions others) {
        return new Entity(arn, uniqueId, createdAt, tags, others, groups, role);
    }

    private Entity in(Set<String> others) {
        return new Entity(arn, uniqueId, createdAt, tags, permissions, others, role);
    }

    /** Of a role: with other terms. */
    public Entity with(RoleTerms others) {
        return new Entity(arn, uniqueId, createdAt, tags, permissions, groups, Optional.of(others));
    }

    /**
     * With an inline policy, in place of one of the same name.
     *
     * @throws KmsFault LimitExceededException
     */
    public Entity withPolicy(String name, String document) {
        return with(permissions.with(kind(), name, document));
    }

    /**
     * Without an inline policy.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public Entity withoutPolicy(String name) {
        return with(permissions.without(kind(), name));
    }

    /**
     * The document of an inline policy.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public String requirePolicy(String name) {
        return permissions.requireInline(kind(), name);
    }

    /**
     * With a managed policy; one that it has already is no fault.
     *
     * @throws KmsFault LimitExceededException
     */
    public Entity attach(Arn policy) {
        return with(permissions.attach(kind(), policy));
    }

    /**
     * Without a managed policy.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public Entity detach(Arn policy) {
        return with(permissions.detach(policy));
    }

    /** With another permissions boundary, or none. */
    public Entity within(Optional<Arn> boundary) {
        return with(permissions.within(boundary));
    }

    /**
     * Of a user: in one more group; one that it is in already is no fault.
     *
     * @throws KmsFault LimitExceededException
     */
    public Entity join(String group) {
        Set<String> all = new HashSet<>(groups);
        all.add(group);
        if (all.size() > MOST_GROUPS) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "Cannot exceed quota for GroupsPerUser: %d",
                    MOST_GROUPS);
        }
        return in(all);
    }

    /**
     * Of a user: in one group less.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public Entity leave(String group) {
        Set<String> rest = new HashSet<>(groups);
        if (!rest.remove(group)) {
            throw KmsFault.of(
                    FaultName.NoSuchEntityException,
                    "The user with name %s is not in the group %s.",
                    name(),
                    group);
        }
        return in(rest);
    }

    /**
     * Passes if it may be deleted.
     *
     * @throws KmsFault DeleteConflictException saying what has to go first
     */
    public void requireBare() {
        if (!permissions.inline().isEmpty()) {
            throw conflict("delete policies");
        }
        if (!permissions.attached().isEmpty()) {
            throw conflict("detach all policies");
        }
        if (!groups.isEmpty()) {
            throw conflict("remove users from group");
        }
    }

    /** What a caller hears of one that cannot be deleted yet. */
    public static KmsFault conflict(String first) {
        return KmsFault.of(
                FaultName.DeleteConflictException, "Cannot delete entity, must %s first.", first);
    }
}
