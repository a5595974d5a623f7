package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.Caller.SessionContext;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.key.Service;
import io.keyhold.key.Services;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.keyring.ManagedKeys;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Decision.Reason;
import io.keyhold.policy.Explanation;
import io.keyhold.policy.Policy;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Resolves requests and authorizes them. */
public final class Access {

    private static final String IAM = "iam:";
    private static final Set<String> READS =
            Set.of("kms:Decrypt", "kms:DescribeKey", "kms:ReEncryptFrom");

    private final Grants grants;
    private final Directory directory;
    private final Services services;
    private final Resolver resolver;
    private final Decisions decisions;

    public Access(
            Keyring keyring,
            Aliases aliases,
            Grants grants,
            Directory directory,
            ManagedKeys managed,
            Services services,
            String partition) {
        CrossAccount crossAccount = new CrossAccount(services);
        this.grants = grants;
        this.directory = directory;
        this.services = services;
        this.resolver =
                new Resolver(keyring, aliases, grants, directory, managed, crossAccount, partition);
        this.decisions = new Decisions(keyring, aliases, grants, directory, services, crossAccount);
    }

    /**
     * Finds what a request names.
     *
     * @param grantTokens each must stand for a grant, which counts as all grants do
     * @throws KmsFault NotFoundException, InvalidArnException, InvalidCiphertextException,
     *     InvalidGrantTokenException, or AccessDeniedException where a stranger must not learn more
     */
    public <Q> Resolved<Q> resolve(
            Authenticated<Q> request, List<Need> needs, List<String> grantTokens) {
        request.caller().session().ifPresent(session -> require(session, needs));
        request.caller().via().ifPresent(via -> require(request.caller(), via, needs));
        if (services.own(request.caller().account())) {
            requireNoIdentities(request.caller(), needs);
        }
        grantTokens.forEach(grants::ofToken);
        return new Resolved<>(
                request, needs.stream().map(need -> resolver.resolve(request, need)).toList());
    }

    /** A caller's unique ID, as the audit has it; empty if there is no record of the caller. */
    public String principalId(Caller caller) {
        return caller.arn().flatMap(arn -> userId(arn, caller)).orElse("");
    }

    private Optional<String> userId(Arn arn, Caller caller) {
        return caller.session()
                .map(session -> Directory.userId(arn, session.issuerId()))
                .or(() -> directory.userId(arn));
    }

    private void require(SessionContext session, List<Need> needs) {
        requireThere(session);
        boolean isRoles = !session.issuer().roleName().isEmpty();
        if (!isRoles && needs.stream().anyMatch(need -> need.action().startsWith(IAM))) {
            throw KmsFault.of(
                    FaultName.UnrecognizedClientException,
                    "The security token included in the request is invalid: credentials of"
                            + " GetSessionToken are not good for IAM.");
        }
    }

