package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.createRole;
import static io.keyhold.e2e.Iam.putRole;
import static io.keyhold.e2e.Iam.trust;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import tools.jackson.databind.JsonNode;

/** The AWS SDK's client of STS, unmodified, and temporary credentials at work. */
final class AwsStsIT {

    private static final String ROLE = "arn:aws:iam::123456789012:role/worker";

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static AwsUser user;
    private static StsClient sts;

    @BeforeAll
    static void connect() {
        user = AwsUser.create(one, "user", "*");
        sts = sts(user.credentials());
        Request.of(createRole("worker", trust(user.arn()))).send(one.client());
        Request.of(putRole("worker", allow("kms:CreateKey", "*"))).send(one.client());
    }

    @AfterAll
    static void close() {
        sts.close();
    }

    @Test
    void itSaysWhoCalls() {
        GetCallerIdentityResponse caller = sts.getCallerIdentity();

        assertThat(caller.arn()).isEqualTo(user.arn());
        assertThat(caller.account()).isEqualTo("123456789012");
        assertThat(caller.userId()).matches("AIDA[A-Z2-7]{17}");
    }

    @Test
    void aRolesSessionMayDoWhatTheRoleMay() {
        try (StsAssumeRoleCredentialsProvider role =
                        StsAssumeRoleCredentialsProvider.builder()
                                .stsClient(sts)
                                .refreshRequest(r -> r.roleArn(ROLE).roleSessionName("one"))
                                .build();
                KmsClient kms = kms(role);
                StsClient inside = sts(role)) {
            String key = kms.createKey().keyMetadata().keyId();

            assertThat(refused(() -> kms.describeKey(r -> r.keyId(key))))
                    .isEqualTo("AccessDeniedException");
            assertThat(inside.getCallerIdentity().arn())
                    .isEqualTo("arn:aws:sts::123456789012:assumed-role/worker/one");
            JsonNode event = one.home().journal().successes("CreateKey").getLast();
            assertThat(event.at("/userIdentity/type").asString()).isEqualTo("AssumedRole");
            assertThat(event.at("/userIdentity/sessionContext/sessionIssuer/arn").asString())
                    .isEqualTo(ROLE);
        }
    }

    @Test
    void aUsersSessionMayUseKeysAndChangeNoIdentities() {
        Credentials session = sts.getSessionToken(r -> r.durationSeconds(900)).credentials();
        AwsCredentialsProvider temporary = temporary(session);

        assertThat(session.accessKeyId()).matches("ASIA[A-Z2-7]{16}");
        assertThat(session.expiration())
                .isBetween(Instant.now().plusSeconds(600), Instant.now().plusSeconds(901));
        try (KmsClient kms = kms(temporary);
                StsClient inside = sts(temporary);
                IamClient iam = iam(temporary)) {
            assertThat(kms.createKey().keyMetadata().keyId()).isNotEmpty();
            assertThat(inside.getCallerIdentity().arn()).isEqualTo(user.arn());
            assertThat(refused(inside::getSessionToken)).isEqualTo("AccessDenied");
            assertThat(refused(iam::listUsers)).isEqualTo("InvalidClientTokenId");
        }
    }

    @Test
    void onlyAllThreePartsTogetherAreGood() {
        Credentials one = sts.getSessionToken().credentials();
        Credentials other = sts.getSessionToken().credentials();
        String id = one.accessKeyId();
        String secret = one.secretAccessKey();
        String token = one.sessionToken();

        assertThat(listed(temporary(id, secret, token))).isEmpty();
        assertThat(listed(temporary(id, secret, other.sessionToken())))
                .isEqualTo("UnrecognizedClientException");
        assertThat(listed(temporary(other.accessKeyId(), secret, token)))
                .isEqualTo("UnrecognizedClientException");
        assertThat(listed(temporary(id, other.secretAccessKey(), token)))
                .isEqualTo("InvalidSignatureException");
        assertThat(listed(temporary(id, secret, token.substring(4))))
                .isEqualTo("UnrecognizedClientException");
        assertThat(listed(new AwsUser(user.endpoint(), "", id, secret).credentials()))
                .isEqualTo("UnrecognizedClientException");
    }

    @Test
    void whoIsDeletedIsNobodyInHisSessionsToo() {
        AwsUser gone = AwsUser.create(one, "gone", "*");
        try (StsClient client = sts(gone.credentials());
                IamClient iam = iam(user.credentials())) {
            AwsCredentialsProvider temporary = temporary(client.getSessionToken().credentials());
            assertThat(listed(temporary)).isEmpty();
            iam.deleteAccessKey(r -> r.userName("gone").accessKeyId(gone.accessKeyId()));
            iam.listUserPolicies(r -> r.userName("gone"))
                    .policyNames()
                    .forEach(
                            each -> iam.deleteUserPolicy(r -> r.userName("gone").policyName(each)));
            iam.deleteUser(r -> r.userName("gone"));

            assertThat(listed(temporary)).isEqualTo("UnrecognizedClientException");
        }
    }

    /** As whoever proves by a URL who he is to somebody else makes it. */
    @Test
    void aPresignedUrlSaysWhoMadeIt() throws IOException, InterruptedException {
        Credentials session = sts.getSessionToken().credentials();
        URI url = presigned(temporary(session).resolveCredentials());
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("<Arn>" + user.arn() + "</Arn>");

            URI other = URI.create(url.toString().replace("GetCallerIdentity", "GetSessionToken"));
            answer = http.send(HttpRequest.newBuilder(other).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("<Code>SignatureDoesNotMatch</Code>");
        }
    }

    private static URI presigned(AwsCredentialsIdentity who) {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.GET)
                        .uri(user.endpoint())
                        .encodedPath("/")
                        .putRawQueryParameter("Action", "GetCallerIdentity")
                        .putRawQueryParameter("Version", "2011-06-15")
                        .build();
        return AwsV4HttpSigner.create()
                .sign(
                        r ->
                                r.identity(who)
                                        .request(request)
                                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sts")
                                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                                        .putProperty(
                                                AwsV4HttpSigner.AUTH_LOCATION,
                                                AuthLocation.QUERY_STRING)
                                        .putProperty(
                                                AwsV4HttpSigner.EXPIRATION_DURATION,
                                                Duration.ofSeconds(60)))
                .request()
                .getUri();
    }

    private static String listed(AwsCredentialsProvider who) {
        try (KmsClient kms = kms(who)) {
            return refused(kms::listKeys);
        }
    }

    /** The code of the error; empty if there is none. */
    private static String refused(Runnable call) {
        AwsServiceException refused = catchThrowableOfType(AwsServiceException.class, call::run);
        return refused == null ? "" : refused.awsErrorDetails().errorCode();
    }

    private static AwsCredentialsProvider temporary(Credentials session) {
        return temporary(session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
    }

    private static AwsCredentialsProvider temporary(String id, String secret, String token) {
        return StaticCredentialsProvider.create(AwsSessionCredentials.create(id, secret, token));
    }

    private static KmsClient kms(AwsCredentialsProvider who) {
        return KmsClient.builder()
                .endpointOverride(user.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(who)
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static StsClient sts(AwsCredentialsProvider who) {
        return StsClient.builder()
                .endpointOverride(user.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(who)
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static IamClient iam(AwsCredentialsProvider who) {
        return IamClient.builder()
                .endpointOverride(user.endpoint())
                .region(Region.AWS_GLOBAL)
                .credentialsProvider(who)
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }
}
