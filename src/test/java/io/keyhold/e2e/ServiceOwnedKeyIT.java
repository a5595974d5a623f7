package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateGrantResponse;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GetCallerIdentityRequest;
import io.keyhold.v1.GetCallerIdentityResponse;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GrantConstraints;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListKeysResponse;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.PutServiceKeyRequest;
import io.keyhold.v1.RetireGrantRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys that a service has in its own account, and which kinds of key it uses. */
final class ServiceOwnedKeyIT {

    private static final String CUSTOMER = "123456789012";
    private static final String OTHER = "111122223333";
    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String ALICE = "arn:aws:iam::123456789012:user/alice";
    private static final String OTHER_ROOT = "arn:aws:iam::111122223333:root";
    private static final String S3 = "Service:s3.amazonaws.com";
    private static final String SNS = "Service:sns.amazonaws.com";
    private static final String ALIAS = "alias/objects";
    private static final String NO_POLICY = "no resource-based policy allows";

    @RegisterExtension
    static final OneDaemon one =
            new OneDaemon(
                    home -> {
                        home.addAccounts(OTHER);
                        home.configure(
                                "services = [\"s3.amazonaws.com\"]",
                                "services = [\"s3.amazonaws.com\", \"sns.amazonaws.com\"]");
                        home.configure(
                                "may_assert_accounts = [\"123456789012\"]",
                                """
                                may_assert_accounts = ["123456789012"]

                                [[service]]
                                principal = "sns.amazonaws.com"
                                account = "777777777777"
                                keys = ["service-owned"]
                                may_assert_accounts = ["123456789012"]
                                """);
                    });

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);
    private static String key;

    @BeforeAll
    static void theServiceMakesOne() {
        iam.send(ROOT, createUser("alice"));
        iam.send(ROOT, put("alice", allow("kms:*", "*")));
        key = create(S3);
        iam.send(S3, CreateAliasRequest.newBuilder().setAliasName(ALIAS).setTargetKeyId(id(key)));
    }

    @Test
    void theServiceManagesItInItsOwnAccount() {
        ListKeysResponse list = iam.ask(S3, ListKeysRequest.newBuilder());
        assertThat(list.getKeysList()).anyMatch(entry -> entry.getKeyArn().equals(key));
        assertThat(key).contains(":888888888888:");
        iam.send(S3, DescribeKeyRequest.newBuilder().setKeyId(ALIAS));
        iam.send(S3, GetKeyPolicyRequest.newBuilder().setKeyId(id(key)));
        assertThat(iam.denied(S3, createUser("bob"))).contains("no users, groups or roles");
        GetCallerIdentityResponse self = iam.ask(S3, GetCallerIdentityRequest.newBuilder());
        assertThat(self.getAccount()).isEqualTo("888888888888");
        assertThat(iam.denied(SNS, DescribeKeyRequest.newBuilder().setKeyId(key)))
                .contains(NO_POLICY);
    }

    @Test
    @DisplayName(
            "Service owned | used for multiple accounts | one key, each ciphertext"
                    + " for one of them")
    void oneKeyIsForManyCustomersAndEachCiphertextForOne() {
        EncryptResponse first = encrypted(CUSTOMER);
        EncryptResponse second = encrypted(OTHER);

        assertThat(first.getKeyId()).isEqualTo(second.getKeyId()).isEqualTo(key);
        DecryptResponse read = call(CUSTOMER, decrypt(CUSTOMER, first));
        assertThat(read.getPlaintext().toStringUtf8()).isEqualTo("data");
        assertThat(refused(CUSTOMER, decrypt(OTHER, first)).name())
                .isEqualTo("InvalidCiphertextException");
    }

    /** So that the service cannot be tricked into reading one customer's data for another. */
    @Test
    void itsPolicyCanHoldTheServiceToTheCustomerForWhomItCalls() {
        String bound = create(S3);
        iam.send(
                S3,
                PutKeyPolicyRequest.newBuilder()
                        .setKeyId(bound)
                        .setPolicy(
                                """
                                {"Version": "2012-10-17", "Statement": [
                                 {"Effect": "Allow", "Resource": "*",
                                  "Action": ["kms:Describe*", "kms:Get*", "kms:PutKeyPolicy"],
                                  "Principal": {"AWS": "888888888888"},
                                  "Condition": {"StringEquals": {
                                   "kms:CallerAccount": "888888888888"}}},
                                 {"Effect": "Allow", "Resource": "*",
                                  "Action": ["kms:Encrypt", "kms:Decrypt"],
                                  "Principal": {"Service": "s3.amazonaws.com"},
                                  "Condition": {"StringEquals": {
                                   "kms:EncryptionContext:customer": "${aws:SourceAccount}"}}}]}
                                """));

        iam.send(S3, describe(bound));
        EncryptResponse written = call(CUSTOMER, encrypt(CUSTOMER).setKeyId(bound));
        call(CUSTOMER, decrypt(CUSTOMER, written));
        assertThat(refused(OTHER, decrypt(CUSTOMER, written)).name())
                .isEqualTo("AccessDeniedException");
    }

    /** Neither by its ARN, nor through the service, nor if its own policy says otherwise. */
    @Test
    void nobodyElseReachesItAndWhatTheyHearIsWhatTheyHearOfAKeyThatIsNotThere() {
        String open = create(S3);
        iam.send(
                S3,
                PutKeyPolicyRequest.newBuilder()
                        .setKeyId(open)
                        .setPolicy(
                                """
                                {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                                 "Action": "kms:*", "Resource": "*", "Principal": {"AWS":
                                 ["888888888888", "123456789012", "111122223333"]}}}
                                """));
        EncryptResponse data = call(CUSTOMER, encrypt("x").setKeyId(open));
        String nothing = open.substring(0, open.length() - 1) + (open.endsWith("0") ? "1" : "0");

        for (String who : List.of(ROOT, ALICE, OTHER_ROOT)) {
            ListKeysResponse list = iam.ask(who, ListKeysRequest.newBuilder());
            assertThat(list.getKeysList()).noneMatch(entry -> entry.getKeyArn().equals(open));
            assertThat(iam.denied(who, describe(open)))
                    .isEqualTo(iam.denied(who, describe(nothing)).replace(nothing, open))
                    .contains(NO_POLICY);
            iam.denied(who, GetKeyPolicyRequest.newBuilder().setKeyId(open));
            iam.denied(who, ListAliasesRequest.newBuilder().setKeyId(open));
            iam.denied(who, encrypt("x").setKeyId(open));
            iam.denied(who, decrypt("x", data));
            iam.denied(who, describe("arn:aws:kms:us-east-1:888888888888:" + ALIAS));
        }
        for (Message.Builder request : List.of(describe(open), encrypt("x").setKeyId(open))) {
            assertThat(onBehalf(S3, ALICE, request).name()).isEqualTo("AccessDeniedException");
        }
    }

    /** Nor is it shown to anybody, as to one who may retire it. */
    @Test
    void aGrantOnItNamesNobodyElseAndOpensItToNobody() {
        for (CreateGrantRequest.Builder foreign :
                List.of(
                        grant().setGranteePrincipal(ALICE),
                        grant().setGranteeServicePrincipal("sns.amazonaws.com"),
                        grant().setGranteeServicePrincipal("s3.amazonaws.com")
                                .clearRetiringServicePrincipal()
                                .setRetiringPrincipal(ALICE))) {
            assertThat(iam.refused("ValidationException", S3, foreign))
                    .contains("principals of the key's account 888888888888");
        }
        CreateGrantResponse given =
                iam.ask(S3, grant().setGranteeServicePrincipal("s3.amazonaws.com"));
        String token = given.getGrantToken();

        iam.denied(ALICE, encrypt("x").setKeyId(key).addGrantTokens(token));
        iam.refused(
                "InvalidGrantTokenException",
                ALICE,
                RetireGrantRequest.newBuilder().setGrantToken(token));
    }

    private static CreateGrantRequest.Builder grant() {
        return CreateGrantRequest.newBuilder()
                .setKeyId(key)
                .setRetiringServicePrincipal("s3.amazonaws.com")
                .setConstraints(GrantConstraints.newBuilder().setSourceArn("arn:aws:s3:::a"))
                .addOperations(GrantOperation.Value.Encrypt);
    }

    @Test
    @DisplayName("Choice of key | kinds that a service supports | no others")
    void aServiceProtectsDataOnlyByTheKindsOfKeyThatItUses() {
        String customers = create(ROOT);

        assertThat(onBehalf(SNS, ROOT, encrypt("x").setKeyId("alias/aws/sns")).text())
                .contains("has chosen no key for sns.amazonaws.com, which uses none of its own");
        assertThat(onBehalf(SNS, ROOT, encrypt("x").setKeyId(customers)).text())
                .contains("is customer managed, and sns.amazonaws.com uses no key of that kind");
        assertThat(
                        iam.refused(
                                "ValidationException",
                                ROOT,
                                PutServiceKeyRequest.newBuilder()
                                        .setServicePrincipal("sns.amazonaws.com")
                                        .setKeyId(customers)))
                .contains("sns.amazonaws.com uses no customer managed keys");
    }

    private static String create(String who) {
        CreateKeyResponse made = iam.ask(who, CreateKeyRequest.newBuilder());
        return made.getKeyMetadata().getArn();
    }

    private static String id(String arn) {
        return arn.substring(arn.indexOf("key/") + "key/".length());
    }

    private static DescribeKeyRequest.Builder describe(String key) {
        return DescribeKeyRequest.newBuilder().setKeyId(key);
    }

    private static EncryptRequest.Builder encrypt(String customer) {
        return EncryptRequest.newBuilder()
                .setKeyId(ALIAS)
                .setPlaintext(ByteString.copyFromUtf8("data"))
                .putEncryptionContext("customer", customer);
    }

    private static DecryptRequest.Builder decrypt(String customer, EncryptResponse data) {
        return DecryptRequest.newBuilder()
                .setCiphertextBlob(data.getCiphertextBlob())
                .putEncryptionContext("customer", customer);
    }

    private static EncryptResponse encrypted(String customer) {
        return call(customer, encrypt(customer));
    }

    /** A call of S3 for a customer, in its own name. */
    private static <R extends Message> R call(String customer, Message.Builder request) {
        return principals.ask(S3, "keyhold-source-account", customer, request);
    }

    private static Refusal refused(String customer, Message.Builder request) {
        return principals.refusal(S3, "keyhold-source-account", customer, request);
    }

    private static Refusal onBehalf(String service, String principal, Message.Builder request) {
        return principals.refusal(service, "keyhold-on-behalf-of", principal, request);
    }
}
