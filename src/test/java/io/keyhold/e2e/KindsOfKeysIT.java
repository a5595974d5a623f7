package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DescribeKeyResponse;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;
import io.keyhold.v1.KeyManagerType;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListKeysResponse;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * What the kinds of keys differ in: customer managed, service managed, service owned. A test is a
 * cell of the comparison. Where old descriptions of AWS disagree, AWS of today wins, and the cell
 * says so. What costs is counted from the audit trail: there is no metering yet.
 */
final class KindsOfKeysIT {

    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String ALICE = "arn:aws:iam::123456789012:user/alice";
    private static final String OTHER_ROOT = "arn:aws:iam::111122223333:root";
    private static final String S3 = "Service:s3.amazonaws.com";

    private static final String MANAGED = "alias/aws/s3";

    private static final List<String> COLUMNS =
            List.of("customer managed", "service managed", "service owned");
    private static final List<String> ROWS =
            List.of(
                    "Creation",
                    "Rotation",
                    "Deletion",
                    "Scope of use",
                    "Key policy",
                    "User access",
                    "Cross-account",
                    "Audit",
                    "Monthly cost",
                    "Request cost");

    @RegisterExtension
    static final OneDaemon one = new OneDaemon(home -> home.addAccounts("111122223333"));

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);
    private static String customerManaged;
    private static String serviceManaged;
    private static String serviceOwned;

    @BeforeAll
    static void oneOfEachKind() {
        iam.send(ROOT, createUser("alice"));
        customerManaged = create(ROOT, CreateKeyRequest.newBuilder());
        serviceManaged = throughS3(MANAGED).getKeyId();
        serviceOwned = create(S3, CreateKeyRequest.newBuilder());
    }

    @Test
    @DisplayName("Creation | customer managed | by the account")
    void creationCustomerManagedByTheCustomer() {
        assertThat(described(ROOT, customerManaged)).isEqualTo(KeyManagerType.Value.CUSTOMER);
    }

    @Test
    @DisplayName(
            "Creation | service managed | by the daemon, when the service first needs it in the"
                    + " account")
    void creationServiceManagedOnTheCustomersBehalf() {
        assertThat(described(ROOT, serviceManaged)).isEqualTo(KeyManagerType.Value.AWS);
        assertThat(serviceManaged).contains(":123456789012:");
    }

    @Test
    @DisplayName("Creation | service owned | by the service, in its own account")
    void creationServiceOwnedInAnAccountOfTheService() {
        assertThat(serviceOwned).contains(":888888888888:");
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
        String key = create(ROOT, CreateKeyRequest.newBuilder());
        iam.send(ROOT, ScheduleKeyDeletionRequest.newBuilder().setKeyId(key));
        DescribeKeyResponse answer = iam.ask(ROOT, DescribeKeyRequest.newBuilder().setKeyId(key));
        assertThat(answer.getKeyMetadata().getKeyState()).isEqualTo(KeyState.Value.PendingDeletion);
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
        iam.send(ROOT, encrypt(customerManaged));
    }

    @Test
    @DisplayName("Scope of use | service managed | one service, for principals of the account")
    void scopeOfUseServiceManagedByOneServiceOnly() {
        iam.denied(ROOT, encrypt(serviceManaged));
        assertThat(throughS3(serviceManaged).getKeyId()).isEqualTo(serviceManaged);
    }

    @Test
    @DisplayName("Scope of use | service owned | one service, for many accounts")
    void scopeOfUseServiceOwnedForManyAccounts() {
        for (String account : List.of("123456789012", "111122223333")) {
            byS3(serviceOwned, account);
        }
    }

    @Test
    @DisplayName("Key policy | customer managed | the account writes it")
    void keyPolicyCustomerManagedIsTheCustomers() {
        String key = create(ROOT, CreateKeyRequest.newBuilder());
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
    @DisplayName("User access | service managed | IAM policies, to look only")
    void userAccessManagementServiceManagedLooksOnlyByIamPolicy() {
        iam.send(ROOT, put("alice", "looks", allow("kms:*", serviceManaged)));
        iam.send(ALICE, DescribeKeyRequest.newBuilder().setKeyId(serviceManaged));
        iam.denied(ALICE, encrypt(serviceManaged));
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
        String key = create(ROOT, CreateKeyRequest.newBuilder());
        iam.denied(OTHER_ROOT, encrypt(key));
        iam.send(ROOT, policy(key, ROOT + "\", \"" + OTHER_ROOT));
        iam.send(OTHER_ROOT, encrypt(key));
    }

    @Test
    @DisplayName("Cross-account | service managed | never")
    void crossAccountServiceManagedNever() {
        iam.denied(OTHER_ROOT, encrypt(serviceManaged));
        iam.denied(OTHER_ROOT, DescribeKeyRequest.newBuilder().setKeyId(serviceManaged));
    }

    @Test
    @DisplayName("Cross-account | service owned | neither listed nor described")
    void crossAccountServiceOwnedNeitherListedNorDescribed() {
        ListKeysResponse list = iam.ask(ROOT, ListKeysRequest.newBuilder());
        assertThat(list.getKeysList())
                .extracting(entry -> entry.getKeyArn())
                .contains(customerManaged, serviceManaged)
                .doesNotContain(serviceOwned);
        iam.denied(ROOT, DescribeKeyRequest.newBuilder().setKeyId(serviceOwned));
        iam.denied(ROOT, ListAliasesRequest.newBuilder().setKeyId(serviceOwned));
    }

    @Test
    @DisplayName("Audit | customer managed | every use, in the account")
    void auditCustomerManagedEveryUse() {
        iam.send(ROOT, encrypt(customerManaged));
        assertThat(recipient(customerManaged)).isEqualTo("123456789012");
    }

    @Test
    @DisplayName(
            "Audit | service managed | every use, in the account, in full (as CloudTrail today)")
    void auditServiceManagedEveryUseInFull() {
        iam.send(ROOT, encrypt(customerManaged));
        JsonNode full = lastEncryption(customerManaged);
        throughS3(MANAGED);
        JsonNode managed = lastEncryption(serviceManaged);
        assertThat(recipient(serviceManaged)).isEqualTo("123456789012");
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
        byS3(serviceOwned, "123456789012");
        assertThat(recipient(serviceOwned)).isEqualTo("888888888888");
    }

    @Test
    @DisplayName("Monthly cost | customer managed | each key counts, from CreateKey on")
    void monthlyCostCustomerManagedEachKey() {
        JsonNode created = created(customerManaged);
        assertThat(created.path("eventType").asString()).isEqualTo("AwsApiCall");
        assertThat(created.path("recipientAccountId").asString()).isEqualTo("123456789012");
    }

    @Test
    @DisplayName("Monthly cost | service managed | no fee: the account did not create it")
    void monthlyCostServiceManagedNoFee() {
        JsonNode created = created(serviceManaged);
        assertThat(created.path("eventType").asString()).isEqualTo("AwsServiceEvent");
    }

    @Test
    @DisplayName("Monthly cost | service owned | no fee: it is in no customer's account")
    void monthlyCostServiceOwnedNoFee() {
        JsonNode created = created(serviceOwned);
        assertThat(created.path("recipientAccountId").asString()).isEqualTo("888888888888");
    }

    @Test
    @DisplayName("Request cost | customer managed | each request counts in the account")
    void requestCostCustomerManagedEachRequest() {
        long before = requests("123456789012", customerManaged);
        iam.send(ROOT, encrypt(customerManaged));
        iam.send(ROOT, encrypt(customerManaged));
        assertThat(requests("123456789012", customerManaged)).isEqualTo(before + 2);
    }

    @Test
    @DisplayName("Request cost | service managed | each request counts in the account")
    void requestCostServiceManagedEachRequest() {
        long before = requests("123456789012", serviceManaged);
        throughS3(MANAGED);
        assertThat(requests("123456789012", serviceManaged)).isEqualTo(before + 1);
    }

    @Test
    @DisplayName("Request cost | service owned | nothing counts in a customer's account")
    void requestCostServiceOwnedNothing() {
        byS3(serviceOwned, "123456789012");
        assertThat(requests("123456789012", serviceOwned)).isZero();
    }

    @Test
    void theTableOfTheReadmeIsThisOne() {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        for (String row : ROWS) {
            rows.put(row, new HashMap<>());
        }
        for (Method method : KindsOfKeysIT.class.getDeclaredMethods()) {
            DisplayName name = method.getAnnotation(DisplayName.class);
            if (name != null) {
                String[] cell = name.value().split(" \\| ");
                assertThat(rows.get(cell[0]).put(cell[1], cell[2])).isNull();
            }
        }
        StringBuilder table =
                new StringBuilder("| | " + String.join(" | ", COLUMNS) + " |\n|---|---|---|---|\n");
        rows.forEach(
                (row, cells) ->
                        table.append("| ")
                                .append(row)
                                .append(" | ")
                                .append(
                                        COLUMNS.stream()
                                                .map(column -> cells.getOrDefault(column, "?"))
                                                .collect(Collectors.joining(" | ")))
                                .append(" |\n"));
        assertThat(Commands.text(Commands.REPOSITORY.resolve("README.md")))
                .contains(table.toString());
    }

    /** The only record of a key's creation, in whose trail it may be. */
    private static JsonNode created(String key) {
        return assertThat(one.home().wholeJournal().successes("CreateKey"))
                .filteredOn(event -> event.at("/resources/0/ARN").asString().equals(key))
                .singleElement()
                .actual();
    }

    private static long requests(String account, String key) {
        return one.home().journal().events().stream()
                .filter(event -> event.path("recipientAccountId").asString().equals(account))
                .filter(event -> event.at("/resources/0/ARN").asString().equals(key))
                .filter(event -> event.path("eventName").asString().equals("Encrypt"))
                .count();
    }

    private static KeyManagerType.Value described(String who, String key) {
        DescribeKeyResponse answer = iam.ask(who, DescribeKeyRequest.newBuilder().setKeyId(key));
        return answer.getKeyMetadata().getKeyManager();
    }

    private static GetKeyRotationStatusResponse rotation(String key) {
        return iam.ask(ROOT, GetKeyRotationStatusRequest.newBuilder().setKeyId(key));
    }

    /** The account whose trail has the last encryption with a key. */
    private static String recipient(String key) {
        return lastEncryption(key).path("recipientAccountId").asString();
    }

    private static JsonNode lastEncryption(String key) {
        JsonNode event = one.home().journal().successes("Encrypt").getLast();
        assertThat(event.at("/resources/0/ARN").asString()).isEqualTo(key);
        return event;
    }

    private static String create(String who, CreateKeyRequest.Builder request) {
        CreateKeyResponse made = iam.ask(who, request);
        return made.getKeyMetadata().getArn();
    }

    private static PutKeyPolicyRequest.Builder policy(String key, String principals) {
        return PutKeyPolicyRequest.newBuilder()
                .setKeyId(key)
                .setPolicy(
                        """
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                         "Action": "kms:*", "Resource": "*", "Principal": {"AWS": ["%s"]}}}
                        """
                                .formatted(principals));
    }

    private static EncryptRequest.Builder encrypt(String key) {
        return EncryptRequest.newBuilder().setKeyId(key).setPlaintext(ByteString.copyFromUtf8("x"));
    }

    private static EncryptResponse throughS3(String key) {
        return principals.ask(S3, "keyhold-on-behalf-of", ALICE, encrypt(key));
    }

    private static void byS3(String key, String account) {
        EncryptResponse answer =
                principals.ask(S3, "keyhold-source-account", account, encrypt(key));
        assertThat(answer.getKeyId()).isEqualTo(key);
    }
}
