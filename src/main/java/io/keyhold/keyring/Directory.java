package io.keyhold.keyring;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.policy.IdentityPolicies;
import io.keyhold.policy.Policy;
import io.keyhold.store.DirectoryStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Every user, group and role of this daemon, in memory; changed here too, stored first. Changes
 * come one at a time, as those of {@link Aliases} do. Policies are compiled when they are stored: a
 * decision parses nothing, and a change counts for the next call.
 */
public final class Directory {

    private final DirectoryStore store;
    private final ManagedPolicies managed;
    private final AccessKeys accessKeys;
    private final Map<Kind, Names<Known>> known = new EnumMap<>(Kind.class);

    /** Takes in what the store has. */
    public Directory(DirectoryStore store) {
        this.store = store;
        for (Kind kind : Kind.values()) {
            known.put(kind, new Names<>(one -> one.entity.account(), one -> one.entity.name()));
        }
        this.managed = new ManagedPolicies(store, this);
        store.entities().forEach(this::show);
        this.accessKeys = new AccessKeys(store, this);
    }

    /** The managed policies, which change under the same lock. */
    public ManagedPolicies managed() {
        return managed;
    }

    /** The access keys of users, which change under the same lock. */
    public AccessKeys accessKeys() {
        return accessKeys;
    }

    /** The entity of an ARN; of a session, its role. */
    public Optional<Entity> find(Arn arn) {
        return record(arn).map(Known::entity);
    }

    /**
     * The entity of an ARN.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public Entity require(Arn arn) {
        return find(arn).orElseThrow(() -> Kind.of(arn).orElseThrow().notFound(arn.lastName()));
    }

    /** The entity of the name in an ARN, whatever its path; of a session, its role. */
    public Optional<Entity> namesake(Arn arn) {
        return arn.isSession()
                ? find(arn)
                : Kind.of(arn).flatMap(kind -> find(kind, arn.account(), arn.lastName()));
    }

    /** The unique ID of the user or role behind a principal, if there is a record of it. */
    public Optional<String> uniqueId(Arn principal) {
        return find(principal).map(Entity::uniqueId);
    }

    /** A principal with the unique ID of its record, if there is one. */
    public BoundPrincipal bound(Principal principal) {
        Optional<String> id =
                principal instanceof Principal.OfAccount named
                        ? uniqueId(named.arn())
                        : Optional.empty();
        return new BoundPrincipal(principal, id.orElse(""));
    }

    /**
     * The unique ID; an account's number for its root, and a session has its name behind it. Empty
     * if there is no record.
     */
    public Optional<String> userId(Arn principal) {
        if (principal.isRoot()) {
            return Optional.of(principal.account());
        }
        return uniqueId(principal).map(id -> userId(principal, id));
    }

    /** Likewise, of a user or role whose unique ID is known. */
    public static String userId(Arn principal, String uniqueId) {
        return principal.isSession() ? uniqueId + ":" + principal.lastName() : uniqueId;
    }

    /** Who may assume a role; of one that is not there, nobody. */
    public Policy trust(Arn role) {
        return record(role).map(Known::trust).orElse(Policy.NOTHING);
    }

    /** What an account has given to one of its principals. */
    public IdentityPolicies policies(Arn principal) {
        Optional<Known> found = record(principal);
        if (found.isEmpty()) {
            return IdentityPolicies.NONE;
        }
        Entity entity = found.get().entity;
        List<Policy> attached = new ArrayList<>();
        add(found.get(), attached);
        for (String group : entity.groups()) {
            named(Kind.GROUP, entity.account(), group).ifPresent(one -> add(one, attached));
        }
        return new IdentityPolicies(
                attached, entity.permissions().boundary().map(managed::boundary), Optional.empty());
    }

    /** The entity of a name. */
    public Optional<Entity> find(Kind kind, String account, String name) {
        return named(kind, account, name).map(Known::entity);
    }