    private static void require(Caller caller, Caller.Via via, List<Need> needs) {
        List<String> actions = needs.stream().map(Need::action).toList();
        if (actions.isEmpty() || !via.actions().containsAll(actions)) {
            throw KmsFault.of(
                    FaultName.AccessDeniedException,
                    "%s may not do %s for %s: what it was given is good for %s.",
                    via.service().principal(),
                    actions.isEmpty() ? "that" : String.join(", ", actions),
                    caller.principal(),
                    via.actions().stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    /** A user or role of a service's account would outlast the service, and come to its keys. */
    private static void requireNoIdentities(Caller caller, List<Need> needs) {
        if (needs.stream().anyMatch(need -> need.action().startsWith(IAM))) {
            throw KmsFault.of(
                    FaultName.AccessDeniedException,
                    "Account %s is a service's own: it has keys, and no users, groups or roles.",
                    caller.account());
        }
    }

    /** Who has been deleted, even if there is a new one of that name, calls no more. */
    private void requireThere(SessionContext session) {
        boolean there =
                directory.userId(session.issuer()).filter(session.issuerId()::equals).isPresent();
        if (!there) {
            throw KmsFault.of(
                    FaultName.UnrecognizedClientException,
                    "The security token included in the request is invalid: there is no longer the"
                            + " %s that it is of.",
                    session.issuer());
        }
        BoundPrincipal holder = session.holder();
        if (!holder.uniqueId().isEmpty() && !directory.bound(holder.principal()).equals(holder)) {
            throw KmsFault.of(
                    FaultName.UnrecognizedClientException,
                    "The security token included in the request is invalid: there is no longer the"
                            + " %s that it was issued to.",
                    holder);
        }
    }

    /**
     * Passes if every need is allowed.
     *
     * @throws KmsFault AccessDeniedException with the reason; IncorrectKeyException
     */
    public <Q> Authorized<Q> authorize(Resolved<Q> resolved) {
        Circumstances call = Circumstances.of(resolved);
        for (Found found : resolved.found()) {
            if (found.need().target() instanceof Need.MentionedKey
                    || found.need().target() instanceof Need.CallingService) {
                continue;
            }
            Decision decision = decisions.of(call, found);
            if (!decision.allowed()) {
                throw refusal(resolved.request().caller(), found, decision);
            }
            call.caller().via().ifPresent(via -> requireUsed(via.service(), found));
        }
        // Whoever may not use the key that he names shall not learn that it is the wrong one.
        if (resolved.found().stream().anyMatch(Found::isWrongKey)) {
            throw incorrectKey();
        }
        return new Authorized<>(resolved, this);
    }

    /** A service protects data by the kinds of key that it uses; what it once did, it can read. */
    private static void requireUsed(Service service, Found found) {
        KeyRecord key = found.key();
        if (key != null && !READS.contains(found.need().action()) && !service.uses(key.kind())) {
            throw KmsFault.of(
                    FaultName.AccessDeniedException,
                    "%s is %s, and %s uses no key of that kind.",
                    key.arn(),
                    key.kind().words(),
                    service.principal());
        }
    }

    /** Decides about a key as if it had another policy, or about one that is not there yet. */
    Decision decide(Resolved<?> resolved, String action, Arn key, Policy policy) {
        Circumstances call = Circumstances.of(resolved);
        return decisions.withPolicy(call, call.found().getFirst(), action, key, policy);
    }

    /**
     * Passes if the caller may do something else besides.
     *
     * @param resource of the caller's account
     * @throws KmsFault AccessDeniedException
     */
    void require(Resolved<?> resolved, String action, String resource) {
        Circumstances call = Circumstances.of(resolved);
        Decision decision = decisions.aboutAccount(call, call.found().getFirst(), action, resource);
        if (!decision.allowed()) {
            throw denied(call.caller(), action, resource, decision.reason().words(action));
        }
    }

    /** Whether the policy of a request's key leaves room for its account through a service. */
    Decision openness(Resolved<?> resolved, Service service, String action) {
        Circumstances call = Circumstances.of(resolved);
        Found found = call.found().getFirst();
        KeyRecord key = Objects.requireNonNull(found.key());
        Found asked =
                Found.key(new Need(action, found.need().target(), found.need().request()), key);
        Arn root = Arn.root(key.arn().partition(), key.arn().account());
        Caller through =
                new Caller(root, Authentication.TLS_CERTIFICATE)
                        .through(new Caller.Via(service, Caller.Via.ACTIONS));
        return decisions.openness(call.about(asked).by(through), asked);
    }

    /** Explains what somebody may do with the key of a request's first need. */
    Explanation explain(Resolved<?> resolved, Hypothesis hypothesis) {
        Circumstances call = Circumstances.of(resolved);
        Found found = call.found().getFirst();
        Need need = new Need(hypothesis.action(), found.need().target(), found.need().request());
        Found asked = Found.key(need, Objects.requireNonNull(found.key()));
        boolean self = hypothesis.principal().equals(call.caller().principal());
        return decisions.explain(
                self ? call.about(asked) : call.about(asked).by(another(hypothesis.principal())),
                call.caller().account(),
                hypothesis.facts());
    }

    private Caller another(Principal principal) {
        return services.atHome(new Caller(principal, Authentication.TLS_CERTIFICATE));
    }

    private static KmsFault refusal(Caller caller, Found found, Decision decision) {
        if (found.need().target() instanceof Need.CiphertextKey byBlob
                && byBlob.identifier().isEmpty()) {
            return Resolver.ciphertextDenied();
        }
        if (found.need().target() instanceof Need.RoleToAssume role) {
            return RoleTrust.refusal(caller, found.need().action(), role);
        }
        String action = found.need().action();
        Arn resource = found.resource();
        // A stranger must not learn more than of a key that is not there.
        Reason reason =
                Decisions.isForeign(resource, caller)
                        ? Reason.NO_RESOURCE_POLICY
                        : decision.reason();
        return denied(caller, action, shown(caller, found), reason.words(action));
    }

    private static KmsFault incorrectKey() {
        return KmsFault.of(
                FaultName.IncorrectKeyException,
                "The key ID in the request does not identify a CMK that can perform this"
                        + " operation.");
    }

    /** Of a foreign key only what the caller said himself: not what his alias stands for. */
    private static String shown(Caller caller, Found found) {
        Arn resource = found.resource();
        if (resource == null) {
            return Decisions.NO_RESOURCE;
        }
        if (found.need().target() instanceof Need.UserOfAccessKey key) {
            return "access key " + key.id();
        }
        if (Decisions.isForeign(resource, caller)) {
            return switch (found.need().target()) {
                case Need.KeyOrAlias key -> key.identifier();
                case Need.CiphertextKey key -> key.identifier();
                default -> resource.toString();
            };
        }
        return resource.toString();
    }

    static KmsFault denied(Caller caller, String action, String resource, String reason) {
        return KmsFault.of(
                FaultName.AccessDeniedException,
                "User: %s is not authorized to perform: %s on resource: %s %s",
                caller.principal(),
                action,
                resource,
                reason);
    }
}
