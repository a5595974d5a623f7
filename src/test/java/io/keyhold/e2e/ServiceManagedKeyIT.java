package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.keyhold.v1.AliasListEntry;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateGrantResponse;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DeleteAliasRequest;
import io.keyhold.v1.DeleteUserPolicyRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DescribeKeyResponse;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.DisableKeyRotationRequest;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;
import io.keyhold.v1.GetForwardAccessTokenRequest;
import io.keyhold.v1.GetForwardAccessTokenResponse;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyPolicyResponse;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;
import io.keyhold.v1.GrantConstraints;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.KeyManagerType;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListAliasesResponse;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.RetireGrantRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import io.keyhold.v1.Tag;
import io.keyhold.v1.TagResourceRequest;
import io.keyhold.v1.UpdateAliasRequest;
import io.keyhold.v1.UpdateKeyDescriptionRequest;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The key of a service in an account: made for it, used through it, managed by nobody. */
final class ServiceManagedKeyIT {

    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String ALICE = "arn:aws:iam::123456789012:user/alice";
    private static final String OTHER_ROOT = "arn:aws:iam::111122223333:root";
    private static final String KIM = "arn:aws:iam::111122223333:user/kim";
    private static final String S3_NAME = "s3.amazonaws.com";
    private static final String S3 = "Service:" + S3_NAME;
    private static final String SNS = "Service:sns.amazonaws.com";
    private static final String ALIAS = "alias/aws/s3";
    private static final Metadata BUCKET =
            Principals.metadata("keyhold-source-arn", "arn:aws:s3:::a");