    /**
     * The entity of a name.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public Entity require(Kind kind, String account, String name) {
        return find(kind, account, name).orElseThrow(() -> kind.notFound(name));
    }

    /** All of one kind that an account has. */
    public List<Entity> all(Kind kind, String account) {
        return names(kind).all(account).stream().map(Known::entity).toList();
    }

    /**
     * Adds an entity.
     *
     * @throws KmsFault EntityAlreadyExistsException, LimitExceededException; NoSuchEntityException
     *     if its boundary is not there
     */
    public synchronized void create(Entity entity) {
        Kind kind = entity.kind();
        Collection<Known> others = names(kind).all(entity.account());
        if (names(kind).find(entity.account(), entity.name()).isPresent()) {
            throw KmsFault.of(
                    FaultName.EntityAlreadyExistsException,
                    "%s with name %s already exists.",
                    kind.noun(),
                    entity.name());
        }
        if (others.size() >= kind.mostPerAccount()) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "Cannot exceed quota for %ssPerAccount: %d",
                    kind.noun(),
                    kind.mostPerAccount());
        }
        entity.permissions().boundary().ifPresent(managed::require);
        store.createEntity(entity);
        show(entity);
    }

    /**
     * Changes an entity.
     *
     * @param change answers what it becomes; asked while no other change is made
     * @throws KmsFault NoSuchEntityException
     */
    public synchronized void change(Arn arn, UnaryOperator<Entity> change) {
        Entity changed = change.apply(require(arn));
        store.updateEntity(changed);
        show(changed);
    }

    /**
     * Removes an entity.
     *
     * @throws KmsFault NoSuchEntityException, DeleteConflictException
     */
    public synchronized void delete(Arn arn) {
        Entity entity = require(arn);
        entity.requireBare();
        if (!accessKeys.of(entity).isEmpty()) {
            throw Entity.conflict("delete access keys");
        }
        if (entity.kind() == Kind.GROUP && !members(entity).isEmpty()) {
            throw Entity.conflict("remove users from group");
        }
        store.deleteEntity(entity);
        record(arn).ifPresent(names(entity.kind())::remove);
    }

    /** The users in a group. */
    public List<Entity> members(Entity group) {
        return all(Kind.USER, group.account()).stream()
                .filter(user -> user.groups().contains(group.name()))
                .toList();
    }

    private void add(Known one, List<Policy> policies) {
        policies.addAll(one.inline);
        one.entity.permissions().attached().forEach(arn -> policies.add(managed.attached(arn)));
    }

    private Optional<Known> record(Arn arn) {
        if (arn.isSession()) {
            return named(Kind.ROLE, arn.account(), arn.roleName());
        }
        return Kind.of(arn)
                .flatMap(kind -> named(kind, arn.account(), arn.lastName()))
                .filter(one -> one.entity.arn().equals(arn));
    }

    /** Names are unique whatever their case, but a name is found in its own only. */
    private Optional<Known> named(Kind kind, String account, String name) {
        return names(kind).find(account, name).filter(one -> one.entity.name().equals(name));
    }

    private Names<Known> names(Kind kind) {
        return Objects.requireNonNull(known.get(kind));
    }

    private void show(Entity entity) {
        List<Policy> inline = new ArrayList<>();
        entity.permissions()
                .inline()
                .forEach(
                        (name, document) ->
                                inline.add(
                                        StoredPolicy.of(
                                                        "policy " + name + " of " + entity.arn(),
                                                        document)
                                                .attached()));
        Policy trust =
                entity.role()
                        .map(terms -> StoredPolicy.trust(entity.arn(), terms))
                        .orElse(Policy.NOTHING);
        names(entity.kind()).put(new Known(entity, List.copyOf(inline), trust));
    }

    /** An entity with its inline policies, and a role's trust policy, compiled. */
    private record Known(Entity entity, List<Policy> inline, Policy trust) {}
}
