package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.SessionContext;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Decision.Reason;
import io.keyhold.policy.Evaluator;
import io.keyhold.policy.GrantIndex;
import io.keyhold.policy.IdentityPolicies;
import io.keyhold.policy.KeyGrants;
import io.keyhold.policy.Policy;
import io.keyhold.policy.Question;
import io.keyhold.policy.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resolves requests and authorizes them. */
public final class Access {

    private static final String NO_RESOURCE = "*";
    private static final Decision NO_IDENTITY_POLICY =
            new Decision(Reason.NO_IDENTITY_POLICY, null, "");
    private static final Decision NO_RESOURCE_POLICY =
            new Decision(Reason.NO_RESOURCE_POLICY, null, "");

    private final Keyring keyring;
    private final Aliases aliases;
    private final Grants grants;
    private final Directory directory;
    private final Resolver resolver;
    private final SessionPolicies sessionPolicies = new SessionPolicies();

    public Access(
            Keyring keyring,
            Aliases aliases,
            Grants grants,
            Directory directory,
            String partition) {
        this.keyring = keyring;
        this.aliases = aliases;
        this.grants = grants;
        this.directory = directory;
        this.resolver = new Resolver(keyring, aliases, grants, directory, partition);
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
        request.caller().session().ifPresent(this::requireIssuer);
        grantTokens.forEach(grants::ofToken);
        return new Resolved<>(
                request, needs.stream().map(need -> resolver.resolve(request, need)).toList());
    }

    /** Who has been deleted, even if there is a new one of that name, calls no more. */
    private void requireIssuer(SessionContext session) {
        boolean there =
                directory.uniqueId(session.issuer()).filter(session.issuerId()::equals).isPresent();
        if (!there) {
            throw KmsFault.of(
                    FaultName.UnrecognizedClientException,
                    "The security token included in the request is invalid: there is no longer the"
                            + " %s that it is of.",
                    session.issuer());
        }
    }

    /**
     * Passes if every need is allowed.
     *
     * @throws KmsFault AccessDeniedException with the reason; IncorrectKeyException
     */
    public <Q> Authorized<Q> authorize(Resolved<Q> resolved) {
        for (Found found : resolved.found()) {
            if (found.need().target() instanceof Need.MentionedKey
                    || found.need().target() instanceof Need.CallingService) {
                continue;
            }
            Decision decision = decide(resolved, found);
            if (!decision.allowed()) {
                throw refusal(resolved.request().caller(), found, decision);
            }
        }
        // Whoever may not use the key that he names shall not learn that it is the wrong one.
        if (resolved.found().stream().anyMatch(Found::isWrongKey)) {
            throw incorrectKey();
        }
        return new Authorized<>(resolved, this);
    }

    private Decision decide(Resolved<?> resolved, Found found) {
        Arn resource = found.resource();
        Caller caller = resolved.request().caller();
        if (found.need().target() instanceof Need.Daemon && !caller.isOperator()) {
            return NO_IDENTITY_POLICY;
        }
        if (found.need().target() instanceof Need.ManagedPolicy && isForeign(resource, caller)) {
            return NO_RESOURCE_POLICY;
        }
        Question question =
                question(
                        resolved,
                        found,
                        found.need().action(),
                        resource == null ? NO_RESOURCE : resource.toString());
        IdentityPolicies own = policies(caller);
        if (found.grant() != null) {
            return Evaluator.decideRetirement(question, found.grant().terms(), own);
        }
        if (found.key() == null) {
            return Evaluator.decide(question, own);
        }
        Arn key = found.key().arn();
        return Evaluator.decide(
                question, key.account(), keyring.policy(key), grants(found.need(), key), own);
    }

    /** Who creates a grant by a grant can only hand on what he has. */
    private KeyGrants grants(Need need, Arn key) {
        GrantIndex index = grants.index(key);
        return need.target() instanceof Need.KeyToGrant wanted
                ? question -> index.allowing(question, wanted::isWithin)
                : question -> index.allowing(question, terms -> true);
    }

    private IdentityPolicies policies(Caller caller) {
        return caller.arn()
                .map(directory::policies)
                .orElse(IdentityPolicies.NONE)
                .narrowedTo(sessionPolicies.of(caller));
    }

    /** Decides about a key as if it had another policy, or about one that is not there yet. */
    Decision decide(Resolved<?> resolved, String action, Arn key, Policy policy) {
        Found found = resolved.found().getFirst();
        Question question = question(resolved, found, action, key.toString());
        IdentityPolicies own = policies(resolved.request().caller());
        return Evaluator.decide(question, key.account(), policy, KeyGrants.NONE, own);
    }

    private Question question(Resolved<?> resolved, Found found, String action, String resource) {
        Caller caller = resolved.request().caller();
        String uniqueId = caller.arn().flatMap(directory::uniqueId).orElse("");
        Subject subject = Subject.of(caller.principal(), uniqueId);
        return new Question(
                subject, action, resource, new Facts(resolved, found, aliases, directory));
    }

    private static KmsFault refusal(Caller caller, Found found, Decision decision) {
        if (found.need().target() instanceof Need.CiphertextKey byBlob
                && byBlob.identifier().isEmpty()) {
            return Resolver.ciphertextDenied();
        }
        String action = found.need().action();
        Arn resource = found.resource();
        // A stranger must not learn more than of a key that is not there.
        Reason reason = isForeign(resource, caller) ? Reason.NO_RESOURCE_POLICY : decision.reason();
        return denied(caller, action, shown(caller, found), reason.words(action));
    }

    private static KmsFault incorrectKey() {
        return KmsFault.of(
                FaultName.IncorrectKeyException,
                "The key ID in the request does not identify a CMK that can perform this"
                        + " operation.");
    }

    private static boolean isForeign(@Nullable Arn resource, Caller caller) {
        return resource != null && !resource.account().equals(caller.account());
    }

    /** Of a foreign key only what the caller said himself: not what his alias stands for. */
    private static String shown(Caller caller, Found found) {
        Arn resource = found.resource();
        if (resource == null) {
            return NO_RESOURCE;
        }
        if (isForeign(resource, caller)) {
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
