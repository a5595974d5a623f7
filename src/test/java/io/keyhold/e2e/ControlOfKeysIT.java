package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Kinds.ACCOUNT;
import static io.keyhold.e2e.Kinds.ALICE;
import static io.keyhold.e2e.Kinds.MANAGED;
import static io.keyhold.e2e.Kinds.OTHER_ACCOUNT;
import static io.keyhold.e2e.Kinds.OTHER_ROOT;
import static io.keyhold.e2e.Kinds.ROOT;
import static io.keyhold.e2e.Kinds.S3;
import static io.keyhold.e2e.Kinds.encrypt;
import static io.keyhold.e2e.Kinds.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.keyhold.v1.AlgorithmSpec;
import io.keyhold.v1.AliasListEntry;
import io.keyhold.v1.CancelKeyDeletionRequest;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.DisableKeyRotationRequest;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetParametersForImportRequest;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.KeyManagerType;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListAliasesResponse;
import io.keyhold.v1.ListKeyPoliciesRequest;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListResourceTagsRequest;
import io.keyhold.v1.OriginType;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import io.keyhold.v1.Tag;
import io.keyhold.v1.TagResourceRequest;
import io.keyhold.v1.UntagResourceRequest;
import io.keyhold.v1.UpdateAliasRequest;
import io.keyhold.v1.UpdateKeyDescriptionRequest;
import io.keyhold.v1.WrappingKeySpec;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How a key of each kind is told from the others, who sees it and who controls it; a test is a
 * cell. The rest of the comparison is in {@link KindsOfKeysIT}.
 */
final class ControlOfKeysIT {

    private static final String CONTROLLED = "alias/controlled";

