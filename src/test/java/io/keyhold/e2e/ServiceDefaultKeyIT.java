package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.DeleteServiceKeyRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GetServiceKeyRequest;
import io.keyhold.v1.GetServiceKeyResponse;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.ListServiceKeysRequest;
import io.keyhold.v1.ListServiceKeysResponse;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.PutServiceKeyRequest;
import io.keyhold.v1.ServiceKeyEntry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key that an account chooses for a service, in place of the service's own there. */
final class ServiceDefaultKeyIT {

    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String ALICE = "arn:aws:iam::123456789012:user/alice";
    private static final String OTHER_ROOT = "arn:aws:iam::111122223333:root";
    private static final String SERVICE = "s3.amazonaws.com";
    private static final String S3 = "Service:" + SERVICE;
    private static final String ON_BEHALF_OF = "keyhold-on-behalf-of";
    private static final String OWN = "alias/aws/s3";
    private static final Pattern STATEMENT = Pattern.compile("own key does: (\\{.*\\})$");

    @RegisterExtension
    static final OneDaemon one =
            new OneDaemon(
                    home -> {
                        home.addAccounts("111122223333");
                        home.addService("ssm.amazonaws.com");
                        home.configure(
                                "may_assert_accounts = [\"123456789012\"]",
                                "may_assert_accounts = [\"123456789012\", \"111122223333\"]");
                    });

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);

    @AfterEach
    void theServiceUsesItsOwnAgain() {
        if (chosen(ROOT).getServiceKeysCount() > 0) {
            iam.send(ROOT, delete());
        }
    }

    @Test
    @DisplayName(
            "Choice of key | per service | a customer managed key, in place of the"
                    + " default service managed one")
    void dataIsProtectedWithItAndOldDataStaysReadableAfterEachChange() {
        String own = encrypted(ROOT).getKeyId();
        EncryptResponse first = encrypted(ROOT);
        String chosen = key();
        iam.send(ROOT, put(chosen));

        EncryptResponse second = encrypted(ROOT);
        assertThat(second.getKeyId()).isEqualTo(chosen).isNotEqualTo(own);
        assertThat(decrypted(first)).isEqualTo(decrypted(second)).isEqualTo("data");
        iam.send(ROOT, delete());
        EncryptResponse third = encrypted(ROOT);
        assertThat(third.getKeyId()).isEqualTo(own);
        assertThat(decrypted(second)).isEqualTo(decrypted(third)).isEqualTo("data");
        assertThat(encrypted(OTHER_ROOT).getKeyId()).contains(":111122223333:");
    }

    @Test
    @DisplayName("Choice of key | per service | another one for each")
    void eachServiceHasItsOwnChoice() {
        String forS3 = key();
        String forSsm = key();
        iam.send(ROOT, put(forS3));
        iam.send(ROOT, put(forSsm).setServicePrincipal("ssm.amazonaws.com"));

        EncryptResponse parameter =
                principals.ask(
                        "Service:ssm.amazonaws.com", ON_BEHALF_OF, ROOT, encrypt("alias/aws/ssm"));
        assertThat(parameter.getKeyId()).isEqualTo(forSsm);
        assertThat(encrypted(ROOT).getKeyId()).isEqualTo(forS3);
        iam.send(ROOT, delete().setServicePrincipal("ssm.amazonaws.com"));
    }

    @Test
    void whatIsChosenIsShown() {
        String first = key();
        iam.send(ROOT, put(key()));
        iam.send(ROOT, put(first));

        GetServiceKeyResponse answer =
                iam.ask(ROOT, GetServiceKeyRequest.newBuilder().setServicePrincipal(SERVICE));
        assertThat(answer.getServiceKey().getKeyArn()).isEqualTo(first);
        assertThat(chosen(ROOT).getServiceKeysList())
                .extracting(ServiceKeyEntry::getServicePrincipal)
                .containsExactly(SERVICE);
        assertThat(chosen(OTHER_ROOT).getServiceKeysList()).isEmpty();
        assertThat(
                        iam.refused(
                                "NotFoundException",
                                OTHER_ROOT,
                                GetServiceKeyRequest.newBuilder().setServicePrincipal(SERVICE)))
                .contains("uses its own there");
        assertThat(iam.refused("NotFoundException", OTHER_ROOT, delete())).contains("no key");
    }

    /** What cannot be used is never silently replaced. */
    @Test
    void aChosenKeyThatIsDisabledIsSaidToBe() {
        String key = key();
        iam.send(ROOT, put(key));
        iam.send(ROOT, DisableKeyRequest.newBuilder().setKeyId(key));

        assertThat(refused(encrypt(OWN)).name()).isEqualTo("DisabledException");
        assertThat(iam.refused("DisabledException", ROOT, put(key))).contains("is disabled");
        iam.send(ROOT, EnableKeyRequest.newBuilder().setKeyId(key));
        assertThat(encrypted(ROOT).getKeyId()).isEqualTo(key);
    }

    @Test
    void itMustBeAKeyThatTheServiceCanUse() {
        CreateKeyResponse pair =
                iam.ask(
                        ROOT,
                        CreateKeyRequest.newBuilder()
                                .setKeySpec(KeySpec.Value.ECC_NIST_P256)
                                .setKeyUsage(KeyUsageType.Value.SIGN_VERIFY));
        String own = encrypted(ROOT).getKeyId();
        String foreign = create(OTHER_ROOT);

        assertThat(refused("ValidationException", pair.getKeyMetadata().getArn()))
                .contains("KeySpec SYMMETRIC_DEFAULT");
        assertThat(refused("ValidationException", own)).contains("customer managed");
        assertThat(refused("NotFoundException", foreign.substring(foreign.lastIndexOf('/') + 1)))
                .contains("does not exist");
        assertThat(refused("AccessDeniedException", foreign)).contains("keyhold:PutServiceKey");
        assertThat(
                        iam.refused(
                                "NotFoundException",
                                ROOT,
                                put(key()).setServicePrincipal("sns.amazonaws.com")))
                .contains("no service 'sns.amazonaws.com'");
        assertThat(iam.denied(ALICE, put(key()))).contains("keyhold:PutServiceKey");
    }

    @Test
    void aPolicyThatKeepsTheServiceOutIsToldWhatIsMissing() {
        String key = key();
        String closed =
                """
                {"Sid": "Admin", "Effect": "Allow", "Principal": {"AWS": "%s"},
                 "Action": ["kms:PutKeyPolicy", "kms:DescribeKey"], "Resource": "*"}"""
                        .formatted(ROOT);
        policy(key, closed);

        String text = refused("ValidationException", key);
        assertThat(text)
                .startsWith(
                        "The policy of %s lets nobody of account 123456789012 use it through %s, for"
                                        .formatted(key, SERVICE)
                                + " kms:GenerateDataKey. ");
        Matcher missing = STATEMENT.matcher(text);
        assertThat(missing.find()).as(text).isTrue();
        policy(key, closed + ", " + missing.group(1));
        iam.send(ROOT, put(key));
        assertThat(encrypted(ROOT).getKeyId()).isEqualTo(key);
        assertThat(encrypted(ALICE).getKeyId()).as("without IAM policies").isEqualTo(key);
        assertThat(iam.denied(ALICE, encrypt(key))).contains("kms:Encrypt");
    }

    @Test
    void aPolicyThatDeniesItSaysWhere() {
        String key = key();
        policy(
                key,
                """
                {"Effect": "Allow", "Principal": {"AWS": "%1$s"}, "Action": "kms:*",
                 "Resource": "*"},
                {"Sid": "Never S3", "Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt",
                 "Resource": "*", "Condition":
                  {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}}"""
                        .formatted(ROOT));

        assertThat(refused("ValidationException", key))
                .endsWith("It is denied by Statement[1] (Never S3) of the key policy.");
    }

    @Test
    void onePrincipalWhomThePolicyNamesIsEnough() {
        iam.send(ROOT, Iam.createUser("bob"));
        String bob = "arn:aws:iam::123456789012:user/bob";
        String key = key();
        policy(
                key,
                """
                {"Effect": "Allow", "Principal": {"AWS": "%s"},
                 "Action": ["kms:PutKeyPolicy", "kms:DescribeKey"], "Resource": "*"},
                {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:*",
                 "Resource": "*", "Condition":
                  {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}}"""
                        .formatted(ROOT, bob));

        iam.send(ROOT, put(key));
        assertThat(encrypted(bob).getKeyId()).isEqualTo(key);
        assertThat(refused(encrypt(OWN)).name()).isEqualTo("AccessDeniedException");
    }

    /** What only a request can tell, and who it is, cannot be known before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ArnEquals\": {\"aws:PrincipalArn\": \"arn:aws:iam::123456789012:user/bob\"}}",
                "{\"StringEquals\": {\"aws:PrincipalTag/team\": \"blue\"}}",
                "{\"StringEquals\": {\"kms:EncryptionContext:aws:s3:arn\": \"arn:aws:s3:::b\"}}",
                "{\"StringEquals\": {\"kms:RequestAlias\": \"alias/aws/s3\"}}",
            })
    void aPolicyThatAsksForMoreMayStillLetSomebodyIn(String condition) {
        String key = key();
        policy(
                key,
                """
                {"Effect": "Allow", "Principal": {"AWS": "%s"},
                 "Action": ["kms:PutKeyPolicy", "kms:DescribeKey"], "Resource": "*"},
                {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*",
                 "Resource": "*", "Condition": %s},
                {"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*",
                 "Condition": {"StringNotEquals": {"kms:EncryptionContext:a": "b"}}}"""
                        .formatted(ROOT, condition));

        iam.send(ROOT, put(key));
    }

    /** As an alias in AWS does: what it names is what protects new data. */
    @Test
    void oldDataIsReadWithoutAKeyId() {
        EncryptResponse old = encrypted(ROOT);
        iam.send(ROOT, put(key()));

        DecryptRequest.Builder decrypt =
                DecryptRequest.newBuilder().setCiphertextBlob(old.getCiphertextBlob());
        assertThat(refused(decrypt.clone().setKeyId(OWN)).name())
                .isEqualTo("IncorrectKeyException");
        assertThat(decrypted(old)).isEqualTo("data");
    }

    private static void policy(String key, String statements) {
        iam.send(
                ROOT,
                PutKeyPolicyRequest.newBuilder().setKeyId(key).setPolicy(Iam.policyOf(statements)));
    }

    private static String refused(String name, String key) {
        return iam.refused(name, ROOT, put(key));
    }

    private static Refusal refused(Message.Builder request) {
        return principals.refusal(S3, ON_BEHALF_OF, ROOT, request);
    }

    private static String key() {
        return create(ROOT);
    }

    private static String create(String root) {
        CreateKeyResponse made = iam.ask(root, CreateKeyRequest.newBuilder());
        return made.getKeyMetadata().getArn();
    }

    private static ListServiceKeysResponse chosen(String root) {
        return iam.ask(root, ListServiceKeysRequest.newBuilder());
    }

    private static PutServiceKeyRequest.Builder put(String key) {
        return PutServiceKeyRequest.newBuilder().setServicePrincipal(SERVICE).setKeyId(key);
    }

    private static DeleteServiceKeyRequest.Builder delete() {
        return DeleteServiceKeyRequest.newBuilder().setServicePrincipal(SERVICE);
    }

    private static EncryptRequest.Builder encrypt(String key) {
        return EncryptRequest.newBuilder()
                .setKeyId(key)
                .setPlaintext(ByteString.copyFromUtf8("data"));
    }

    private static EncryptResponse encrypted(String principal) {
        return principals.ask(S3, ON_BEHALF_OF, principal, encrypt(OWN));
    }

    private static String decrypted(EncryptResponse sealed) {
        DecryptResponse opened =
                principals.ask(
                        S3,
                        ON_BEHALF_OF,
                        ROOT,
                        DecryptRequest.newBuilder().setCiphertextBlob(sealed.getCiphertextBlob()));
        return opened.getPlaintext().toStringUtf8();
    }
}
