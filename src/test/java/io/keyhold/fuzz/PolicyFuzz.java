package io.keyhold.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.policy.ContextKeys;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Evaluator;
import io.keyhold.policy.IdentityPolicies;
import io.keyhold.policy.KeyGrants;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PolicyParser;
import io.keyhold.policy.Question;
import io.keyhold.policy.Subject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Any text is refused as no policy, or is one that every question can be put to and that never
 * allows anything beside an identical policy that denies. The input is the kind of policy, one
 * byte, and a document in UTF-8.
 */
public final class PolicyFuzz {

    private static final String ACCOUNT = "111122223333";
    private static final Arn KEY =
            new Arn("aws", "kms", "us-east-1", ACCOUNT, "key/1234abcd-12ab-34cd-56ef-1234567890ab");
    private static final List<Subject> SUBJECTS =
            List.of(
                    Subject.of(Arn.root("aws", ACCOUNT), ""),
                    Subject.of(new Arn("aws", "iam", "", ACCOUNT, "user/alice"), "AIDA"),
                    Subject.of(new Arn("aws", "sts", "", ACCOUNT, "assumed-role/b/c"), ""),
                    Subject.service("s3.amazonaws.com", ""));
    private static final ContextKeys KEYS =
            key -> key.parameter().isEmpty() ? List.of("203.0.113.7") : List.of();

    private PolicyFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        parse(bytes).ifPresent(PolicyFuzz::ask);
    }

    /** An input for a document of a kind: 0 a key's, 1 an identity's, 2 a role's trust policy. */
    static byte[] input(int kind, String document) {
        return ByteString.copyFrom(new byte[] {(byte) kind})
                .concat(ByteString.copyFromUtf8(document))
                .toByteArray();
    }

    static boolean isPolicy(byte[] bytes) {
        return parse(bytes).isPresent();
    }

    private static Optional<Policy> parse(byte[] bytes) {
        if (bytes.length == 0) {
            return Optional.empty();
        }
        String document = new String(bytes, 1, bytes.length - 1, UTF_8);
        try {
            return Optional.of(
                    switch (Math.floorMod(bytes[0], 3)) {
                        case 0 -> PolicyParser.ofKey(document, Map.of());
                        case 1 -> PolicyParser.ofIdentity(document, "a policy");
                        default -> PolicyParser.ofTrust(document, Map.of());
                    });
        } catch (KmsFault fault) {
            assertThat(fault.name()).isEqualTo(FaultName.MalformedPolicyDocumentException);
            assertThat(fault.text()).isNotEmpty();
            return Optional.empty();
        }
    }

    private static void ask(Policy policy) {
        IdentityPolicies own =
                new IdentityPolicies(List.of(policy), Optional.empty(), Optional.empty());
        Policy denying = PolicyParser.ofKey(DENY_ALL, Map.of());
        for (Subject subject : SUBJECTS) {
            Question question = new Question(subject, "kms:Encrypt", KEY.toString(), KEYS);
            Decision decision = Evaluator.decide(question, ACCOUNT, policy, KeyGrants.NONE, own);
            assertThat(decision.reason().words(question.action())).isNotNull();
            assertThat(Evaluator.decide(question, ACCOUNT, denying, KeyGrants.NONE, own).allowed())
                    .isFalse();
        }
    }

    private static final String DENY_ALL =
            """
            {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}
            """;
}
