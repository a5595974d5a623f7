package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.createPolicy;
import static io.keyhold.e2e.Iam.createRole;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.put;
import static io.keyhold.e2e.Iam.putRole;
import static io.keyhold.e2e.Iam.trust;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.keyhold.v1.AssumeRoleRequest;
import io.keyhold.v1.AssumeRoleResponse;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.CreatePolicyResponse;
import io.keyhold.v1.CreateRoleResponse;
import io.keyhold.v1.DeleteRolePolicyRequest;
import io.keyhold.v1.DeleteRoleRequest;
import io.keyhold.v1.DeleteUserRequest;
import io.keyhold.v1.GetCallerIdentityRequest;
import io.keyhold.v1.GetCallerIdentityResponse;
import io.keyhold.v1.GetForwardAccessTokenRequest;
import io.keyhold.v1.GetForwardAccessTokenResponse;
import io.keyhold.v1.PolicyDescriptorType;
import io.keyhold.v1.UpdateAssumeRolePolicyRequest;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Roles are assumed, and their sessions may do what the role may, for whoever assumed it. */
final class AssumeRoleIT {

    private static final String ACCOUNT = "123456789012";
    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String ALICE = "arn:aws:iam::123456789012:user/alice";
    private static final String MALLORY = "arn:aws:iam::123456789012:user/mallory";
    private static final String OTHER_ROOT = "arn:aws:iam::111122223333:root";
    private static final String KIM = "arn:aws:iam::111122223333:user/kim";
    private static final byte[] PLAINTEXT = "assumed".getBytes(UTF_8);
    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("keyhold-session-token", Metadata.ASCII_STRING_MARSHALLER);

