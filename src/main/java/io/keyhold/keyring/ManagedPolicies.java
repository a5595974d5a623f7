package io.keyhold.keyring;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.policy.Policy;
import io.keyhold.store.DirectoryStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The managed policies of a {@link Directory}. */
public final class ManagedPolicies {

    private final DirectoryStore store;
    private final Directory directory;
    private final Names<Known> known =
            new Names<>(one -> one.policy.arn().account(), one -> one.policy.name());

    ManagedPolicies(DirectoryStore store, Directory directory) {
        this.store = store;
        this.directory = directory;
        store.policies().forEach(this::show);
    }

    /** The managed policy with this ARN. */
    public Optional<ManagedPolicy> find(Arn arn) {
        return compiled(arn).map(Known::policy);
    }

    /**
     * Likewise.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public ManagedPolicy require(Arn arn) {
        return find(arn).orElseThrow(() -> notFound(arn));
    }

    /** What a caller hears of a policy that is not there. */
    public static KmsFault notFound(Arn arn) {
        return KmsFault.of(
                FaultName.NoSuchEntityException,
                "Policy %s does not exist or is not attachable.",
                arn);
    }

    /** All that an account has. */
    public List<ManagedPolicy> all(String account) {
        return known.all(account).stream().map(Known::policy).toList();
    }

    /** How many users, groups and roles of an account have each policy. */
    public Map<Arn, Long> attachments(String account) {
        return count(account, entity -> entity.permissions().attached().stream());
    }

    /** How many users and roles of an account have each policy as their boundary. */
    public Map<Arn, Long> boundaries(String account) {
        return count(account, entity -> entity.permissions().boundary().stream());
    }

    private Map<Arn, Long> count(String account, Function<Entity, Stream<Arn>> policies) {
        return Stream.of(Kind.values())
                .flatMap(kind -> directory.all(kind, account).stream())
                .flatMap(policies)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /**
     * Adds a policy.
     *
     * @throws KmsFault EntityAlreadyExistsException, LimitExceededException
     */
    public void create(ManagedPolicy policy) {
        synchronized (directory) {
            String account = policy.arn().account();
            if (known.find(account, policy.name()).isPresent()) {
                throw KmsFault.of(
                        FaultName.EntityAlreadyExistsException,
                        "A policy called %s already exists. Duplicate names are not allowed.",
                        policy.name());
            }
            if (known.all(account).size() >= ManagedPolicy.MOST_PER_ACCOUNT) {
                throw KmsFault.of(
                        FaultName.LimitExceededException,
                        "Cannot exceed quota for PoliciesPerAccount: %d",
                        ManagedPolicy.MOST_PER_ACCOUNT);
            }
            store.createPolicy(policy);
            show(policy);
        }
    }

    /**
     * Changes a policy.
     *
     * @return what it has become
     * @throws KmsFault NoSuchEntityException
     */
    public ManagedPolicy change(Arn arn, UnaryOperator<ManagedPolicy> change) {
        synchronized (directory) {
            ManagedPolicy changed = change.apply(require(arn));
            store.updatePolicy(changed);
            show(changed);
            return changed;
        }
    }

    /**
     * Removes a policy.
     *
     * @throws KmsFault NoSuchEntityException; DeleteConflictException if somebody has it, or it has
     *     more than its default version
     */
    public void delete(Arn arn) {
        synchronized (directory) {
            ManagedPolicy policy = require(arn);
            if (attachments(arn.account()).containsKey(arn)
                    || boundaries(arn.account()).containsKey(arn)) {
                throw KmsFault.of(
                        FaultName.DeleteConflictException,
                        "Cannot delete a policy attached to entities.");
            }
            if (policy.versions().size() > 1) {
                throw KmsFault.of(
                        FaultName.DeleteConflictException,
                        "This policy has more than one version. Before you delete a policy, you"
                                + " must delete the policy's versions. The default version is"
                                + " deleted with the policy.");
            }
            store.deletePolicy(policy);
            compiled(arn).ifPresent(known::remove);
        }
    }

    /** What a policy allows and denies whoever has it. */
    Policy attached(Arn arn) {
        return compiled(arn).map(one -> one.compiled.attached()).orElse(StoredPolicy.DENY_ALL);
    }

    /** The most that a policy allows as a boundary; one that is not there allows nothing. */
    Policy boundary(Arn arn) {
        return compiled(arn).map(one -> one.compiled.boundary()).orElse(Policy.NOTHING);
    }

    private Optional<Known> compiled(Arn arn) {
        return known.find(arn.account(), arn.lastName())
                .filter(one -> one.policy.arn().equals(arn));
    }

    private void show(ManagedPolicy policy) {
        known.put(new Known(policy, StoredPolicy.of(policy.arn().toString(), policy.document())));
    }

    /** A policy with its default version, compiled. */
    private record Known(ManagedPolicy policy, StoredPolicy compiled) {}
}