    @RegisterExtension
    static final OneDaemon one =
            new OneDaemon(
                    home -> {
                        home.addAccounts("111122223333", "444455556666");
                        home.configure(
                                "services = [\"s3.amazonaws.com\"]",
                                "services = [\"s3.amazonaws.com\", \"sns.amazonaws.com\","
                                        + " \"ec2.amazonaws.com\"]");
                        home.configure(
                                "may_assert_accounts = [\"123456789012\"]",
                                """
                                may_assert_accounts = ["123456789012", "444455556666"]

                                [[service]]
                                principal = "sns.amazonaws.com"

                                [[service]]
                                principal = "ec2.amazonaws.com"
                                name = "ebs"
                                may_assert_accounts = ["123456789012"]
                                """);
                    });

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);
    private static GenerateDataKeyResponse made;

    @BeforeAll
    static void theFirstCallMakesIt() {
        iam.send(ROOT, createUser("alice"));
        iam.send(ROOT, put("alice", allow("kms:*", "*")));
        iam.send(OTHER_ROOT, createUser("kim"));
        made = asserted(ALICE, dataKey(ALIAS));
    }

    @Test
    void itsAccountCanLookAtIt() {
        DescribeKeyResponse described =
                iam.ask(ROOT, DescribeKeyRequest.newBuilder().setKeyId(ALIAS));
        assertThat(described.getKeyMetadata().getArn()).isEqualTo(made.getKeyId());
        assertThat(described.getKeyMetadata().getKeyManager()).isEqualTo(KeyManagerType.Value.AWS);
        GetKeyPolicyResponse policy =
                iam.ask(ROOT, GetKeyPolicyRequest.newBuilder().setKeyId(made.getKeyId()));
        assertThat(policy.getPolicy())
                .contains("\"kms:ViaService\" : \"s3.us-east-1.amazonaws.com\"");
        GetKeyRotationStatusResponse rotation =
                iam.ask(ROOT, GetKeyRotationStatusRequest.newBuilder().setKeyId(made.getKeyId()));
        assertThat(rotation.getKeyRotationEnabled()).isTrue();
        assertThat(rotation.getRotationPeriodInDays()).isEqualTo(365);
        assertThat(aliases(ROOT)).extracting(AliasListEntry::getAliasName).contains(ALIAS);
    }

    /** As the key of Amazon EBS, which principals use through Amazon EC2. */
    @Test
    void itsNameNeedNotBeThatOfItsService() {
        GenerateDataKeyResponse volume =
                through("Service:ec2.amazonaws.com", onBehalfOf(ALICE), dataKey("alias/aws/ebs"));

        GetKeyPolicyResponse policy =
                iam.ask(ROOT, GetKeyPolicyRequest.newBuilder().setKeyId(volume.getKeyId()));
        assertThat(policy.getPolicy())
                .contains("\"kms:ViaService\" : \"ec2.us-east-1.amazonaws.com\"")
                .contains("\"Id\" : \"auto-ebs-1\"");
    }

    @Test
    void everyPrincipalOfItsAccountMayUseItThroughTheServiceAndNoOther() {
        DecryptRequest.Builder decrypt =
                DecryptRequest.newBuilder().setCiphertextBlob(made.getCiphertextBlob());
        String bob = "arn:aws:iam::123456789012:user/bob";

        asserted(bob, decrypt);
        asserted(ROOT, decrypt.setKeyId(ALIAS));
        for (String direct : List.of(ROOT, ALICE)) {
            assertThat(iam.denied(direct, decrypt)).contains("kms:Decrypt");
            assertThat(iam.denied(direct, encrypt(ALIAS))).contains("kms:Encrypt");
        }
        assertThat(refused(S3, new Metadata(), encrypt(made.getKeyId())).name())
                .isEqualTo("AccessDeniedException");
        assertThat(forwarded(OTHER_ROOT, decrypt.clearKeyId()).name())
                .isEqualTo("AccessDeniedException");
    }

    @ParameterizedTest
    @MethodSource
    void managedByNobody(Message.Builder request) {
        assertThat(Request.of(request).refusal(principals.as(ROOT)).name())
                .isIn("AccessDeniedException", "InvalidAliasNameException");
    }

    static Stream<Message.Builder> managedByNobody() {
        String key = made.getKeyId();
        return Stream.of(
                DisableKeyRequest.newBuilder().setKeyId(key),
                ScheduleKeyDeletionRequest.newBuilder().setKeyId(key),
                PutKeyPolicyRequest.newBuilder().setKeyId(key).setPolicy(allow("kms:*", "*")),
                EnableKeyRotationRequest.newBuilder().setKeyId(key),
                DisableKeyRotationRequest.newBuilder().setKeyId(key),
                RotateKeyOnDemandRequest.newBuilder().setKeyId(key),
                UpdateKeyDescriptionRequest.newBuilder().setKeyId(key).setDescription("mine"),
                TagResourceRequest.newBuilder()
                        .setKeyId(key)
                        .addTags(Tag.newBuilder().setTagKey("a").setTagValue("b")),
                CreateGrantRequest.newBuilder()
                        .setKeyId(key)
                        .setGranteePrincipal(ALICE)
                        .addOperations(GrantOperation.Value.Decrypt),
                CreateAliasRequest.newBuilder().setAliasName("alias/mine").setTargetKeyId(key),
                UpdateAliasRequest.newBuilder().setAliasName(ALIAS).setTargetKeyId(key),
                DeleteAliasRequest.newBuilder().setAliasName(ALIAS));
    }

    @Test
    void theAuditNamesThePrincipalAndTheService() {
        asserted(ALICE, dataKey(ALIAS));

        JsonNode event = one.home().journal().successes("GenerateDataKey").getLast();
        assertThat(event.at("/userIdentity/arn").asString()).isEqualTo(ALICE);
        assertThat(event.at("/userIdentity/invokedBy").asString()).isEqualTo("s3.amazonaws.com");
        assertThat(event.path("sourceIPAddress").asString()).isEqualTo("s3.amazonaws.com");
        assertThat(event.path("userAgent").asString()).isEqualTo("s3.amazonaws.com");
        assertThat(event.path("recipientAccountId").asString()).isEqualTo("123456789012");
    }

    @Test
    void twoThatNeedItAtOnceGetOne() throws Exception {
        String root = "arn:aws:iam::444455556666:root";
        Callable<GenerateDataKeyResponse> first = () -> asserted(root, dataKey(ALIAS));
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Future<GenerateDataKeyResponse>> all =
                    pool.invokeAll(Collections.nCopies(8, first));
            for (Future<GenerateDataKeyResponse> each : all) {
                assertThat(each.get().getKeyId()).isEqualTo(all.getFirst().get().getKeyId());
            }
        }
        assertThat(aliases(root)).hasSize(1);
    }

    @Test
    void whatAPrincipalGaveIsGoodForThatServiceAndThoseActions() {
        iam.send(OTHER_ROOT, put("kim", allow("kms:*", "*")));
        Metadata all = forward(token(KIM, "s3.amazonaws.com"));
        Metadata reading = forward(token(KIM, "s3.amazonaws.com", "kms:Decrypt"));

        GenerateDataKeyResponse data = through(S3, all, dataKey(ALIAS));
        assertThat(data.getKeyId()).contains(":111122223333:key/");
        DecryptRequest.Builder decrypt =
                DecryptRequest.newBuilder().setCiphertextBlob(data.getCiphertextBlob());
        through(S3, reading, decrypt);
        assertThat(refused(S3, reading, dataKey(ALIAS)).text())
                .isEqualTo(
                        "s3.amazonaws.com may not do kms:GenerateDataKey for %s: what it was given is good for kms:Decrypt."
                                .formatted(KIM));
        assertThat(refused(SNS, all, decrypt).text()).contains("given to another service");
        assertThat(refused(S3, all, ListKeysRequest.newBuilder()).name())
                .isEqualTo("AccessDeniedException");
        iam.send(
                OTHER_ROOT,
                DeleteUserPolicyRequest.newBuilder().setUserName("kim").setPolicyName("inline"));
        iam.send(OTHER_ROOT, Iam.deleteUser("kim"));
        assertThat(refused(S3, all, decrypt).name()).isEqualTo("UnrecognizedClientException");
    }

    /** Neither directly nor from elsewhere: a grant goes no further than the key's policy. */
    @Test
    void aGrantOpensItForItsServiceAndForNobodyPastIt() {
        Metadata granting = forward(token(ROOT, S3_NAME, "kms:CreateGrant"));
        GenerateDataKeyResponse data = asserted(ROOT, dataKey(ALIAS));
        DecryptRequest.Builder decrypt =
                DecryptRequest.newBuilder()
                        .setKeyId(data.getKeyId())
                        .setCiphertextBlob(data.getCiphertextBlob());

        for (CreateGrantRequest.Builder foreign :
                List.of(
                        grant().setGranteePrincipal(OTHER_ROOT),
                        grant().setGranteePrincipal(KIM),
                        grant().setGranteePrincipal(ALICE)
                                .clearRetiringServicePrincipal()
                                .setRetiringPrincipal(OTHER_ROOT),
                        grant().setGranteeServicePrincipal("sns.amazonaws.com"))) {
            Refusal refusal = refused(S3, granting, foreign);
            assertThat(refusal.name()).isEqualTo("ValidationException");
            assertThat(refusal.text()).contains("of a key of s3.amazonaws.com is for it, or for");
        }
        through(S3, granting, grant().setGranteePrincipal(ALICE));
        through(S3, granting, grant().setGranteePrincipal(ROOT));
        assertThat(iam.denied(ALICE, decrypt)).contains("kms:Decrypt");
        assertThat(iam.denied(ROOT, decrypt)).contains("kms:Decrypt");
        assertThat(refused(S3, new Metadata(), decrypt).name()).isEqualTo("AccessDeniedException");

        CreateGrantResponse given =
                through(S3, granting, grant().setGranteeServicePrincipal(S3_NAME));
        through(S3, BUCKET, decrypt);
        assertThat(refused(SNS, BUCKET, decrypt).name()).isEqualTo("AccessDeniedException");
        assertThat(iam.denied(ROOT, decrypt.addGrantTokens(given.getGrantToken())))
                .contains("kms:Decrypt");
        assertThat(iam.denied(OTHER_ROOT, decrypt)).contains("kms:Decrypt");

        iam.send(ROOT, RetireGrantRequest.newBuilder().setGrantToken(given.getGrantToken()));
        assertThat(refused(S3, BUCKET, decrypt.clearGrantTokens()).name())
                .isEqualTo("AccessDeniedException");
    }

    /** What lasts longer than the token must be asked for. */
    @Test
    void aTokenIsForNoGrantsUnlessItSaysSo() {
        Metadata usual = forward(token(ROOT, S3_NAME));

        assertThat(refused(S3, usual, grant().setGranteePrincipal(ALICE)).text())
                .startsWith("s3.amazonaws.com may not do kms:CreateGrant for " + ROOT)
                .contains("is good for kms:Decrypt, kms:DescribeKey, kms:Encrypt, ");
    }

    private static CreateGrantRequest.Builder grant() {
        return CreateGrantRequest.newBuilder()
                .setKeyId(made.getKeyId())
                .setRetiringServicePrincipal(S3_NAME)
                .setConstraints(GrantConstraints.newBuilder().setSourceArn("arn:aws:s3:::a"))
                .addOperations(GrantOperation.Value.Decrypt);
    }

    @Test
    void nobodyActsForOthersWhoMayNot() {
        DecryptRequest.Builder decrypt =
                DecryptRequest.newBuilder().setCiphertextBlob(made.getCiphertextBlob());
        Metadata alice = onBehalfOf(ALICE);
        Metadata kim = onBehalfOf(KIM);
        Metadata both = onBehalfOf(ALICE);
        both.merge(forward(token(ROOT, "s3.amazonaws.com")));

        assertThat(refused(S3, kim, dataKey(ALIAS)).text())
                .contains("may not say so of account 111122223333");
        assertThat(refused(SNS, alice, dataKey(ALIAS)).text()).contains("may not say so");
        assertThat(refused(ALICE, alice, dataKey(ALIAS)).text())
                .contains("only a declared service");
        assertThat(refused(ROOT, alice, dataKey(ALIAS)).text()).contains("only a declared service");
        assertThat(refused(S3, both, dataKey(ALIAS)).text()).contains("says it already");
        assertThat(refused(S3, forward("AAAA"), dataKey(ALIAS)).text())
                .contains("this daemon did not make it");
        assertThat(refused(S3, onBehalfOf("bob"), dataKey(ALIAS)).text())
                .contains("not the ARN of a principal");
        assertThat(refused(S3, onBehalfOf(ALICE.replace("aws", "aws-cn")), dataKey(ALIAS)).text())
                .contains("not the ARN of a principal in partition aws.");
        assertThat(refused(S3, Principals.metadata("keyhold-onbehalf-of", ALICE), decrypt).text())
                .isEqualTo("keyhold-onbehalf-of is refused: it means nothing here.");
        assertThat(refused(S3, alice, dataKey("alias/aws/sns")).name())
                .isEqualTo("NotFoundException");
        alice.merge(BUCKET);
        assertThat(refused(S3, alice, decrypt).text())
                .isEqualTo(
                        "keyhold-source-arn is refused: the service calls for the principal that it"
                                + " has named.");
    }

    private static Refusal forwarded(String principal, Message.Builder request) {
        return refused(S3, forward(token(principal, "s3.amazonaws.com")), request);
    }

    private static String token(String principal, String service, String... actions) {
        GetForwardAccessTokenResponse answer =
                iam.ask(
                        principal,
                        GetForwardAccessTokenRequest.newBuilder()
                                .setServicePrincipal(service)
                                .addAllActions(List.of(actions)));
        return answer.getForwardAccessToken();
    }

    private static <R extends Message> R asserted(String principal, Message.Builder request) {
        return through(S3, onBehalfOf(principal), request);
    }

    @SuppressWarnings("unchecked") // the caller knows the type of the answer
    private static <R extends Message> R through(
            String service, Metadata headers, Message.Builder request) {
        Message message = request.build();
        return (R) principals.as(service).callWith(headers, Rpc.taking(message), message);
    }

    private static Refusal refused(String who, Metadata headers, Message.Builder request) {
        return Refusal.of(() -> through(who, headers, request));
    }

    private static Metadata onBehalfOf(String principal) {
        return Principals.metadata("keyhold-on-behalf-of", principal);
    }

    private static Metadata forward(String token) {
        return Principals.metadata("keyhold-forward-access", token);
    }

    private static List<AliasListEntry> aliases(String account) {
        ListAliasesResponse list = iam.ask(account, ListAliasesRequest.newBuilder());
        return list.getAliasesList();
    }

    private static GenerateDataKeyRequest.Builder dataKey(String key) {
        return GenerateDataKeyRequest.newBuilder().setKeyId(key).setNumberOfBytes(32);
    }

    private static EncryptRequest.Builder encrypt(String key) {
        return EncryptRequest.newBuilder().setKeyId(key).setPlaintext(ByteString.copyFromUtf8("x"));
    }
}
