package io.keyhold.key;

import java.util.Optional;
import java.util.regex.Pattern;

/** Somebody who can call, or be named in a grant. */
public sealed interface Principal {

    /** An account's root, a user, a role or a session of a role. */
    record OfAccount(Arn arn) implements Principal {
        @Override
        public String toString() {
            return arn.toString();
        }
    }

    /** A service, such as {@code s3.amazonaws.com}. */
    record Service(String name) implements Principal {

        private static final Pattern NAME = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");

        /** Whether a service can have this name. */
        public static boolean isName(String text) {
            return NAME.matcher(text).matches();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Parses an ARN or the name of a service; empty if the text is neither. */
    static Optional<Principal> parse(String text) {
        return Service.isName(text)
                ? Optional.of(new Service(text))
                : Arn.parse(text).filter(Arn::isPrincipal).map(OfAccount::new);
    }
}
