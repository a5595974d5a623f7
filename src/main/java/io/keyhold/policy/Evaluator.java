package io.keyhold.policy;

import io.keyhold.key.GrantTerms;
import io.keyhold.policy.Decision.Reason;
import io.keyhold.policy.PrincipalPattern.Reach;
import io.keyhold.policy.Subject.Kind;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether somebody may do something: a pure function.
 *
 * <p>An explicit deny wins over everything. Else a key's policy must allow: by naming who asks, or
 * by trusting their account, which leaves it to the policies that the account has given them. A
 * grant stands beside the key policy. A permissions boundary and a session policy only narrow; they
 * do not narrow a statement that names the user or the session itself. Across accounts both sides
 * must allow. An account's root needs no policy of its own.
 *
 * @see "IAM User Guide, Policy evaluation logic; AWS KMS Developer Guide, Determining access to AWS
 *     KMS keys"
 */
public final class Evaluator {

    private Evaluator() {}

    /**
     * Decides about a key.
     *
     * @param owner the key's account
     * @param grants of the key
     */
    public static Decision decide(
            Question question,
            String owner,
            Policy keyPolicy,
            KeyGrants grants,
            IdentityPolicies own) {
        Decision denied = explicitDeny(question, keyPolicy, own);
        if (denied != null) {
            return denied;
        }
        Statement nearest = null;
        Reach reach = Reach.NONE;
        for (Statement statement : keyPolicy.statements()) {
            Reach candidate = statement.allow() ? statement.reach(question.subject()) : Reach.NONE;
            if (candidate.compareTo(reach) > 0 && statement.answers(question)) {
                nearest = statement;
                reach = candidate;
            }
        }
        Decision byPolicy =
                nearest == null
                        ? Decision.of(Reason.NO_RESOURCE_POLICY)
                        : reached(question, owner, reach, allow(nearest), own);
        if (byPolicy.allowed()) {
            return byPolicy;
        }
        GrantMatch grant = grants.allowing(question);
        if (grant == null) {
            return byPolicy;
        }
        Decision allowed = Decision.allowedBy(grant.id());
        Decision byGrant = reached(question, owner, grant.reach(), allowed, own);
        return byGrant.allowed() || grant.reach().compareTo(reach) > 0 ? byGrant : byPolicy;
    }

    /** What comes of a key policy's statement, or a grant, that allows. */
    private static Decision reached(
            Question question, String owner, Reach reach, Decision here, IdentityPolicies own) {
        Subject subject = question.subject();
        boolean ofOwner = subject.isOf(owner);
        return subject.kind() == Kind.SERVICE || (reach == Reach.DIRECT && ofOwner)
                ? here
                : owned(question, ofOwner && reach == Reach.ROLE, here, own);
    }

    /**
     * Decides about retiring a grant, which is left to the grant: the one who is named for it may,
     * the grantee who holds that operation, and the account that it comes from. An account may let
     * others. The key's policy can only deny it.
     */
    public static Decision decideRetirement(
            Question question, Policy keyPolicy, GrantTerms terms, IdentityPolicies own) {
        Decision denied = explicitDeny(question, keyPolicy, own);
        if (denied != null) {
            return denied;
        }
        Reach reach =
                terms.retirers().stream()
                        .map(who -> PrincipalPattern.of(who).reach(question.subject()))
                        .max(Comparator.naturalOrder())
                        .orElse(Reach.NONE);
        return switch (reach) {
            case NONE -> Decision.of(Reason.NO_RESOURCE_POLICY);
            case DIRECT -> Decision.of(Reason.ALLOWED);
            case ACCOUNT, ROLE ->
                    owned(question, reach == Reach.ROLE, Decision.of(Reason.ALLOWED), own);
        };
    }

    /** Decides about something of the caller's own account that has no policy of its own. */
    public static Decision decide(Question question, IdentityPolicies own) {
        Decision denied = explicitDeny(question, Policy.NOTHING, own);
        return denied != null ? denied : owned(question, false, Decision.of(Reason.ALLOWED), own);
    }

    /**
     * The side of the caller's own account.
     *
     * @param named whether a key policy or grant names the role already
     * @param otherwise what the other side says
     */
    private static Decision owned(
            Question question, boolean named, Decision otherwise, IdentityPolicies own) {
        if (question.subject().kind() == Kind.ROOT) {
            return otherwise;
        }
        Decision allowed = otherwise;
        if (!named) {
            Statement identity = allowing(question, own.attached());
            if (identity == null) {
                return Decision.of(Reason.NO_IDENTITY_POLICY);
            }
            allowed = allow(identity);
        }
        if (own.boundary().isPresent()
                && allowing(question, List.of(own.boundary().get())) == null) {
            return Decision.of(Reason.NO_BOUNDARY);
        }
        if (own.session().isPresent() && allowing(question, List.of(own.session().get())) == null) {
            return Decision.of(Reason.NO_SESSION_POLICY);
        }
        return allowed;
    }

    private static @Nullable Decision explicitDeny(
            Question question, Policy keyPolicy, IdentityPolicies own) {
        for (Statement statement : keyPolicy.statements()) {
            if (!statement.allow()
                    && statement.reach(question.subject()) != Reach.NONE
                    && statement.answers(question)) {
                return new Decision(Reason.DENY_RESOURCE_POLICY, statement, "");
            }
        }
        Statement identity = answering(question, own.attached(), false);
        if (identity != null) {
            return new Decision(Reason.DENY_IDENTITY_POLICY, identity, "");
        }
        Statement boundary = answering(question, own.boundary().stream().toList(), false);
        if (boundary != null) {
            return new Decision(Reason.DENY_BOUNDARY, boundary, "");
        }
        Statement session = answering(question, own.session().stream().toList(), false);
        return session == null ? null : new Decision(Reason.DENY_SESSION_POLICY, session, "");
    }

    private static Decision allow(Statement statement) {
        return new Decision(Reason.ALLOWED, statement, "");
    }

    private static @Nullable Statement allowing(Question question, List<Policy> policies) {
        return answering(question, policies, true);
    }

    private static @Nullable Statement answering(
            Question question, List<Policy> policies, boolean allow) {
        for (Policy policy : policies) {
            for (Statement statement : policy.statements()) {
                if (statement.allow() == allow && statement.answers(question)) {
                    return statement;
                }
            }
        }
        return null;
    }
}
