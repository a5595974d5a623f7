package io.keyhold.access;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Decision.Reason;
import io.keyhold.policy.Evaluator;
import io.keyhold.policy.IdentityPolicies;
import io.keyhold.policy.KeyGrants;
import io.keyhold.policy.Policy;
import io.keyhold.policy.Question;
import io.keyhold.policy.Subject;

/** Who may assume a role: its trust policy is to the role what a key's policy is to the key. */
final class RoleTrust {

    private static final Decision NOBODY = Decision.of(Reason.NO_RESOURCE_POLICY);

    private RoleTrust() {}

    /** Decides; nobody may assume a role that is not there, as it trusts nobody. */
    static Decision decide(Question question, Arn role, Policy trust, IdentityPolicies own) {
        return question.subject().kind() == Subject.Kind.ROOT
                ? NOBODY
                : Evaluator.decide(question, role.account(), trust, KeyGrants.NONE, own);
    }

    /** Without a reason, which would tell whether there is such a role. */
    static KmsFault refusal(Caller caller, String action, Need.RoleToAssume role) {
        return caller.arn().filter(Arn::isRoot).isPresent()
                ? KmsFault.of(
                        FaultName.AccessDeniedException,
                        "Roles may not be assumed by root accounts.")
                : KmsFault.of(
                        FaultName.AccessDeniedException,
                        "User: %s is not authorized to perform: %s on resource: %s",
                        caller.principal(),
                        action,
                        role.arn());
    }
}
