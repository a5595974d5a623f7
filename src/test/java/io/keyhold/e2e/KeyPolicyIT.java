package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.ReEncryptRequest;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** M11: who may do what with a key, as its policy says. */
final class KeyPolicyIT {

    private static final String ROOT = "arn:aws:iam::111122223333:root";
    private static final String EXAMPLE_USER = "arn:aws:iam::111122223333:user/ExampleUser";
    private static final String SOMEBODY = "arn:aws:iam::111122223333:user/Somebody";
    private static final String WORKER = "arn:aws:sts::111122223333:assumed-role/Worker/one";
    private static final String OTHER_ROOT = "arn:aws:iam::444455556666:root";
    private static final String OTHER_USER = "arn:aws:iam::444455556666:user/Guest";

    private static final byte[] PLAINTEXT = "policy".getBytes(UTF_8);

    private static final String ENABLE_IAM =
            """
            {
            "Sid": "Enable IAM policies",
            "Effect": "Allow",
            "Principal": {
            "AWS": "arn:aws:iam::111122223333:root"
            },
            "Action": "kms:*",
            "Resource": "*"
            }
            """;

    @RegisterExtension
    static final OneDaemon one = OneDaemon.ofAccounts("111122223333", "444455556666");

    @RegisterExtension static final Principals principals = new Principals(one);

    @Test
    @DisplayName(
            "Key policy example | default key policy | the account root, and IAM"
                    + " policies count")
    void theDefaultPolicyTrustsTheAccountAndNobodyElse() {
        String key = create(ENABLE_IAM);

        encryptAndDecrypt(ROOT, key);
        assertThat(denied(SOMEBODY, encrypt(key)))
                .isEqualTo(
                        "User: arn:aws:iam::111122223333:user/Somebody is not authorized to"
                                + " perform: kms:Encrypt on resource: "
                                + key
                                + " because no identity-based policy allows the kms:Encrypt"
                                + " action");
        assertThat(denied(OTHER_ROOT, encrypt(key)))
                .endsWith("no resource-based policy allows" + " the kms:Encrypt action");
    }

    @Test
    void notEvenRootGetsInWithoutAStatement() {
        String key =
                createWithBypass(
                        """
                        {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:*",
                         "Resource": "*"}
                        """
                                .formatted(EXAMPLE_USER));

        assertThat(denied(ROOT, describe(key)))
                .endsWith("because no resource-based policy allows the kms:DescribeKey action");
        encryptAndDecrypt(EXAMPLE_USER, key);
    }

    @Test
    @DisplayName(
            "Key policy example | encrypt and decrypt for a specific user | those verbs"
                    + " and no more")
    void aSpecificUserMayEncryptAndDecryptAndNoMore() {
        String key =
                create(
                        ENABLE_IAM,
                        """
                        {
                        "Sid": "Allow encryption and decryption",
                        "Effect": "Allow",
                        "Principal": {
                        "AWS": "arn:aws:iam::111122223333:user/ExampleUser"
                        },
                        "Action": [
                        "kms:Encrypt",
                        "kms:Decrypt",
                        "kms:GenerateDataKey"
                        ],
                        "Resource": "*"
                        }
                        """);

        encryptAndDecrypt(EXAMPLE_USER, key);
        send(EXAMPLE_USER, dataKey(key));
        assertThat(denied(EXAMPLE_USER, describe(key))).contains("kms:DescribeKey");
        assertThat(denied(SOMEBODY, encrypt(key))).contains("user/Somebody");
        assertThat(
                        denied(
                                EXAMPLE_USER,
                                GenerateDataKeyWithoutPlaintextRequest.newBuilder()
                                        .setKeyId(key)
                                        .setNumberOfBytes(32)))
                .contains("kms:GenerateDataKeyWithoutPlaintext");
    }

    @Test
    @DisplayName(
            "Key policy example | cross-account access | what was allowed; its users"
                    + " need their account too")
    void anotherAccountMayDoWhatItWasAllowedAndItsUsersNeedTheirAccountToo() {
        String key =
                create(
                        ENABLE_IAM,
                        """
                        {
                        "Sid": "Allow cross-account access",
                        "Effect": "Allow",
                        "Principal": {
                        "AWS": "arn:aws:iam::444455556666:root"
                        },
                        "Action": [
                        "kms:Encrypt",
                        "kms:Decrypt",
                        "kms:DescribeKey"
                        ],
                        "Resource": "*"
                        }
                        """);

        encryptAndDecrypt(OTHER_ROOT, key);
        send(OTHER_ROOT, describe(key));
        assertThat(denied(OTHER_ROOT, dataKey(key))).contains("kms:GenerateDataKey");
        assertThat(denied(OTHER_USER, encrypt(key)))
                .isEqualTo(
                        "User: arn:aws:iam::444455556666:user/Guest is not authorized to perform:"
                                + " kms:Encrypt on resource: "
                                + key
                                + " because no resource-based policy allows the kms:Encrypt"
                                + " action");
    }

