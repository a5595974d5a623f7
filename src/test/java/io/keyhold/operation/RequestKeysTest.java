package io.keyhold.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.keyhold.key.Arn;
import io.keyhold.policy.ContextKey;
import io.keyhold.policy.Evaluator;
import io.keyhold.policy.IdentityPolicies;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PolicyParser;
import io.keyhold.policy.Question;
import io.keyhold.policy.Subject;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EncapsulateRequest;
import io.keyhold.v1.EncapsulationAlgorithmSpec;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.Tag;
import io.keyhold.v1.UntagResourceRequest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RequestKeysTest {

    @Test
    void theEncryptionContextByNameWhateverItsCase() {
        EncryptRequest request =
                EncryptRequest.newBuilder()
                        .putEncryptionContext("App", "Billing")
                        .putEncryptionContext("Purpose", "x")
                        .build();

        assertThat(values(request, "kms:encryptioncontext", "app")).containsExactly("Billing");
        assertThat(values(request, "kms:encryptioncontext", "other")).isEmpty();
        assertThat(values(request, "kms:encryptioncontextkeys", ""))
                .containsExactlyInAnyOrder("App", "Purpose");
    }

    @Test
    void namesThatDifferInCaseOnlyAreBothSeen() {
        EncryptRequest request =
                EncryptRequest.newBuilder()
                        .putEncryptionContext("app", "a")
                        .putEncryptionContext("APP", "b")
                        .build();

        assertThat(values(request, "kms:encryptioncontext", "app"))
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void eachSideOfReEncryptHasItsOwnContextAndAlgorithm() {
        ReEncryptRequest request =
                ReEncryptRequest.newBuilder()
                        .putSourceEncryptionContext("a", "old")
                        .putDestinationEncryptionContext("a", "new")
                        .setSourceEncryptionAlgorithm(
                                EncryptionAlgorithmSpec.Value.RSAES_OAEP_SHA_256)
                        .build();
        RequestKeys source = new RequestKeys(request, "Source");
        RequestKeys destination = new RequestKeys(request, "Destination");

        assertThat(source.values(key("kms:encryptioncontext", "a"))).containsExactly("old");
        assertThat(destination.values(key("kms:encryptioncontext", "a"))).containsExactly("new");
        assertThat(source.values(key("kms:encryptionalgorithm", "")))
                .containsExactly("RSAES_OAEP_SHA_256");
        assertThat(destination.values(key("kms:encryptionalgorithm", "")))
                .containsExactly("SYMMETRIC_DEFAULT");
    }

    @Test
    void whatIsNotSaidHasAwssDefaultAndWhatThereIsNotHasNoValue() {
        CreateKeyRequest bare = CreateKeyRequest.getDefaultInstance();

        assertThat(values(bare, "kms:keyspec", "")).containsExactly("SYMMETRIC_DEFAULT");
        assertThat(values(bare, "kms:keyusage", "")).containsExactly("ENCRYPT_DECRYPT");
        assertThat(values(bare, "kms:keyorigin", "")).containsExactly("AWS_KMS");
        assertThat(values(bare, "kms:multiregion", "")).containsExactly("false");
        assertThat(values(DecryptRequest.getDefaultInstance(), "kms:encryptionalgorithm", ""))
                .containsExactly("SYMMETRIC_DEFAULT");
        assertThat(values(DescribeKeyRequest.getDefaultInstance(), "kms:encryptionalgorithm", ""))
                .isEmpty();
        assertThat(values(bare, "kms:nothing", "")).isEmpty();
    }

    @Test
    void whatIsSaidInAwssWords() {
        CreateKeyRequest request =
                CreateKeyRequest.newBuilder()
                        .setKeySpec(KeySpec.Value.HMAC_256)
                        .setMultiRegion(true)
                        .build();

        assertThat(values(request, "kms:keyspec", "")).containsExactly("HMAC_256");
        assertThat(values(request, "kms:multiregion", "")).containsExactly("true");
        EncapsulateRequest encapsulate =
                EncapsulateRequest.newBuilder()
                        .setEncapsulationAlgorithm(EncapsulationAlgorithmSpec.Value.ML_KEM)
                        .build();
        assertThat(values(encapsulate, "kms:encapsulationalgorithm", "")).containsExactly("ML_KEM");
        assertThat(
                        values(
                                PutKeyPolicyRequest.newBuilder()
                                        .setBypassPolicyLockoutSafetyCheck(true)
                                        .build(),
                                "kms:bypasspolicylockoutsafetycheck",
                                ""))
                .containsExactly("true");
    }

    @Test
    void tagsThatAreGivenOrTaken() {
        CreateKeyRequest given =
                CreateKeyRequest.newBuilder()
                        .addTags(Tag.newBuilder().setTagKey("Team").setTagValue("Red"))
                        .build();
        UntagResourceRequest taken =
                UntagResourceRequest.newBuilder().addTagKeys("Team").addTagKeys("Cost").build();

        assertThat(values(given, "aws:requesttag", "team")).containsExactly("Red");
        assertThat(values(given, "aws:tagkeys", "")).containsExactly("Team");
        assertThat(values(taken, "aws:tagkeys", "")).containsExactly("Team", "Cost");
        assertThat(values(taken, "aws:requesttag", "team")).isEmpty();
    }

    /** As a policy writes them, through the parser that makes the names. */
    @Test
    void aPolicyFindsThemByTheNamesThatItHas() {
        String document =
                """
                {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {
                  "StringEquals": {"kms:EncryptionContext:App": "Billing",
                                   "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}}}}
                """;
        Policy policy = PolicyParser.ofIdentity(document, "a policy");
        EncryptRequest good =
                EncryptRequest.newBuilder().putEncryptionContext("app", "Billing").build();

        assertThat(allows(policy, good)).isTrue();
        assertThat(allows(policy, EncryptRequest.getDefaultInstance())).isFalse();
    }

    private static boolean allows(Policy policy, Message request) {
        return Evaluator.decide(
                        new Question(
                                Subject.of(Arn.parse("arn:aws:iam::1:user/u").orElseThrow(), ""),
                                "kms:Encrypt",
                                "*",
                                new RequestKeys(request, "")),
                        new IdentityPolicies(List.of(policy), Optional.empty(), Optional.empty()))
                .allowed();
    }

    private static List<String> values(Message request, String name, String parameter) {
        return new RequestKeys(request, "").values(key(name, parameter));
    }

    private static ContextKey key(String name, String parameter) {
        return new ContextKey(name, parameter);
    }
}