    @RegisterExtension static final OneDaemon one = OneDaemon.ofAccounts("111122223333");

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);

    @BeforeAll
    static void makeUsers() {
        iam.send(ROOT, createUser("alice"));
        iam.send(OTHER_ROOT, createUser("kim"));
    }

    @Test
    void aSessionMayDoWhatTheRoleMay() {
        String key = createKey();
        String role = role("worker", trust(ALICE), allow("kms:Encrypt", key));

        AssumeRoleResponse assumed = iam.ask(ALICE, assume(role));

        String session = "arn:aws:sts::123456789012:assumed-role/worker/one";
        assertThat(assumed.getCredentials().getAccessKeyId()).matches("ASIA[A-Z2-7]{16}");
        assertThat(assumed.getCredentials().getSecretAccessKey()).matches("[A-Za-z0-9+/]{40}");
        assertThat(assumed.getAssumedRoleUser().getArn()).isEqualTo(session);
        assertThat(assumed.getAssumedRoleUser().getAssumedRoleId()).matches("AROA[A-Z2-7]{17}:one");
        assertThat(assumed.hasPackedPolicySize()).isFalse();
        iam.denied(ALICE, encrypt(key));
        in(assumed, ALICE, encrypt(key));
        assertThat(refused(assumed, ALICE, encrypt(createKey())).text())
                .contains("User: " + session);
    }

    @Test
    void nobodyElseCanUseTheToken() {
        String key = createKey();
        String role = role("stolen", trust(ALICE), allow("kms:Encrypt", key));
        AssumeRoleResponse assumed = iam.ask(ALICE, assume(role));

        Refusal refusal = refused(assumed, MALLORY, encrypt(key));

        assertThat(refusal.name()).isEqualTo("UnrecognizedClientException");
        assertThat(refusal.text()).contains("issued to somebody else");
    }

    /** The token is for as long as the session by default, and was asked for later. */
    @Test
    void whatASessionGivesToAServiceEndsWithTheSession() {
        String role = role("giver", trust(ALICE), allow("kms:*", "*"));
        AssumeRoleResponse assumed = iam.ask(ALICE, assume(role).setDurationSeconds(900));

        GetForwardAccessTokenResponse given =
                ask(
                        assumed,
                        ALICE,
                        GetForwardAccessTokenRequest.newBuilder()
                                .setServicePrincipal("s3.amazonaws.com")
                                .build());
        assertThat(given.getExpiration()).isEqualTo(assumed.getCredentials().getExpiration());
    }

    @Test
    void sessionPoliciesNarrow() {
        String key = createKey();
        String role = role("narrowed", trust(ALICE), allow("kms:*", key));
        CreatePolicyResponse managed =
                iam.ask(ROOT, createPolicy("encrypting", allow("kms:Encrypt", "*")));
        String arn = managed.getPolicy().getArn();

        AssumeRoleResponse inline =
                iam.ask(ALICE, assume(role).setPolicy(allow("kms:Decrypt", "*")));
        assertThat(refused(inline, ALICE, encrypt(key)).text())
                .endsWith("because no session policy allows the kms:Encrypt action");
        assertThat(inline.getPackedPolicySize()).isBetween(1, 10);
        AssumeRoleResponse both =
                iam.ask(
                        ALICE,
                        assume(role)
                                .setPolicy(allow("kms:Decrypt", "*"))
                                .addPolicyArns(named(arn)));
        in(both, ALICE, encrypt(key));
        AssumeRoleResponse alone = iam.ask(ALICE, assume(role).addPolicyArns(named(arn)));
        in(alone, ALICE, encrypt(key));
        assertThat(refused(alone, ALICE, describe(key)).name()).isEqualTo("AccessDeniedException");
    }

    @Test
    void badSessionPoliciesAreRefused() {
        String role = role("strict", trust(ALICE), allow("kms:*", "*"));
        String elsewhere = "arn:aws:iam::111122223333:policy/elsewhere";
        iam.send(OTHER_ROOT, createPolicy("elsewhere", allow("kms:*", "*")));

        assertThat(
                        iam.refused(
                                "MalformedPolicyDocumentException",
                                ALICE,
                                assume(role).setPolicy("{\"Statement\": {\"Effect\": \"No\"}}")))
                .startsWith("Statement.Effect: ");
        assertThat(
                        iam.refused(
                                "PackedPolicyTooLargeException",
                                ALICE,
                                assume(role).setPolicy(allow("kms:*", "*") + " ".repeat(2048))))
                .contains("the most is 2048");
        assertThat(
                        iam.refused(
                                "ValidationException",
                                ALICE,
                                assume(role).addPolicyArns(named(elsewhere))))
                .contains("account 123456789012 has no managed policy '" + elsewhere + "'");
    }

    @Test
    void aSessionEndsWithItsRole() {
        String key = createKey();
        String role = role("brief", trust(ALICE), allow("kms:Encrypt", key));
        AssumeRoleResponse assumed = iam.ask(ALICE, assume(role));
        in(assumed, ALICE, encrypt(key));

        iam.send(
                ROOT,
                DeleteRolePolicyRequest.newBuilder().setRoleName("brief").setPolicyName("inline"));
        iam.send(ROOT, DeleteRoleRequest.newBuilder().setRoleName("brief"));
        assertThat(refused(assumed, ALICE, encrypt(key)).name())
                .isEqualTo("UnrecognizedClientException");
        role("brief", trust(ALICE), allow("kms:Encrypt", key));
        assertThat(refused(assumed, ALICE, encrypt(key)).name())
                .isEqualTo("UnrecognizedClientException");
    }

    @Test
    void whoeverGetsTheHoldersNameLaterDoesNotGetHisSession() {
        String key = createKey();
        String leo = "arn:aws:iam::" + ACCOUNT + ":user/leo";
        iam.send(ROOT, createUser("leo"));
        String role = role("lent", trust(leo), allow("kms:Encrypt", key));
        AssumeRoleResponse assumed = iam.ask(leo, assume(role));
        in(assumed, leo, encrypt(key));

        iam.send(ROOT, DeleteUserRequest.newBuilder().setUserName("leo"));
        iam.send(ROOT, createUser("leo"));

        Refusal refusal = refused(assumed, leo, encrypt(key));
        assertThat(refusal.name()).isEqualTo("UnrecognizedClientException");
        assertThat(refusal.text()).contains("no longer the " + leo + " that it was issued to");
    }

    @Test
    void aKeyPolicyNamesTheRoleOrOneSession() {
        String role = role("named", trust(ALICE), allow("s3:*", "*"));
        AssumeRoleResponse assumed = iam.ask(ALICE, assume(role));
        AssumeRoleResponse other = iam.ask(ALICE, assume(role).setRoleSessionName("two"));
        String ofRole = createKey(role);
        String ofSession = createKey("arn:aws:sts::123456789012:assumed-role/named/one");

        in(assumed, ALICE, encrypt(ofRole));
        in(other, ALICE, encrypt(ofRole));
        in(assumed, ALICE, encrypt(ofSession));
        assertThat(refused(other, ALICE, encrypt(ofSession)).name())
                .isEqualTo("AccessDeniedException");
    }

    @Test
    void whomTheTrustPolicyLeavesToTheAccountNeedsAnIdentityPolicyToo() {
        String role = role("left", trust(ROOT), allow("kms:*", "*"));
        String bea = "arn:aws:iam::" + ACCOUNT + ":user/bea";
        iam.send(ROOT, createUser("bea"));

        String refusal = iam.denied(bea, assume(role));
        assertThat(refusal)
                .isEqualTo(
                        "User: "
                                + bea
                                + " is not authorized to perform: sts:AssumeRole on resource: "
                                + role);
        String unknown = role.replace("left", "gone");
        assertThat(iam.denied(bea, assume(unknown))).isEqualTo(refusal.replace(role, unknown));
        iam.send(ROOT, put("bea", allow("sts:AssumeRole", role)));
        iam.send(bea, assume(role));
        iam.denied(bea, assume(unknown));
        assertThat(iam.denied(ROOT, assume(role)))
                .isEqualTo("Roles may not be assumed by root accounts.");
    }

    @Test
    void acrossAccountsBothMustAllow() {
        String role = role("shared", trust(ROOT), allow("kms:*", "*"));
        iam.denied(KIM, assume(role));
        iam.send(OTHER_ROOT, put("kim", allow("sts:AssumeRole", role)));
        iam.denied(KIM, assume(role));

        iam.send(
                ROOT,
                UpdateAssumeRolePolicyRequest.newBuilder()
                        .setRoleName("shared")
                        .setPolicyDocument(trust(KIM)));
        String key = createKey();
        AssumeRoleResponse assumed = iam.ask(KIM, assume(role));
        in(assumed, KIM, encrypt(key));
        iam.send(OTHER_ROOT, put("kim", allow("sts:GetCallerIdentity", "*")));
        iam.denied(KIM, assume(role));
    }

    @Test
    void theTrustPolicyAsksForWhatTheRequestHas() {
        String conditions =
                """
                {"StringEquals": {"sts:ExternalId": "4711", "sts:RoleSessionName": "one"},
                 "NumericLessThanEquals": {"sts:DurationSeconds": "1800"}}
                """;
        String trusting =
                trust(ALICE)
                        .replace(
                                "\"sts:AssumeRole\"",
                                "\"sts:AssumeRole\", \"Condition\": " + conditions);
        String role = role("careful", trusting, allow("kms:*", "*"));
        AssumeRoleRequest.Builder good = assume(role).setExternalId("4711").setDurationSeconds(900);

        iam.send(ALICE, good);
        iam.denied(ALICE, good.clone().setExternalId("4712"));
        iam.denied(ALICE, good.clone().clearExternalId());
        iam.denied(ALICE, good.clone().setRoleSessionName("two"));
        iam.denied(ALICE, good.clone().setDurationSeconds(1801));
        iam.denied(ALICE, good.clone().clearDurationSeconds());
    }

    @Test
    void aSessionLastsAsLongAsTheRoleAllows() {
        String role = role("lasting", trust(ALICE), allow("sts:AssumeRole", "*"));

        AssumeRoleResponse assumed = iam.ask(ALICE, assume(role).setDurationSeconds(900));
        long seconds =
                assumed.getCredentials().getExpiration().getSeconds()
                        - System.currentTimeMillis() / 1000;
        assertThat(seconds).isBetween(600L, 901L);
        assertThat(iam.refused("ValidationException", ALICE, assume(role).setDurationSeconds(3601)))
                .contains("exceeds the MaxSessionDuration");
        assertThat(iam.refused("ValidationException", ALICE, assume(role).setDurationSeconds(899)))
                .contains("greater than or equal to 900");
        iam.refused("ValidationException", ALICE, assume(ALICE));
    }

    @Test
    void aSessionAssumesAnotherRoleForTheSamePerson() {
        String key = createKey();
        String first = role("first", trust(ALICE), allow("kms:Decrypt", "*"));
        String second = role("second", trust(first), allow("kms:Encrypt", key));
        CreateRoleResponse lasting =
                iam.ask(ROOT, createRole("third", trust(first)).setMaxSessionDuration(7200));
        AssumeRoleResponse assumed = iam.ask(ALICE, assume(first));

        iam.denied(ALICE, assume(second));
        AssumeRoleResponse chained = ask(assumed, ALICE, assume(second).build());
        in(chained, ALICE, encrypt(key));
        assertThat(refused(chained, MALLORY, encrypt(key)).name())
                .isEqualTo("UnrecognizedClientException");
        assertThat(
                        refused(
                                        assumed,
                                        ALICE,
                                        assume(lasting.getRole().getArn()).setDurationSeconds(7200))
                                .text())
                .contains("role chaining");
    }

    @Test
    void everybodyMayAskWhoTheyAre() {
        String role = role("asking", trust(ALICE), Iam.deny("sts:*", "*"));
        AssumeRoleResponse assumed = iam.ask(ALICE, assume(role));

        GetCallerIdentityResponse session =
                ask(assumed, ALICE, GetCallerIdentityRequest.getDefaultInstance());
        assertThat(session.getArn()).endsWith(":assumed-role/asking/one");
        assertThat(session.getUserId()).isEqualTo(assumed.getAssumedRoleUser().getAssumedRoleId());
        assertThat(session.getAccount()).isEqualTo(ACCOUNT);
        GetCallerIdentityResponse root = iam.ask(ROOT, GetCallerIdentityRequest.newBuilder());
        assertThat(root.getUserId()).isEqualTo(ACCOUNT);
        GetCallerIdentityResponse mallory = iam.ask(MALLORY, GetCallerIdentityRequest.newBuilder());
        assertThat(mallory)
                .isEqualTo(
                        GetCallerIdentityResponse.newBuilder()
                                .setArn(MALLORY)
                                .setAccount(ACCOUNT)
                                .build());
    }

    @Test
    void theJournalNamesTheSessionAndHasNoSecret() {
        String key = createKey();
        String role = role("audited", trust(ALICE), allow("kms:Encrypt", key));
        AssumeRoleResponse assumed = iam.ask(ALICE, assume(role));
        in(assumed, ALICE, encrypt(key));

        JsonNode issued = one.home().journal().successes("AssumeRole").getLast();
        assertThat(issued.path("eventSource").asString()).isEqualTo("sts.amazonaws.com");
        assertThat(issued.path("readOnly").asBoolean()).isTrue();
        assertThat(issued.at("/userIdentity/principalId").asString()).matches("AIDA[A-Z2-7]{17}");
        assertThat(issued.at("/userIdentity/userName").asString()).isEqualTo("alice");
        JsonNode shown = issued.path("responseElements").path("credentials");
        assertThat(shown.propertyNames()).containsExactly("accessKeyId", "expiration");
        JsonNode used = one.home().journal().successes("Encrypt").getLast();
        JsonNode who = used.path("userIdentity");
        assertThat(who.path("type").asString()).isEqualTo("AssumedRole");
        String id = assumed.getAssumedRoleUser().getAssumedRoleId();
        assertThat(who.path("principalId").asString()).isEqualTo(id);
        assertThat(who.at("/sessionContext/sessionIssuer/principalId").asString() + ":one")
                .isEqualTo(id);
        assertThat(who.path("sessionContext").path("sessionIssuer").path("arn").asString())
                .isEqualTo(role);
        assertThat(used.path("additionalEventData").path("sessionHolder").asString())
                .isEqualTo(ALICE);
        String everything =
                Commands.text(one.home().path("audit/journal.jsonl")) + one.daemon().log();
        assertThat(everything)
                .doesNotContain(assumed.getCredentials().getSecretAccessKey())
                .doesNotContain(assumed.getCredentials().getSessionToken());
    }

    private static String role(String name, String trust, String policy) {
        CreateRoleResponse made = iam.ask(ROOT, createRole(name, trust));
        iam.send(ROOT, putRole(name, policy));
        return made.getRole().getArn();
    }

    private static AssumeRoleRequest.Builder assume(String role) {
        return AssumeRoleRequest.newBuilder().setRoleArn(role).setRoleSessionName("one");
    }

    private static PolicyDescriptorType named(String policy) {
        return PolicyDescriptorType.newBuilder().setArn(policy).build();
    }

    private static String createKey() {
        CreateKeyResponse made = iam.ask(ROOT, CreateKeyRequest.newBuilder());
        return made.getKeyMetadata().getArn();
    }

    /** A key that its account administers, and somebody uses. */
    private static String createKey(String user) {
        String policy =
                """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:*",
                   "Resource": "*"},
                  {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:Encrypt",
                   "Resource": "*"}]}
                """
                        .formatted(ROOT, user);
        CreateKeyResponse made = iam.ask(ROOT, CreateKeyRequest.newBuilder().setPolicy(policy));
        return made.getKeyMetadata().getArn();
    }

    private static Message.Builder encrypt(String key) {
        return Client.encryptRequest(key, PLAINTEXT, Map.of()).toBuilder();
    }

    private static Message.Builder describe(String key) {
        return io.keyhold.v1.DescribeKeyRequest.newBuilder().setKeyId(key);
    }

    /** Sends a request with the credentials of a session. */
    private static void in(AssumeRoleResponse session, String holder, Message.Builder request) {
        ask(session, holder, request.build());
    }

    private static Refusal refused(
            AssumeRoleResponse session, String holder, Message.Builder request) {
        return Refusal.of(() -> in(session, holder, request));
    }

    @SuppressWarnings("unchecked") // the caller knows what is answered
    private static <R extends Message> R ask(
            AssumeRoleResponse session, String holder, Message request) {
        Metadata headers = new Metadata();
        headers.put(TOKEN, session.getCredentials().getSessionToken());
        return (R) principals.as(holder).callWith(headers, Rpc.taking(request), request);
    }
}