    @RegisterExtension static final OneDaemon one = OneDaemon.ofAccounts(OTHER_ACCOUNT);

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);
    private static final Kinds kinds = new Kinds(principals);
    private static String customerManaged;
    private static String serviceManaged;
    private static String serviceOwned;

    @BeforeAll
    static void oneOfEachKind() {
        iam.send(ROOT, createUser("alice"));
        customerManaged = kinds.create(ROOT);
        iam.send(ROOT, alias(CONTROLLED, customerManaged));
        EncryptResponse first = kinds.throughS3(ALICE, encrypt(MANAGED));
        serviceManaged = first.getKeyId();
        serviceOwned = kinds.create(S3);
    }

    @Test
    @DisplayName("Identifier | customer managed | DescribeKey says KeyManager CUSTOMER")
    void identifierCustomerManagedKeyManagerCustomer() {
        assertThat(kinds.described(ROOT, customerManaged).getKeyManager())
                .isEqualTo(KeyManagerType.Value.CUSTOMER);
    }

    @Test
    @DisplayName(
            "Identifier | service managed | `alias/aws/<service>`; DescribeKey says KeyManager AWS")
    void identifierServiceManagedAliasAws() {
        assertThat(kinds.described(ROOT, serviceManaged).getKeyManager())
                .isEqualTo(KeyManagerType.Value.AWS);
        assertThat(aliases(serviceManaged))
                .extracting(AliasListEntry::getAliasName)
                .containsExactly("alias/aws/s3");
        iam.refused("InvalidAliasNameException", ROOT, alias("alias/aws/mine", customerManaged));
    }

    @Test
    @DisplayName("Identifier | service owned | none that an account could look up")
    void identifierServiceOwnedNone() {
        iam.denied(ROOT, DescribeKeyRequest.newBuilder().setKeyId(serviceOwned));
        String id = serviceOwned.substring(serviceOwned.indexOf('/') + 1);
        iam.refused("NotFoundException", ROOT, DescribeKeyRequest.newBuilder().setKeyId(id));
    }

    @Test
    @DisplayName("Location | customer managed | in the account")
    void locationCustomerManagedInTheAccount() {
        assertThat(kinds.described(ROOT, customerManaged).getAwsAccountId()).isEqualTo(ACCOUNT);
        assertThat(kinds.listed(ROOT)).contains(customerManaged);
        assertThat(kinds.listed(OTHER_ROOT)).doesNotContain(customerManaged);
    }

    @Test
    @DisplayName("Location | service managed | in the account, another one for each account")
    void locationServiceManagedInTheAccount() {
        assertThat(kinds.described(ROOT, serviceManaged).getAwsAccountId()).isEqualTo(ACCOUNT);
        EncryptResponse others = kinds.forwarded(OTHER_ROOT, encrypt(MANAGED));
        assertThat(kinds.described(OTHER_ROOT, MANAGED).getArn())
                .isEqualTo(others.getKeyId())
                .isNotEqualTo(serviceManaged);
        assertThat(kinds.listed(ROOT)).contains(serviceManaged).doesNotContain(others.getKeyId());
    }

    @Test
    @DisplayName("Location | service owned | in an account of the service, in no customer's")
    void locationServiceOwnedInNoCustomersAccount() {
        assertThat(kinds.described(S3, serviceOwned).getAwsAccountId()).isEqualTo("888888888888");
        assertThat(kinds.listed(S3)).contains(serviceOwned);
        for (String root : List.of(ROOT, OTHER_ROOT)) {
            assertThat(kinds.listed(root)).doesNotContain(serviceOwned);
        }
    }

    @Test
    @DisplayName(
            "Visibility | customer managed | all: the key, its policy, rotation, tags, aliases")
    void visibilityCustomerManagedAll() {
        for (Message.Builder look : looks(customerManaged)) {
            iam.send(ROOT, look);
        }
    }

    @Test
    @DisplayName("Visibility | service managed | all, too")
    void visibilityServiceManagedAll() {
        for (Message.Builder look : looks(serviceManaged)) {
            iam.send(ROOT, look);
        }
    }

    @Test
    @DisplayName("Visibility | service owned | none, as if there were no such key")
    void visibilityServiceOwnedNone() {
        assertLikeNothing(looks(serviceOwned), looks(nothing()));
    }

    @Test
    @DisplayName(
            "Control level | customer managed | full: policy, grants, enable and disable, rotation,"
                    + " tags, aliases, description, deletion")
    void controlLevelCustomerManagedFull() {
        String key = kinds.create(ROOT);
        for (Message.Builder control : controls(key)) {
            iam.send(ROOT, control);
        }
        iam.send(ROOT, grant(key));
        KeyMetadata after = kinds.described(ROOT, key);
        assertThat(after.getKeyState()).isEqualTo(KeyState.Value.Enabled);
        assertThat(after.getDescription()).isEqualTo("mine");
        assertThat(principals.as(ROOT).rotations(key)).hasSize(1);
        assertThat(aliases(key)).extracting(AliasListEntry::getAliasName).contains(CONTROLLED);
    }

    @Test
    @DisplayName("Control level | service managed | read only: nothing is changed or deleted")
    void controlLevelServiceManagedReadOnly() {
        KeyMetadata before = kinds.described(ROOT, MANAGED);
        for (Message.Builder control : controls(serviceManaged)) {
            iam.denied(ROOT, control);
        }
        assertThat(kinds.described(ROOT, MANAGED)).isEqualTo(before);
    }

    @Test
    @DisplayName("Control level | service owned | none, as if there were no such key")
    void controlLevelServiceOwnedNone() {
        assertLikeNothing(controls(serviceOwned), controls(nothing()));
        iam.denied(ROOT, grant(serviceOwned));
    }

    @Test
    @DisplayName(
            "Compliance flexibility | customer managed | high: own material (BYOK), a policy with"
                    + " conditions, own rotation period, off at once")
    void complianceCustomerManagedHigh() {
        Client client = principals.as(ROOT);
        String imported = Imports.external(client);
        client.call(Rpc.IMPORT, Imports.request(client, imported));
        iam.send(ROOT, encrypt(imported));
        String key = kinds.create(ROOT);
        iam.send(ROOT, conditional(key));
        iam.denied(ROOT, encrypt(key));
        iam.send(ROOT, encrypt(key).putEncryptionContext("case", "7"));
        iam.send(ROOT, ninetyDays(key));
        iam.send(ROOT, DisableKeyRequest.newBuilder().setKeyId(key));
        iam.refused("DisabledException", ROOT, encrypt(key).putEncryptionContext("case", "7"));
    }

    @Test
    @DisplayName("Compliance flexibility | service managed | low: as the daemon makes it")
    void complianceServiceManagedLow() {
        assertThat(kinds.described(ROOT, serviceManaged).getOrigin())
                .isEqualTo(OriginType.Value.AWS_KMS);
        iam.refused("UnsupportedOperationException", ROOT, ownMaterial(serviceManaged));
        for (Message.Builder request : wishes(serviceManaged)) {
            iam.denied(ROOT, request);
        }
        kinds.throughS3(ALICE, encrypt(serviceManaged));
    }

    @Test
    @DisplayName("Compliance flexibility | service owned | none: as the service makes it")
    void complianceServiceOwnedNone() {
        iam.denied(ROOT, ownMaterial(serviceOwned));
        for (Message.Builder request : wishes(serviceOwned)) {
            iam.denied(ROOT, request);
        }
        kinds.byS3(serviceOwned, ACCOUNT);
    }

    @Test
    void theTableOfTheReadmeIsThisOne() {
        Cells.of(ControlOfKeysIT.class)
                .grid(
                        List.of("customer managed", "service managed", "service owned"),
                        "Identifier",
                        "Location",
                        "Visibility",
                        "Control level",
                        "Compliance flexibility")
                .areInTheReadme();
    }

    /** Each is denied in the very words that are said of a key that is not there. */
    private static void assertLikeNothing(
            List<Message.Builder> requests, List<Message.Builder> ofNothing) {
        for (int i = 0; i < requests.size(); i++) {
            assertThat(iam.denied(ROOT, requests.get(i)))
                    .isEqualTo(iam.denied(ROOT, ofNothing.get(i)).replace(nothing(), serviceOwned));
        }
    }

    /** The ARN of a key that the service could have and has not. */
    private static String nothing() {
        String last = serviceOwned.endsWith("0") ? "1" : "0";
        return serviceOwned.substring(0, serviceOwned.length() - 1) + last;
    }

    private static List<Message.Builder> looks(String key) {
        return List.of(
                DescribeKeyRequest.newBuilder().setKeyId(key),
                GetKeyPolicyRequest.newBuilder().setKeyId(key),
                ListKeyPoliciesRequest.newBuilder().setKeyId(key),
                GetKeyRotationStatusRequest.newBuilder().setKeyId(key),
                ListKeyRotationsRequest.newBuilder().setKeyId(key),
                ListResourceTagsRequest.newBuilder().setKeyId(key),
                ListAliasesRequest.newBuilder().setKeyId(key));
    }

    /** Whatever changes a key, but for grants; in the end it is enabled. */
    private static List<Message.Builder> controls(String key) {
        return List.of(
                policy(key, ROOT),
                EnableKeyRotationRequest.newBuilder().setKeyId(key),
                RotateKeyOnDemandRequest.newBuilder().setKeyId(key),
                DisableKeyRotationRequest.newBuilder().setKeyId(key),
                TagResourceRequest.newBuilder()
                        .setKeyId(key)
                        .addTags(Tag.newBuilder().setTagKey("team").setTagValue("a")),
                UntagResourceRequest.newBuilder().setKeyId(key).addTagKeys("team"),
                UpdateAliasRequest.newBuilder().setAliasName(CONTROLLED).setTargetKeyId(key),
                UpdateKeyDescriptionRequest.newBuilder().setKeyId(key).setDescription("mine"),
                DisableKeyRequest.newBuilder().setKeyId(key),
                ScheduleKeyDeletionRequest.newBuilder().setKeyId(key),
                CancelKeyDeletionRequest.newBuilder().setKeyId(key),
                EnableKeyRequest.newBuilder().setKeyId(key));
    }

    private static CreateGrantRequest.Builder grant(String key) {
        return CreateGrantRequest.newBuilder()
                .setKeyId(key)
                .setGranteePrincipal(ALICE)
                .addOperations(GrantOperation.Value.Decrypt);
    }

    private static GetParametersForImportRequest.Builder ownMaterial(String key) {
        return GetParametersForImportRequest.newBuilder()
                .setKeyId(key)
                .setWrappingAlgorithm(AlgorithmSpec.Value.RSAES_OAEP_SHA_1)
                .setWrappingKeySpec(WrappingKeySpec.Value.RSA_2048);
    }

    /** What else a rule may demand of a key. */
    private static List<Message.Builder> wishes(String key) {
        return List.of(
                conditional(key), ninetyDays(key), DisableKeyRequest.newBuilder().setKeyId(key));
    }

    /** A policy by which nothing is encrypted that is of no case. */
    private static PutKeyPolicyRequest.Builder conditional(String key) {
        return PutKeyPolicyRequest.newBuilder()
                .setKeyId(key)
                .setPolicy(
                        Iam.policyOf(
                                Iam.statement(ROOT, "kms:*"),
                                """
                                {"Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt",
                                 "Resource": "*",
                                 "Condition": {"Null": {"kms:EncryptionContext:case": "true"}}}
                                """));
    }

    private static EnableKeyRotationRequest.Builder ninetyDays(String key) {
        return EnableKeyRotationRequest.newBuilder().setKeyId(key).setRotationPeriodInDays(90);
    }

    private static CreateAliasRequest.Builder alias(String name, String key) {
        return CreateAliasRequest.newBuilder().setAliasName(name).setTargetKeyId(key);
    }

    private static List<AliasListEntry> aliases(String key) {
        ListAliasesResponse list = iam.ask(ROOT, ListAliasesRequest.newBuilder().setKeyId(key));
        return list.getAliasesList();
    }
}
