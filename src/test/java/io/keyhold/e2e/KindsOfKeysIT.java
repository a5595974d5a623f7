package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.deny;
import static io.keyhold.e2e.Iam.put;
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

import io.keyhold.v1.CancelKeyDeletionRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * What the kinds of keys differ in: customer managed, service managed, service owned. A test is a
 * cell of the comparison. Where old descriptions of AWS disagree, AWS of today wins, and the cell
 * says so. What costs is counted from the audit trail: there is no metering yet. Who controls a key
 * is in {@link ControlOfKeysIT}.
 */
final class KindsOfKeysIT {

    private static final String BOB = "arn:aws:iam::123456789012:user/bob";
    private static final List<String> COLUMNS =
            List.of("customer managed", "service managed", "service owned");

    private static final String ON_BEHALF_OF = "keyhold-on-behalf-of";
    private static final String SNS = "Service:sns.amazonaws.com";

    @RegisterExtension
    static final OneDaemon one =
            new OneDaemon(
                    home -> {
                        home.addAccounts(OTHER_ACCOUNT);
                        home.addService("sns.amazonaws.com");
                    });

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);
    private static final Kinds kinds = new Kinds(principals);
    private static List<String> keysBefore;
    private static String customerManaged;
    private static String serviceManaged;
    private static String serviceOwned;

    @BeforeAll
    static void oneOfEachKind() {
        iam.send(ROOT, createUser("alice"));
        keysBefore = kinds.listed(ROOT);
        customerManaged = kinds.create(ROOT);
        serviceManaged = throughS3(MANAGED).getKeyId();
        serviceOwned = kinds.create(S3);
    }

    @Test
    @DisplayName("Creation | customer managed | by the account")
    void creationCustomerManagedByTheCustomer() {
        JsonNode created = created(customerManaged);
        assertThat(created.path("eventType").asString()).isEqualTo("AwsApiCall");
        assertThat(created.at("/userIdentity/arn").asString()).isEqualTo(ROOT);
    }

    @Test
    @DisplayName(
            "Creation | service managed | by the daemon, when the service first needs it in the"
                    + " account")
    void creationServiceManagedOnTheCustomersBehalf() {
        assertThat(keysBefore).isEmpty();
        assertThat(serviceManaged).contains(":" + ACCOUNT + ":");
        assertThat(throughS3(MANAGED).getKeyId()).as("one for all").isEqualTo(serviceManaged);
        assertThat(created(serviceManaged).path("eventType").asString())
                .isEqualTo("AwsServiceEvent");
    }

    @Test
    @DisplayName("Creation | service owned | by the service, in its own account")
    void creationServiceOwnedInAnAccountOfTheService() {
        assertThat(serviceOwned).contains(":888888888888:");
        assertThat(created(serviceOwned).at("/userIdentity/invokedBy").asString())
                .isEqualTo("s3.amazonaws.com");
    }

    @Test
    @DisplayName(
            "Rotation | customer managed | opt-in, every 365 days or 90 to 2560 (since 2024);"
                    + " on demand")
    void rotationCustomerManagedByOptInOrOnDemand() {
        assertThat(rotation(customerManaged).getKeyRotationEnabled()).isFalse();
        iam.send(ROOT, EnableKeyRotationRequest.newBuilder().setKeyId(customerManaged));
        iam.send(ROOT, RotateKeyOnDemandRequest.newBuilder().setKeyId(customerManaged));
        assertThat(rotation(customerManaged).getRotationPeriodInDays()).isEqualTo(365);
        for (int days : new int[] {90, 2560}) {
            iam.send(
                    ROOT,
                    EnableKeyRotationRequest.newBuilder()
                            .setKeyId(customerManaged)
                            .setRotationPeriodInDays(days));
            assertThat(rotation(customerManaged).getRotationPeriodInDays()).isEqualTo(days);
        }
    }

    @Test
    @DisplayName(
            "Rotation | service managed | every 365 days (since 2022; before: three years), which"
                    + " nobody changes")
    void rotationServiceManagedEveryYearAndNobodyChangesThat() {
        assertThat(rotation(serviceManaged).getRotationPeriodInDays()).isEqualTo(365);
        iam.denied(ROOT, RotateKeyOnDemandRequest.newBuilder().setKeyId(serviceManaged));
        iam.denied(ROOT, EnableKeyRotationRequest.newBuilder().setKeyId(serviceManaged));
    }

    @Test
    @DisplayName("Rotation | service owned | as the service likes")
    void rotationServiceOwnedAsTheServiceLikes() {
        iam.send(S3, EnableKeyRotationRequest.newBuilder().setKeyId(serviceOwned));
        iam.denied(ROOT, EnableKeyRotationRequest.newBuilder().setKeyId(serviceOwned));
    }

    @Test
    @DisplayName("Deletion | customer managed | by the account, after 7 to 30 days")
    void deletionCustomerManagedCanBeDeleted() {
        String key = kinds.create(ROOT);
        ScheduleKeyDeletionRequest.Builder request =
                ScheduleKeyDeletionRequest.newBuilder().setKeyId(key);
        for (int days : new int[] {6, 31}) {
            iam.refused("ValidationException", ROOT, request.setPendingWindowInDays(days));
        }
        for (int days : new int[] {7, 30}) {
            iam.send(ROOT, request.setPendingWindowInDays(days));
            assertThat(kinds.described(ROOT, key).getKeyState())
                    .isEqualTo(KeyState.Value.PendingDeletion);
            iam.send(ROOT, CancelKeyDeletionRequest.newBuilder().setKeyId(key));
        }
    }

    @Test
    @DisplayName("Deletion | service managed | no")
    void deletionServiceManagedCannotBeDeleted() {
        iam.denied(ROOT, ScheduleKeyDeletionRequest.newBuilder().setKeyId(serviceManaged));
    }

    @Test
    @DisplayName("Deletion | service owned | not by a customer")
    void deletionServiceOwnedCannotBeDeletedByACustomer() {
        iam.denied(ROOT, ScheduleKeyDeletionRequest.newBuilder().setKeyId(serviceOwned));
    }

    @Test
    @DisplayName("Scope of use | customer managed | as its policy and IAM policies say")
    void scopeOfUseCustomerManagedAsItsPolicySays() {
        String key = kinds.create(ROOT);
        iam.send(ROOT, encrypt(key));
        iam.denied(OTHER_ROOT, encrypt(key));
        iam.send(ROOT, policy(key, OTHER_ROOT));
        iam.denied(ROOT, encrypt(key));
        iam.send(OTHER_ROOT, encrypt(key));
    }

    @Test
    @DisplayName("Scope of use | service managed | one service, for principals of the account")
    void scopeOfUseServiceManagedByOneServiceOnly() {
        iam.denied(ROOT, encrypt(serviceManaged));
        assertThat(throughS3(serviceManaged).getKeyId()).isEqualTo(serviceManaged);
        assertThat(principals.refusal(SNS, ON_BEHALF_OF, ROOT, encrypt(serviceManaged)).name())
                .isEqualTo("AccessDeniedException");
        kinds.throughS3(ROOT, grant(ROOT));
        iam.denied(ROOT, encrypt(serviceManaged));
    }

    @Test
    @DisplayName("Scope of use | service owned | one service, for many accounts")
    void scopeOfUseServiceOwnedForManyAccounts() {
        for (String account : List.of(ACCOUNT, OTHER_ACCOUNT)) {
            kinds.byS3(serviceOwned, account);
        }
        iam.denied(SNS, encrypt(serviceOwned));
    }

    @Test
    @DisplayName("Key policy | customer managed | the account writes it")
    void keyPolicyCustomerManagedIsTheCustomers() {
        String key = kinds.create(ROOT);
        iam.send(ROOT, GetKeyPolicyRequest.newBuilder().setKeyId(key));
        iam.send(ROOT, policy(key, ROOT));
    }

    @Test
    @DisplayName("Key policy | service managed | read only")
    void keyPolicyServiceManagedIsReadOnly() {
        iam.send(ROOT, GetKeyPolicyRequest.newBuilder().setKeyId(serviceManaged));
        iam.denied(ROOT, policy(serviceManaged, ROOT));
    }

    @Test
    @DisplayName("Key policy | service owned | not seen")
    void keyPolicyServiceOwnedIsNotSeen() {
        iam.denied(ROOT, GetKeyPolicyRequest.newBuilder().setKeyId(serviceOwned));
    }

    @Test
    @DisplayName("User access | customer managed | IAM policies")
    void userAccessManagementCustomerManagedByIamPolicyToo() {
        iam.denied(ALICE, encrypt(customerManaged));
        iam.send(ROOT, put("alice", allow("kms:Encrypt", customerManaged)));
        iam.send(ALICE, encrypt(customerManaged));
    }

    @Test
    @DisplayName(
            "User access | service managed | IAM policies: an allow lets only look; use through the"
                    + " service needs none, and a deny stops it too")
    void userAccessManagementServiceManagedIamPolicyLooksOrDenies() {
        iam.send(ROOT, createUser("bob"));
        iam.denied(BOB, DescribeKeyRequest.newBuilder().setKeyId(serviceManaged));
        kinds.throughS3(BOB, encrypt(serviceManaged));
        iam.send(ROOT, put("bob", allow("kms:*", serviceManaged)));
        iam.send(BOB, DescribeKeyRequest.newBuilder().setKeyId(serviceManaged));
        iam.denied(BOB, encrypt(serviceManaged));
        iam.send(ROOT, put("bob", deny("kms:*", serviceManaged)));
        Refusal refusal = Refusal.of(() -> kinds.throughS3(BOB, encrypt(serviceManaged)));
        assertThat(refusal.name()).isEqualTo("AccessDeniedException");
        assertThat(refusal.text()).endsWith("with an explicit deny in an identity-based policy");
    }

    @Test
    @DisplayName("User access | service owned | none")
    void userAccessManagementServiceOwnedNone() {
        iam.send(ROOT, put("alice", "owned", allow("kms:*", serviceOwned)));
        iam.denied(ALICE, encrypt(serviceOwned));
    }

    @Test
    @DisplayName("Cross-account | customer managed | if its policy says so")
    void crossAccountCustomerManagedIfItsPolicySaysSo() {
        String key = kinds.create(ROOT);
        iam.denied(OTHER_ROOT, encrypt(key));
        iam.send(ROOT, policy(key, ROOT, OTHER_ROOT));
        iam.send(OTHER_ROOT, encrypt(key));
    }

    @Test
    @DisplayName("Cross-account | service managed | never, by a grant neither")
    void crossAccountServiceManagedNever() {
        iam.denied(OTHER_ROOT, encrypt(serviceManaged));
        iam.denied(OTHER_ROOT, DescribeKeyRequest.newBuilder().setKeyId(serviceManaged));
        assertThat(principals.refusal(S3, ON_BEHALF_OF, ROOT, grant(OTHER_ROOT)).text())
                .contains("for principals of the key's account " + ACCOUNT);
    }

    @Test
    @DisplayName("Cross-account | service owned | neither listed nor described")
    void crossAccountServiceOwnedNeitherListedNorDescribed() {
        assertThat(kinds.listed(ROOT))
                .contains(customerManaged, serviceManaged)
                .doesNotContain(serviceOwned);
        iam.denied(ROOT, DescribeKeyRequest.newBuilder().setKeyId(serviceOwned));
        iam.denied(ROOT, ListAliasesRequest.newBuilder().setKeyId(serviceOwned));
    }

    @Test
    @DisplayName("Audit | customer managed | every use, in the account")
    void auditCustomerManagedEveryUse() {
        iam.send(ROOT, encrypt(customerManaged));
        assertThat(recipient(customerManaged)).isEqualTo(ACCOUNT);
        iam.send(ROOT, policy(customerManaged, ROOT, OTHER_ROOT));
        iam.send(OTHER_ROOT, encrypt(customerManaged));
        JsonNode own = last("Encrypt", ACCOUNT);
        JsonNode others = last("Encrypt", OTHER_ACCOUNT);
        assertThat(own.path("sharedEventID").asString())
                .isNotEmpty()
                .isEqualTo(others.path("sharedEventID").asString());
        assertThat(own.path("eventID")).isNotEqualTo(others.path("eventID"));
        assertThat(own.path("userIdentity"))
                .hasToString(
                        "{\"type\":\"AWSAccount\",\"principalId\":\"%1$s\",\"accountId\":\"%1$s\"}"
                                .formatted(OTHER_ACCOUNT));
        assertThat(others.at("/userIdentity/arn").asString()).isEqualTo(OTHER_ROOT);
    }

    @Test
    @DisplayName(
            "Audit | service managed | every use, in the account, in full (as CloudTrail today)")
    void auditServiceManagedEveryUseInFull() {
        iam.send(ROOT, encrypt(customerManaged));
        JsonNode full = lastEncryption(customerManaged);
        throughS3(MANAGED);
        JsonNode managed = lastEncryption(serviceManaged);
        assertThat(recipient(serviceManaged)).isEqualTo(ACCOUNT);
        assertThat(managed.propertyNames())
                .containsExactlyInAnyOrderElementsOf(full.propertyNames());
        assertThat(managed.path("requestParameters").propertyNames())
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(
                        full.path("requestParameters").propertyNames());
    }

    @Test
    @DisplayName("Audit | service owned | not in a customer's account")
    void auditServiceOwnedNotInTheCustomersAccount() {
        kinds.byS3(serviceOwned, ACCOUNT);
        assertThat(recipient(serviceOwned)).isEqualTo("888888888888");
        String source = kinds.create(ROOT);
        iam.send(ROOT, PutKeyPolicyRequest.newBuilder().setKeyId(source).setPolicy(openTo("s3")));
        EncryptResponse data = iam.ask(ROOT, encrypt(source));
        principals.ask(
                S3,
                "keyhold-source-account",
                ACCOUNT,
                ReEncryptRequest.newBuilder()
                        .setCiphertextBlob(data.getCiphertextBlob())
                        .setDestinationKeyId(serviceOwned));
        JsonNode customers = last("ReEncrypt", ACCOUNT);
        assertThat(customers.at("/resources/0/ARN").asString()).isEqualTo(source);
        assertThat(customers.toString()).doesNotContain("888888888888");
        assertThat(last("ReEncrypt", "888888888888").toString()).contains(serviceOwned);
    }

    private static String openTo(String service) {
        return Iam.policyOf(
                """
                {"Effect": "Allow", "Action": "kms:*", "Resource": "*",
                 "Principal": {"AWS": "%s"}}, {"Effect": "Allow", "Action": "kms:ReEncrypt*",
                 "Resource": "*", "Principal": {"Service": "%s.amazonaws.com"}}"""
                        .formatted(ROOT, service));
    }

    @Test
    @DisplayName(
            "Monthly cost | customer managed | each key counts until its deletion is planned"
                    + " (counted from the audit; there is no metering yet)")
    void monthlyCostCustomerManagedEachKey() {
        Set<String> before = Bill.of(one, ACCOUNT).keys();
        String first = kinds.create(ROOT);
        String second = kinds.create(ROOT);
        assertThat(added(before, ACCOUNT)).containsExactly(first, second);
        iam.send(ROOT, ScheduleKeyDeletionRequest.newBuilder().setKeyId(first));
        assertThat(added(before, ACCOUNT)).containsExactly(second);
        iam.send(ROOT, CancelKeyDeletionRequest.newBuilder().setKeyId(first));
        assertThat(added(before, ACCOUNT)).containsExactlyInAnyOrder(first, second);
    }

    @Test
    @DisplayName(
            "Monthly cost | service managed | does not count: in the account, but the daemon made"
                    + " it, not the account")
    void monthlyCostServiceManagedNoFee() {
        Set<String> before = Bill.of(one, OTHER_ACCOUNT).keys();
        EncryptResponse first = kinds.forwarded(OTHER_ROOT, encrypt(MANAGED));
        assertThat(kinds.listed(OTHER_ROOT)).contains(first.getKeyId());
        assertThat(created(first.getKeyId()).path("recipientAccountId").asString())
                .isEqualTo(OTHER_ACCOUNT);
        assertThat(added(before, OTHER_ACCOUNT)).isEmpty();
    }

    @Test
    @DisplayName("Monthly cost | service owned | does not count: it is in no customer's trail")
    void monthlyCostServiceOwnedNoFee() {
        Set<String> before = Bill.of(one, ACCOUNT).keys();
        String owned = kinds.create(S3);
        kinds.byS3(owned, ACCOUNT);
        assertThat(added(before, ACCOUNT)).isEmpty();
        assertThat(Bill.of(one, ACCOUNT).trail())
                .isNotEmpty()
                .noneMatch(event -> event.toString().contains(owned));
        assertThat(created(owned).path("recipientAccountId").asString()).isEqualTo("888888888888");
    }

    @Test
    @DisplayName("Request cost | customer managed | each request counts in the account")
    void requestCostCustomerManagedEachRequest() {
        long before = requests(customerManaged);
        iam.send(ROOT, encrypt(customerManaged));
        iam.send(ROOT, encrypt(customerManaged));
        assertThat(requests(customerManaged)).isEqualTo(before + 2);
    }

    @Test
    @DisplayName("Request cost | service managed | each request counts in the account")
    void requestCostServiceManagedEachRequest() {
        long before = requests(serviceManaged);
        throughS3(MANAGED);
        assertThat(requests(serviceManaged)).isEqualTo(before + 1);
    }

    @Test
    @DisplayName("Request cost | service owned | nothing counts in a customer's account")
    void requestCostServiceOwnedNothing() {
        String owned = kinds.create(S3);
        kinds.byS3(owned, ACCOUNT);
        assertThat(requests(owned)).isZero();
        assertThat(Bill.of(one, "888888888888").requests(owned)).isEqualTo(1);
    }

    @Test
    void theTableOfTheReadmeIsThisOne() {
        Cells.of(KindsOfKeysIT.class)
                .grid(
                        COLUMNS,
                        "Creation",
                        "Rotation",
                        "Deletion",
                        "Scope of use",
                        "Key policy",
                        "User access",
                        "Cross-account",
                        "Audit",
                        "Monthly cost",
                        "Request cost")
                .areInTheReadme();
    }

    /** The only record of a key's creation, in whose trail it may be. */
    private static JsonNode created(String key) {
        return assertThat(one.home().wholeJournal().successes("CreateKey"))
                .filteredOn(event -> event.at("/resources/0/ARN").asString().equals(key))
                .singleElement()
                .actual();
    }

    /** The keys that an account pays for and did not. */
    private static Set<String> added(Set<String> before, String account) {
        Set<String> keys = Bill.of(one, account).keys();
        keys.removeAll(before);
        return keys;
    }

    private static long requests(String key) {
        return Bill.of(one, ACCOUNT).requests(key);
    }

    private static GetKeyRotationStatusResponse rotation(String key) {
        return iam.ask(ROOT, GetKeyRotationStatusRequest.newBuilder().setKeyId(key));
    }

    /** The account whose trail has the last encryption with a key. */
    private static String recipient(String key) {
        return lastEncryption(key).path("recipientAccountId").asString();
    }

    /** The last record of a verb in an account's trail. */
    private static JsonNode last(String verb, String account) {
        return one.home().journal().of(account).successes(verb).getLast();
    }

    private static JsonNode lastEncryption(String key) {
        JsonNode event = one.home().journal().successes("Encrypt").getLast();
        assertThat(event.at("/resources/0/ARN").asString()).isEqualTo(key);
        return event;
    }

    private static EncryptResponse throughS3(String key) {
        return kinds.throughS3(ALICE, encrypt(key));
    }

    private static CreateGrantRequest.Builder grant(String grantee) {
        return CreateGrantRequest.newBuilder()
                .setKeyId(serviceManaged)
                .setGranteePrincipal(grantee)
                .addOperations(GrantOperation.Value.Encrypt);
    }
}
