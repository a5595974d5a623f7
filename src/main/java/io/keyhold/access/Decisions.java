package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Grant;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Services;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.policy.ContextKeys;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Decision.Reason;
import io.keyhold.policy.Evaluator;
import io.keyhold.policy.Explanation;
import io.keyhold.policy.GrantIndex;
import io.keyhold.policy.IdentityPolicies;
import io.keyhold.policy.KeyGrants;
import io.keyhold.policy.Openness;
import io.keyhold.policy.Policy;
import io.keyhold.policy.Question;
import io.keyhold.policy.Subject;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the questions to the policies and grants that there are. */
final class Decisions {

    /** What a permission is about that has no resource. */
    static final String NO_RESOURCE = "*";

    /** As many as are looked at for an explanation. */
    private static final int MOST_GRANTS = 1000;

    /** What only the record of a principal says. */
    private static final Set<String> OF_RECORD = Set.of("aws:principaltag", "aws:userid");

    private final Keyring keyring;
    private final Aliases aliases;
    private final Grants grants;
    private final Directory directory;
    private final EffectiveGrants effectiveGrants;
    private final CrossAccount crossAccount;
    private final SessionPolicies sessionPolicies = new SessionPolicies();

    Decisions(
            Keyring keyring,
            Aliases aliases,
            Grants grants,
            Directory directory,
            Services services,
            CrossAccount crossAccount) {
        this.keyring = keyring;
        this.aliases = aliases;
        this.grants = grants;
        this.effectiveGrants = new EffectiveGrants(grants, aliases, services);
        this.directory = directory;
        this.crossAccount = crossAccount;
    }

    /** Whether the caller may have one of a request's needs. */
    Decision of(Circumstances call, Found found) {
        Arn resource = found.resource();
        Caller caller = call.caller();
        if (found.need().target() instanceof Need.Daemon && !caller.isOperator()) {
            return Decision.of(Reason.OPERATOR_ONLY);
        }
        if (found.need().target() instanceof Need.ManagedPolicy && isForeign(resource, caller)) {
            return Decision.of(Reason.NO_RESOURCE_POLICY);
        }
        String name = resource == null ? NO_RESOURCE : resource.toString();
        Question question = question(caller, found.need().action(), name, facts(call, found));
        IdentityPolicies own = policies(caller);
        if (found.grant() != null) {
            return Evaluator.decideRetirement(
                    question, keyring.policy(found.grant().key()), found.grant().terms(), own);
        }
        if (found.need().target() instanceof Need.RoleToAssume && resource != null) {
            return RoleTrust.decide(question, resource, directory.trust(resource), own);
        }
        if (found.key() == null) {
            return Evaluator.decide(question, own);
        }
        Arn key = found.key().arn();
        return Evaluator.decide(
                question,
                key.account(),
                keyring.policy(key),
                effectiveGrants.of(caller, found.need(), found.key()),
                own);
    }

    /** Whether the caller may do something with what has no policy of its own. */
    Decision aboutAccount(Circumstances call, Found found, String action, String resource) {
        return Evaluator.decide(
                question(call.caller(), action, resource, facts(call, found)),
                policies(call.caller()));
    }

    /** Whether the caller might do something with a key if it had this policy, and no grant. */
    Decision withPolicy(Circumstances call, Found found, String action, Arn key, Policy policy) {
        Question question = question(call.caller(), action, key.toString(), facts(call, found));
        return Evaluator.decide(
                question, key.account(), policy, KeyGrants.NONE, policies(call.caller()));
    }

    /**
     * Whether a key's policy leaves room for anybody of its account in a caller's circumstances.
     */
    Decision openness(Circumstances call, Found found) {
        Arn key = Objects.requireNonNull(found.resource());
        return Openness.decide(
                question(call.caller(), found.need().action(), key.toString(), facts(call, found)),
                key.account(),
                keyring.policy(key));
    }

    /**
     * Why somebody may, or may not, do something with a key. Of a principal of another account than
     * the one that asks nothing is told but its name, and its policies are not looked at.
     *
     * @param asking the account that asks
     * @param given counts before what is known
     */
    Explanation explain(Circumstances call, String asking, ContextKeys given) {
        Caller caller = call.caller();
        Found found = call.found().getFirst();
        boolean seen = caller.isService() || caller.account().equals(asking);
        ContextKeys facts = given(given, facts(call, found), seen);
        KeyRecord record = Objects.requireNonNull(found.key());
        Arn key = record.arn();
        String action = found.need().action();
        Question question = question(caller, action, key.toString(), facts);
        Policy policy = keyring.policy(key);
        IdentityPolicies own = seen ? policies(caller) : IdentityPolicies.UNSEEN;
        boolean never = !crossAccount.reaches(caller, action, key);
        Decision decision =
                never
                        ? Decision.of(Reason.NEVER_ACROSS_ACCOUNTS)
                        : Evaluator.decide(
                                question,
                                key.account(),
                                policy,
                                effectiveGrants.of(caller, found.need(), record),
                                own);
        List<Grant> ofCaller =
                grants.list(
                        key, grant -> GrantIndex.isTo(question.subject(), grant), "", MOST_GRANTS);
        return Explanation.of(question, decision, policy, ofCaller, own);
    }

    private static ContextKeys given(ContextKeys given, ContextKeys known, boolean seen) {
        return key -> {
            List<String> values = given.values(key);
            boolean secret = !seen && OF_RECORD.contains(key.name());
            return values.isEmpty() && !secret ? known.values(key) : values;
        };
    }

    static boolean isForeign(@Nullable Arn resource, Caller caller) {
        return resource != null && !resource.account().equals(caller.account());
    }

    private Facts facts(Circumstances call, Found found) {
        return new Facts(call, found, aliases, directory);
    }

    private Question question(Caller caller, String action, String resource, ContextKeys facts) {
        String uniqueId = caller.arn().flatMap(directory::uniqueId).orElse("");
        return new Question(subject(caller, uniqueId), action, resource, facts);
    }

    private static Subject subject(Caller caller, String uniqueId) {
        return caller.arn()
                .map(arn -> Subject.of(arn, uniqueId))
                .orElseGet(() -> Subject.service(caller.principal().toString(), caller.account()));
    }

    private IdentityPolicies policies(Caller caller) {
        return caller.arn()
                .map(directory::policies)
                .orElse(
                        caller.account().isEmpty()
                                ? IdentityPolicies.NONE
                                : IdentityPolicies.OF_OWNER)
                .narrowedTo(sessionPolicies.of(caller));
    }
}
