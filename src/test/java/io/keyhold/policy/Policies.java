package io.keyhold.policy;

import io.keyhold.key.Arn;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Policies and questions for the tests, with single quotes for double ones. */
final class Policies {

    static final String OWNER = "111122223333";
    static final String OTHER = "444455556666";
    static final String KEY =
            "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    static final String USER = "arn:aws:iam::111122223333:user/ExampleUser";
    static final String ROOT = "arn:aws:iam::111122223333:root";
    static final String ROLE = "arn:aws:iam::111122223333:role/path/Worker";
    static final String SESSION = "arn:aws:sts::111122223333:assumed-role/Worker/one";
    static final String OTHER_USER = "arn:aws:iam::444455556666:user/Guest";
    static final String OTHER_ROOT = "arn:aws:iam::444455556666:root";

    private Policies() {}

    static String document(String... statements) {
        return ("{'Version': '2012-10-17', 'Statement': [" + String.join(",", statements) + "]}")
                .replace('\'', '"');
    }

    /** A statement for everything that a key can do. */
    static String statement(String effect, String principal) {
        return "{'Effect': '%s', 'Principal': %s, 'Action': 'kms:*', 'Resource': '*'}"
                .formatted(effect, principal);
    }

    static String aws(String principal) {
        return "{'AWS': '" + principal + "'}";
    }

    static Policy key(String... statements) {
        return PolicyParser.ofKey(document(statements), Map.of());
    }

    static Policy identity(String effect, String action, String resource) {
        return identity(
                "{'Effect': '%s', 'Action': '%s', 'Resource': '%s'}"
                        .formatted(effect, action, resource));
    }

    static Policy identity(String... statements) {
        return PolicyParser.ofIdentity(document(statements), "a policy");
    }

    static IdentityPolicies attached(Policy... policies) {
        return new IdentityPolicies(List.of(policies), Optional.empty(), Optional.empty());
    }

    static Subject subject(String name) {
        return Arn.parse(name)
                .map(arn -> Subject.of(arn, ""))
                .orElseGet(() -> Subject.service(name, ""));
    }

    static Question question(String principal, String action, ContextKeys keys) {
        return new Question(subject(principal), action, KEY, keys);
    }

    static Question question(String principal, String action) {
        return question(principal, action, keys());
    }

    /** Names and values in turn; values are separated by bars. */
    static ContextKeys keys(String... namesAndValues) {
        return key -> {
            for (int i = 0; i < namesAndValues.length; i += 2) {
                if (ContextKey.of(namesAndValues[i]).equals(key)) {
                    return Arrays.asList(namesAndValues[i + 1].split("\\|"));
                }
            }
            return List.of();
        };
    }
}