    @Test
    void theVerbsOfOnesOwnAccountCannotBeSharedByAPolicy() {
        String key =
                create(
                        ENABLE_IAM,
                        """
                        {"Effect": "Allow", "Principal": {"AWS": "444455556666"},
                         "Action": "kms:*", "Resource": "*"}
                        """);

        send(OTHER_ROOT, GetKeyRotationStatusRequest.newBuilder().setKeyId(key));
        assertThat(denied(OTHER_ROOT, DisableKeyRequest.newBuilder().setKeyId(key)))
                .contains("kms:DisableKey");
        assertThat(denied(OTHER_ROOT, GetKeyPolicyRequest.newBuilder().setKeyId(key)))
                .contains("kms:GetKeyPolicy");
        assertThat(denied(OTHER_ROOT, put(key, document(ENABLE_IAM)))).contains("PutKeyPolicy");
    }

    @Test
    void wildcardsInActions() {
        String key =
                create(
                        ENABLE_IAM,
                        """
                        {"Effect": "Allow", "Principal": {"AWS": "%s"},
                         "Action": ["kms:GenerateDataKey*", "kms:ReEncrypt*"], "Resource": "*"}
                        """
                                .formatted(EXAMPLE_USER));
        byte[] blob = principals.as(ROOT).encrypt(key, PLAINTEXT, Map.of());

        send(EXAMPLE_USER, dataKey(key));
        send(
                EXAMPLE_USER,
                GenerateDataKeyWithoutPlaintextRequest.newBuilder()
                        .setKeyId(key)
                        .setNumberOfBytes(32));
        send(
                EXAMPLE_USER,
                ReEncryptRequest.newBuilder()
                        .setCiphertextBlob(com.google.protobuf.ByteString.copyFrom(blob))
                        .setDestinationKeyId(key));
        assertThat(denied(EXAMPLE_USER, encrypt(key))).contains("kms:Encrypt");
    }

    @Test
    void aRoleStandsForItsSessions() {
        String key =
                create(
                        ENABLE_IAM,
                        """
                        {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*",
                         "Principal": {"AWS": "arn:aws:iam::111122223333:role/Worker"}}
                        """);

        send(WORKER, encrypt(key));
        assertThat(denied(WORKER, describe(key))).contains("assumed-role/Worker/one");
    }

    @Test
    void anExplicitDenyWinsOverEverything() {
        String key =
                create(
                        ENABLE_IAM,
                        """
                        {"Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt",
                         "Resource": "*", "Condition":
                          {"StringNotEquals": {"kms:EncryptionContext:app": "billing"}}}
                        """);

        send(ROOT, encrypt(key).putEncryptionContext("App", "billing"));
        assertThat(denied(ROOT, encrypt(key)))
                .endsWith("with an explicit deny in a resource-based policy");
        assertThat(denied(ROOT, encrypt(key).putEncryptionContext("app", "Billing")))
                .endsWith("with an explicit deny in a resource-based policy");
    }

    @Test
    void conditionsAskForAliasAddressAndTime() {
        String condition =
                """
                {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:Encrypt",
                 "Resource": "*", "Condition": {
                   "StringEquals": {"kms:RequestAlias": "alias/conditions"},
                   "IpAddress": {"aws:SourceIp": "127.0.0.0/8"},
                   "Bool": {"aws:SecureTransport": "true"},
                   "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
                   "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["app"]}}}
                """
                        .formatted(EXAMPLE_USER);
        String key = create(ENABLE_IAM, condition);
        send(
                ROOT,
                CreateAliasRequest.newBuilder()
                        .setAliasName("alias/conditions")
                        .setTargetKeyId(key));
        EncryptRequest.Builder byAlias = encrypt("alias/conditions");

        send(EXAMPLE_USER, byAlias);
        send(EXAMPLE_USER, byAlias.putEncryptionContext("app", "x"));
        assertThat(denied(EXAMPLE_USER, byAlias.putEncryptionContext("other", "x")))
                .contains("kms:Encrypt");
        assertThat(denied(EXAMPLE_USER, encrypt(key))).contains("kms:Encrypt");
    }

    @Test
    void aNewPolicyCountsFromTheNextCallOn() {
        String key = create(ENABLE_IAM);
        String both =
                document(
                        ENABLE_IAM,
                        """
                        {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:Encrypt",
                         "Resource": "*"}
                        """
                                .formatted(EXAMPLE_USER));

        assertThat(denied(EXAMPLE_USER, encrypt(key))).contains("kms:Encrypt");
        send(ROOT, put(key, both));
        send(EXAMPLE_USER, encrypt(key));
        assertThat(
                        principals
                                .as(ROOT)
                                .call(
                                        Rpc.GET_POLICY,
                                        GetKeyPolicyRequest.newBuilder().setKeyId(key).build())
                                .getPolicy())
                .isEqualTo(both);
        send(ROOT, put(key, document(ENABLE_IAM)).setPolicyName("default"));
        assertThat(denied(EXAMPLE_USER, encrypt(key))).contains("kms:Encrypt");
    }

