package io.keyhold.policy;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Principal;

/** One principal of a policy's Principal or NotPrincipal element. */
public sealed interface PrincipalPattern {

    /** How a statement that names this concerns somebody. */
    Reach reach(Subject subject);

    /** As a policy may name it, for an explanation. */
    String written();

    /** Whether this is another record of the name that somebody has. */
    default boolean isNamesake(Subject subject) {
        return false;
    }

    /** A principal that belongs to an account. */
    sealed interface OfAccount extends PrincipalPattern {

        /** The partition that its ARN has; empty if it was named without one. */
        String partition();

        String account();
    }

    /** {@code *}: everybody. */
    record Everyone() implements PrincipalPattern {
        @Override
        public String written() {
            return "*";
        }

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
    record Account(String partition, String account) implements OfAccount {
        @Override
        public String written() {
            return partition.isEmpty() ? account : Arn.root(partition, account).toString();
        }

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
    record Named(String partition, String account, String arn, String uniqueId)
            implements OfAccount {
        @Override
        public String written() {
            return bound(arn, uniqueId);
        }

        @Override
        public boolean isNamesake(Subject subject) {
            return subject.arn().equals(arn);
        }

        @Override
        public Reach reach(Subject subject) {
            return subject.arn().equals(arn) && isBound(uniqueId, subject)
                    ? Reach.DIRECT
                    : Reach.NONE;
        }
    }

    /**
     * A role: itself, and its sessions.
     *
     * @param uniqueId likewise
     */
    record Role(String partition, String account, String arn, String name, String uniqueId)
            implements OfAccount {
        @Override
        public String written() {
            return bound(arn, uniqueId);
        }

        @Override
        public boolean isNamesake(Subject subject) {
            return subject.isOf(account) && subject.roleName().equals(name);
        }

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
        public String written() {
            return name;
        }

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
        public String written() {
            return name;
        }

        @Override
        public Reach reach(Subject subject) {
            return Reach.NONE;
        }
    }

    /** What the principal of a grant stands for. */
    static PrincipalPattern of(BoundPrincipal bound) {
        return switch (bound.principal()) {
            case Principal.OfAccount named -> of(named.arn(), bound.uniqueId());
            case Principal.Service service -> new Service(service.name());
        };
    }

    /** What a well-formed IAM or STS ARN stands for. */
    static PrincipalPattern of(Arn arn, String uniqueId) {
        if (arn.isRoot()) {
            return new Account(arn.partition(), arn.account());
        }
        return arn.resource().startsWith("role/")
                ? new Role(arn.partition(), arn.account(), arn.toString(), arn.roleName(), uniqueId)
                : new Named(arn.partition(), arn.account(), arn.toString(), uniqueId);
    }

    /** The name of a principal, and of which record of it. */
    static String bound(String arn, String uniqueId) {
        return uniqueId.isEmpty() ? arn : arn + " (" + uniqueId + ")";
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
