package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.trust;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.User;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** The AWS SDK's client of IAM, unmodified: what a test of KMS has to set up. */
final class AwsIamIT {

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static AwsUser admin;
    private static IamClient iam;

    @BeforeAll
    static void connect() {
        admin = AwsUser.create(one, "admin", "*");
        iam = client(admin, Region.AWS_GLOBAL);
    }

    @AfterAll
    static void close() {
        iam.close();
    }

    @Test
    void aUserComesWithAnAccessKeyAndGoes() {
        User made =
                iam.createUser(
                                r ->
                                        r.userName("bob")
                                                .path("/team/")
                                                .tags(tag("a", "1"), tag("b", "+ /\u00e9")))
                        .user();
        AccessKey key = iam.createAccessKey(r -> r.userName("bob")).accessKey();
        iam.putUserPolicy(
                r ->
                        r.userName("bob")
                                .policyName("list")
                                .policyDocument(allow("kms:ListKeys", "*")));

        assertThat(made.arn()).isEqualTo("arn:aws:iam::123456789012:user/team/bob");
        assertThat(made.createDate()).isBeforeOrEqualTo(Instant.now());
        assertThat(iam.getUser(r -> r.userName("bob")).user().tags())
                .containsExactlyInAnyOrder(tag("a", "1"), tag("b", "+ /\u00e9"));
        assertThat(iam.listUsers(r -> r.pathPrefix("/team/")).users())
                .extracting(User::userName)
                .containsExactly("bob");
        try (KmsClient kms =
                new AwsUser(admin.endpoint(), "bob", key.accessKeyId(), key.secretAccessKey())
                        .client()) {
            assertThat(kms.listKeys().hasKeys()).isTrue();
            iam.updateAccessKey(
                    r ->
                            r.userName("bob")
                                    .accessKeyId(key.accessKeyId())
                                    .status(StatusType.INACTIVE));
            assertThat(catchThrowableOfType(KmsException.class, kms::listKeys))
                    .hasMessageContaining("security token included in the request is invalid");
        }
        assertThat(iam.listAccessKeys(r -> r.userName("bob")).accessKeyMetadata())
                .singleElement()
                .matches(each -> each.status() == StatusType.INACTIVE);

        catchThrowableOfType(
                DeleteConflictException.class, () -> iam.deleteUser(r -> r.userName("bob")));
        iam.deleteAccessKey(r -> r.userName("bob").accessKeyId(key.accessKeyId()));
        iam.deleteUserPolicy(r -> r.userName("bob").policyName("list"));
        iam.deleteUser(r -> r.userName("bob"));
        assertThat(missing("bob").statusCode()).isEqualTo(404);
    }

    @Test
    void policiesComeBackEncodedAsIamGivesThem() {
        String document = allow("kms:*", "*");
        String trust = trust("arn:aws:iam::123456789012:root");
        Role role =
                iam.createRole(
                                r ->
                                        r.roleName("worker")
                                                .assumeRolePolicyDocument(trust)
                                                .description("one\r\ntwo\t\u00e9")
                                                .maxSessionDuration(7200))
                        .role();
        String policy =
                iam.createPolicy(
                                r ->
                                        r.policyName("everything")
                                                .policyDocument(document)
                                                .description("<&>\"'"))
                        .policy()
                        .arn();
        iam.attachRolePolicy(r -> r.roleName("worker").policyArn(policy));
        assertThat(iam.getPolicy(r -> r.policyArn(policy)).policy().description())
                .isEqualTo("<&>\"'");
        iam.putRolePolicy(r -> r.roleName("worker").policyName("inline").policyDocument(document));

        assertThat(decoded(role.assumeRolePolicyDocument())).isEqualTo(trust);
        Role found = iam.getRole(r -> r.roleName("worker")).role();
        assertThat(found.description()).isEqualTo("one\r\ntwo\t\u00e9");
        assertThat(found.maxSessionDuration()).isEqualTo(7200);
        assertThat(
                        decoded(
                                iam.getRolePolicy(r -> r.roleName("worker").policyName("inline"))
                                        .policyDocument()))
                .isEqualTo(document);
        assertThat(
                        decoded(
                                iam.getPolicyVersion(r -> r.policyArn(policy).versionId("v1"))
                                        .policyVersion()
                                        .document()))
                .isEqualTo(document);
        assertThat(iam.listAttachedRolePolicies(r -> r.roleName("worker")).attachedPolicies())
                .singleElement()
                .matches(each -> each.policyArn().equals(policy));
        assertThat(iam.listRolePolicies(r -> r.roleName("worker")).policyNames())
                .containsExactly("inline");
    }

    @Test
    void listsArePaged() {
        for (int i = 0; i < 5; i++) {
            String name = "group" + i;
            iam.createGroup(r -> r.groupName(name));
        }
        iam.addUserToGroup(r -> r.groupName("group3").userName("admin"));

        assertThat(iam.listGroupsPaginator(r -> r.maxItems(2)).groups().stream())
                .extracting(group -> group.groupName())
                .containsExactly("group0", "group1", "group2", "group3", "group4");
        assertThat(iam.listGroupsForUser(r -> r.userName("admin")).groups()).hasSize(1);
        assertThat(iam.listUserTags(r -> r.userName("admin")).tags()).isEmpty();
    }

    @Test
    void errorsAreTheSdksOwn() {
        assertThat(missing("nobody").awsErrorDetails().errorMessage()).contains("nobody");
        EntityAlreadyExistsException twice =
                catchThrowableOfType(
                        EntityAlreadyExistsException.class,
                        () -> iam.createUser(r -> r.userName("admin")));
        assertThat(twice.statusCode()).isEqualTo(409);
        assertThat(twice.requestId()).matches("[0-9a-f-]{36}");
        catchThrowableOfType(
                MalformedPolicyDocumentException.class,
                () ->
                        iam.putUserPolicy(
                                r -> r.userName("admin").policyName("p").policyDocument("{")));
    }

    @ParameterizedTest
    @CsvSource({"kms:*, AccessDenied, 403", "*, SignatureDoesNotMatch, 403"})
    void whoMayNotIsTold(String action, String code, int status) {
        AwsUser user = AwsUser.create(one, "user-" + code, action);
        AwsUser asked = code.equals("AccessDenied") ? user : user.withSecret("0".repeat(40));
        try (IamClient client = client(asked, Region.US_EAST_1)) {
            IamException refused =
                    catchThrowableOfType(IamException.class, () -> client.listUsers());
            assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(refused.statusCode()).isEqualTo(status);
        }
    }

    /** IAM is a global service: its clients sign for the Region that they are in. */
    @Test
    void everyRegionWillDo() {
        try (IamClient client = client(admin, Region.EU_WEST_1)) {
            assertThat(client.getUser(r -> r.userName("admin")).user().userName())
                    .isEqualTo("admin");
        }
    }

    private static NoSuchEntityException missing(String user) {
        return catchThrowableOfType(
                NoSuchEntityException.class, () -> iam.getUser(r -> r.userName(user)));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static String decoded(String document) {
        return URLDecoder.decode(document, StandardCharsets.UTF_8);
    }

    private static IamClient client(AwsUser user, Region region) {
        return IamClient.builder()
                .endpointOverride(user.endpoint())
                .region(region)
                .credentialsProvider(user.credentials())
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }
}
