package io.keyhold.policy;

import io.keyhold.key.Arn;

/** One principal of a policy's Principal or NotPrincipal element. */
public sealed interface PrincipalPattern {

    /** How a statement that names this concerns somebody. */
    Reach reach(Subject subject);

    /** The account that it belongs to; empty if it belongs to none. */
    default String ownAccount() {
        return switch (this) {
            case Account trusted -> trusted.account();
            case Role role -> role.account();
            case Named named -> Arn.parse(named.arn()).map(Arn::account).orElseThrow();
            case Everyone everyone -> "";
            case Service service -> "";
            case Stranger stranger -> "";
        };
    }

    /** The partition that its ARN has; empty if it has none. */
    default String ownPartition() {
        return switch (this) {
            case Account trusted -> trusted.partition();
            case Role role -> role.partition();
            case Named named -> Arn.parse(named.arn()).map(Arn::partition).orElseThrow();
            case Everyone everyone -> "";
            case Service service -> "";
            case Stranger stranger -> "";
        };
    }

    /** {@code *}: everybody. */
    record Everyone() implements PrincipalPattern {
        @Override
        public Reach reach(Subject subject) {
            return subject.kind() == Subject.Kind.ROLE ? Reach.ROLE : Reach.DIRECT;
        }
    }

    /**
     * {@code arn:aws:iam::111122223333:root}, or the bare number: whoever the account lets in.
     *
     * @param partition empty for the bare number
     */
    record Account(String partition, String account) implements PrincipalPattern {
        @Override
        public Reach reach(Subject subject) {
            return subject.isOf(account) ? Reach.ACCOUNT : Reach.NONE;
        }
    }

    /**
     * A user, or one session of a role.
     *
     * @param uniqueId of the record that it was bound to; empty if there was none
     */
    record Named(String arn, String uniqueId) implements PrincipalPattern {
        @Override
        public Reach reach(Subject subject) {
            return subject.arn().equals(arn) && isBound(uniqueId, subject)
                    ? Reach.DIRECT
                    : Reach.NONE;
        }
    }

    /** A role: itself, and its sessions. */
    record Role(String partition, String account, String name, String uniqueId)
            implements PrincipalPattern {
        @Override
        public Reach reach(Subject subject) {
            return subject.isOf(account)
                            && subject.roleName().equals(name)
                            && isBound(uniqueId, subject)
                    ? Reach.ROLE
                    : Reach.NONE;
        }
    }

    /** A service, such as {@code s3.amazonaws.com}. */
    record Service(String name) implements PrincipalPattern {
        @Override
        public Reach reach(Subject subject) {
            return subject.kind() == Subject.Kind.SERVICE && subject.arn().equals(name)
                    ? Reach.DIRECT
                    : Reach.NONE;
        }
    }

    /** A federated identity, or a canonical user: nobody of that kind can come here. */
    record Stranger(String name) implements PrincipalPattern {
        @Override
        public Reach reach(Subject subject) {
            return Reach.NONE;
        }
    }

    /** What a well-formed IAM or STS ARN stands for. */
    static PrincipalPattern of(Arn arn, String uniqueId) {
        if (arn.isRoot()) {
            return new Account(arn.partition(), arn.account());
        }
        return arn.resource().startsWith("role/")
                ? new Role(arn.partition(), arn.account(), Subject.roleName(arn), uniqueId)
                : new Named(arn.toString(), uniqueId);
    }

    private static boolean isBound(String uniqueId, Subject subject) {
        return uniqueId.isEmpty() || uniqueId.equals(subject.uniqueId());
    }

    /** How close a statement comes to somebody, the nearest last. */
    enum Reach {
        /** It does not concern them. */
        NONE,
        /** It leaves it to the policies of their account. */
        ACCOUNT,
        /** It names their role: boundary and session policy may still narrow it. */
        ROLE,
        /** It names themselves. */
        DIRECT
    }
}