    @Test
    @DisplayName(
            "Misconfiguration risk | a policy that locks the caller out | refused,"
                    + " unless they insist")
    void aPolicyThatWouldLockTheCallerOutIsRefusedUnlessTheyInsist() {
        String key = create(ENABLE_IAM);
        String lockout = document(ENABLE_IAM.replace("kms:*", "kms:Encrypt"));
        String message =
                "The new key policy will not allow you to update the key policy in the future.";

        assertThat(malformed(ROOT, put(key, lockout))).isEqualTo(message);
        assertThat(malformed(ROOT, CreateKeyRequest.newBuilder().setPolicy(lockout)))
                .isEqualTo(message);
        send(ROOT, put(key, lockout).setBypassPolicyLockoutSafetyCheck(true));
        send(ROOT, encrypt(key));
        assertThat(denied(ROOT, put(key, document(ENABLE_IAM)))).contains("kms:PutKeyPolicy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"arn:aws:iam::999999999999:root", "999999999999"})
    void aPrincipalOfAnUnknownAccountIsRefused(String principal) {
        String policy = document(ENABLE_IAM.replace(ROOT, principal));

        assertThat(malformed(ROOT, CreateKeyRequest.newBuilder().setPolicy(policy)))
                .contains("999999999999");
    }

    @ParameterizedTest
    @ValueSource(strings = {":root", ":user/ExampleUser", ":role/Worker"})
    void aPrincipalOfAnotherPartitionIsRefused(String resource) {
        String foreign = "arn:aws-cn:iam::111122223333" + resource;
        String policy =
                document(ENABLE_IAM, ENABLE_IAM.replace(ROOT, foreign).replace("Enable", "Also"));

        assertThat(malformed(ROOT, CreateKeyRequest.newBuilder().setPolicy(policy)))
                .contains("partition 'aws-cn'");
    }

    @Test
    void aLongMistakeIsQuotedInPart() {
        String key = create(ENABLE_IAM);
        String policy = document(ENABLE_IAM.replace(ROOT, "x".repeat(20_000)));

        assertThat(malformed(ROOT, put(key, policy))).hasSizeLessThan(700).endsWith("...");
    }

    @Test
    void aMalformedPolicyIsRefusedWithItsPlaceAndNothingChanges() {
        String key = create(ENABLE_IAM);

        assertThat(malformed(ROOT, put(key, "{\"Statement\": [{\"Effect\": \"allow\"}]}")))
                .isEqualTo("Statement[0].Effect: it must be Allow or Deny");
        assertThat(malformed(ROOT, put(key, "no JSON"))).contains("it is no JSON");
        assertThat(
                        Request.of(put(key, document(ENABLE_IAM) + " ".repeat(32_768)))
                                .refusal(principals.as(ROOT))
                                .name())
                .isEqualTo("LimitExceededException");
        assertThat(
                        Request.of(put(key, document(ENABLE_IAM)).setPolicyName("other"))
                                .refusal(principals.as(ROOT))
                                .name())
                .isEqualTo("NotFoundException");
        encryptAndDecrypt(ROOT, key);
    }

    private static void encryptAndDecrypt(String principal, String key) {
        Client client = principals.as(principal);
        byte[] blob = client.encrypt(key, PLAINTEXT, Map.of());
        assertThat(client.decrypt(blob, Map.of())).isEqualTo(PLAINTEXT);
    }

    private static String create(String... statements) {
        return create(CreateKeyRequest.newBuilder().setPolicy(document(statements)));
    }

    private static String createWithBypass(String statement) {
        return create(
                CreateKeyRequest.newBuilder()
                        .setPolicy(document(statement))
                        .setBypassPolicyLockoutSafetyCheck(true));
    }

    private static String create(CreateKeyRequest.Builder request) {
        return principals.as(ROOT).call(Rpc.CREATE_KEY, request.build()).getKeyMetadata().getArn();
    }

    private static String document(String... statements) {
        return "{\"Version\": \"2012-10-17\", \"Id\": \"key-default-1\", \"Statement\": ["
                + String.join(",", statements)
                + "]}";
    }

    private static EncryptRequest.Builder encrypt(String key) {
        return Client.encryptRequest(key, PLAINTEXT, Map.of()).toBuilder();
    }

    private static DescribeKeyRequest.Builder describe(String key) {
        return DescribeKeyRequest.newBuilder().setKeyId(key);
    }

    private static GenerateDataKeyRequest.Builder dataKey(String key) {
        return GenerateDataKeyRequest.newBuilder().setKeyId(key).setNumberOfBytes(32);
    }

    private static PutKeyPolicyRequest.Builder put(String key, String policy) {
        return PutKeyPolicyRequest.newBuilder().setKeyId(key).setPolicy(policy);
    }

    private static void send(String principal, Message.Builder request) {
        principals.send(principal, request);
    }

    private static String denied(String principal, Message.Builder request) {
        return principals.denied(principal, request);
    }

    private static String malformed(String principal, Message.Builder request) {
        return principals.refused("MalformedPolicyDocumentException", principal, request);
    }
}
