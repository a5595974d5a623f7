package io.keyhold.policy;

import io.keyhold.policy.PrincipalPattern.Reach;
import java.util.List;

/**
 * A statement of a policy, compiled.
 *
 * @param policy what the policy is called in an explanation
 * @param index its place in the policy, from 0
 * @param sid empty if it has none
 * @param principals empty in an identity policy
 */
public record Statement(
        String policy,
        int index,
        String sid,
        boolean allow,
        Choice<PrincipalPattern> principals,
        Choice<Template> actions,
        Choice<Template> resources,
        List<Condition> conditions) {

    private static final String CALLER_ACCOUNT = "kms:calleraccount";

    /**
     * What an element or its Not form names.
     *
     * @param inverted whether it is the Not form: everything but these
     */
    public record Choice<T>(boolean inverted, List<T> named) {

        /** Nothing at all. */
        static <T> Choice<T> none() {
            return new Choice<>(false, List.of());
        }

        boolean isEmpty() {
            return named.isEmpty();
        }
    }

    /** How a text calls it, such as {@code Statement[0] (Admin) of the key policy}. */
    public String words() {
        return sid.isEmpty()
                ? "Statement[%d] of %s".formatted(index, policy)
                : "Statement[%d] (%s) of %s".formatted(index, sid, policy);
    }

    /** How this statement concerns who asks, whatever the question is. */
    Reach reach(Subject subject) {
        if (principals.inverted) {
            return spared(subject) ? Reach.NONE : Reach.DIRECT;
        }
        Reach nearest = Reach.NONE;
        for (PrincipalPattern pattern : principals.named) {
            Reach reach = pattern.reach(subject);
            if (reach.compareTo(nearest) > 0) {
                nearest = reach;
            }
        }
        return nearest;
    }

    /**
     * NotPrincipal spares only somebody whose every name it lists: the account and the user; the
     * account, the role and the session.
     */
    private boolean spared(Subject subject) {
        boolean account = subject.kind() == Subject.Kind.SERVICE;
        boolean session = subject.arn().contains(":assumed-role/");
        boolean role = !session;
        boolean self = subject.kind() == Subject.Kind.ROOT;
        for (PrincipalPattern pattern : principals.named) {
            Reach reach = pattern.reach(subject);
            if (pattern instanceof PrincipalPattern.Everyone) {
                return true;
            }
            account |= reach == Reach.ACCOUNT;
            role |= reach == Reach.ROLE;
            self |= reach == Reach.DIRECT || (reach == Reach.ROLE && !session);
        }
        return account && role && self;
    }

    boolean hasAction(Question question) {
        return chosen(actions, question.lowerCaseAction(), question);
    }

    /**
     * Where a variable of NotResource has no value nobody can say what is left out: then an allow
     * is about nothing, and a deny about everything.
     */
    boolean hasResource(Question question) {
        if (resources.inverted && !allResolved(question)) {
            return !allow;
        }
        return chosen(resources, question.resource(), question);
    }

    private boolean allResolved(Question question) {
        for (Template template : resources.named) {
            if (!template.isResolved(question.keys())) {
                return false;
            }
        }
        return true;
    }

    boolean hasConditions(Question question) {
        for (Condition condition : conditions) {
            if (!holds(condition, question)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A service says itself for whom it calls. Whoever lets everybody in whose account is the right
     * one, or not a wrong one, does not mean every service that says so: that service must be
     * named, or its account. A deny counts whether the service is believed or not.
     */
    boolean holds(Condition condition, Question question) {
        if (!isDoubted(question.subject())) {
            return condition.holds(question.keys());
        }
        boolean said = condition.holds(question.keys());
        boolean unsaid = condition.holds(believed(question));
        return allow
                ? said && unsaid && !condition.key().name().equals(CALLER_ACCOUNT)
                : said || unsaid;
    }

    /** Whether it answers the question, whoever asks. */
    boolean answers(Question question) {
        return hasAction(question) && hasResource(question) && hasConditions(question);
    }

    /** What is known of the request, without what this statement does not believe. */
    ContextKeys believed(Question question) {
        return isDoubted(question.subject())
                ? key -> key.name().equals(CALLER_ACCOUNT) ? List.of() : question.keys().values(key)
                : question.keys();
    }

    private boolean isDoubted(Subject subject) {
        return subject.kind() == Subject.Kind.SERVICE
                && (principals.inverted
                        || principals.named.stream()
                                .filter(one -> !(one instanceof PrincipalPattern.Everyone))
                                .allMatch(one -> one.reach(subject) == Reach.NONE));
    }

    private static boolean chosen(Choice<Template> choice, String value, Question question) {
        if (choice.isEmpty()) {
            return false; // without the element, a statement has no effect
        }
        for (Template template : choice.named) {
            if (template.matches(value, question.keys())) {
                return !choice.inverted;
            }
        }
        return choice.inverted;
    }
}
