package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.deny;
import static io.keyhold.e2e.Iam.policyOf;
import static io.keyhold.e2e.Iam.put;
import static io.keyhold.e2e.Iam.statement;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyPolicyResponse;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListKeyPoliciesRequest;
import io.keyhold.v1.ListKeyPoliciesResponse;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import io.keyhold.v1.Tag;
import io.keyhold.v1.TagResourceRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a key policy and an IAM policy differ in, and the rules of both; a test is a cell. That both
 * must agree across accounts is in {@link IdentityPoliciesIT}, AWS's examples of key policies are
 * in {@link KeyPolicyIT} and {@link ServicePrincipalIT}.
 */
final class KeyPolicyAndIamPolicyIT {

    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String KEYS = "arn:aws:kms:us-east-1:123456789012:key/*";
    private static final String NO_IDENTITY = "because no identity-based policy allows the ";
    private static final String NO_RESOURCE = "because no resource-based policy allows the ";
    private static final String MALFORMED = "MalformedPolicyDocumentException";

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);

    @Test
    @DisplayName("Required | key policy | yes: a key without one gets the default policy")
    void requiredKeyPolicyYes() {
        GetKeyPolicyResponse read = iam.ask(ROOT, GetKeyPolicyRequest.newBuilder().setKeyId(key()));
        assertThat(read.getPolicy()).contains("key-default-1", "\"" + ROOT + "\"", "kms:*");
        iam.refused("ValidationException", ROOT, policy(key(), ""));
        iam.refused("ValidationException", ROOT, CreateKeyRequest.newBuilder().setPolicy(""));
    }

    @Test
    @DisplayName("Required | IAM policy | optional: a key policy that names the user is enough")
    void requiredIamPolicyOptional() {
        String user = user("optional");
        String key = key(statement(ROOT, "kms:*"), statement(user, "kms:Encrypt"));
        iam.send(user, encrypt(key));
    }

    @Test
    @DisplayName("Scope | key policy | Regional: it reaches no call in another Region")
    void scopeKeyPolicyRegional() {
        String user = user("regional");
        String key = key(statement(ROOT, "kms:*"), statement(user, "kms:*"));
        Request<?> request = Request.of(encrypt(key));
        Client client = principals.as(user);
        client.callIn("us-east-1", request);
        assertThat(Refusal.of(() -> client.callIn("eu-west-1", request)))
                .isEqualTo(
                        new Refusal(
                                "ValidationException",
                                "Region 'eu-west-1' is not served here; served is us-east-1."));
        iam.refused("NotFoundException", user, encrypt(key.replace("us-east-1", "eu-west-1")));
    }

    @Test
    @DisplayName("Scope | IAM policy | global: neither it nor its user is of a Region")
    void scopeIamPolicyGlobal() {
        String key = key();
        String user = user("global", allow("kms:Encrypt", key.replace("us-east-1", "*")));
        assertThat(user).startsWith("arn:aws:iam::123456789012:");
        iam.send(user, encrypt(key));
        iam.send(ROOT, put("global", allow("kms:Encrypt", key.replace("us-east-1", "eu-*"))));
        assertThat(iam.denied(user, encrypt(key))).contains(NO_IDENTITY);
    }

    @Test
    @DisplayName("Target | key policy | a single key, whatever its Resource says")
    void targetKeyPolicyASingleKey() {
        String user = user("single");
        String other = key();
        String all = statement(user, "kms:Encrypt");
        String another = all.replace("\"*\"", "[\"*\", \"" + other + "\"]");
        iam.send(user, encrypt(key(statement(ROOT, "kms:*"), another)));
        assertThat(iam.denied(user, encrypt(other))).contains(NO_IDENTITY);
    }

    @Test
    @DisplayName("Target | IAM policy | multiple keys")
    void targetIamPolicyMultipleKeys() {
        String first = key();
        String second = key();
        String user = user("multiple", allow("kms:Encrypt", first));
        iam.send(ROOT, put("multiple", "more", allow("kms:Encrypt", second)));
        iam.send(user, encrypt(first));
        iam.send(user, encrypt(second));
        assertThat(iam.denied(user, encrypt(key()))).contains(NO_IDENTITY);
        iam.send(ROOT, put("multiple", allow("kms:Encrypt", KEYS)));
        iam.send(user, encrypt(key()));
    }

    @Test
    @DisplayName("Priority | key policy | higher: without its consent an IAM policy allows nothing")
    void priorityKeyPolicyHigher() {
        String user = user("useless", allow("*", "*"));
        String key = key(statement(ROOT.replace("root", "user/else"), "kms:*"));
        assertThat(iam.denied(user, encrypt(key))).contains(NO_RESOURCE);
        assertThat(iam.denied(user, DescribeKeyRequest.newBuilder().setKeyId(key)))
                .contains(NO_RESOURCE);
    }

    @Test
    @DisplayName("Priority | IAM policy | dependent: it counts while the key policy enables it")
    void priorityIamPolicyDependent() {
        String key = key();
        String user = user("dependent");
        assertThat(iam.denied(user, encrypt(key))).contains(NO_IDENTITY);
        iam.send(ROOT, put("dependent", allow("kms:Encrypt", key)));
        iam.send(user, encrypt(key));
        iam.send(ROOT, policy(key, policyOf(statement(ROOT, "kms:PutKeyPolicy"))));
        assertThat(iam.denied(user, encrypt(key))).contains(NO_RESOURCE);
        iam.send(ROOT, policy(key, policyOf(statement(ROOT, "kms:*"))));
        iam.send(user, encrypt(key));
    }

    @Test
    @DisplayName("Explicit deny | key policy | wins over what the IAM policy allows")
    void explicitDenyKeyPolicyWins() {
        String user = user("forbidden", allow("kms:*", "*"));
        String deny = statement(user, "kms:Encrypt").replace("Allow", "Deny");
        String key = key(statement(ROOT, "kms:*"), deny);
        iam.send(user, DescribeKeyRequest.newBuilder().setKeyId(key));
        assertThat(iam.denied(user, encrypt(key)))
                .endsWith("with an explicit deny in a resource-based policy");
    }

    @Test
    @DisplayName("Explicit deny | IAM policy | wins over what the key policy allows")
    void explicitDenyIamPolicyWins() {
        String user = user("denied");
        String key = key(statement(ROOT, "kms:*"), statement(user, "kms:*"));
        iam.send(user, encrypt(key));
        iam.send(ROOT, put("denied", deny("kms:Encrypt", key)));
        iam.send(user, DescribeKeyRequest.newBuilder().setKeyId(key));
        assertThat(iam.denied(user, encrypt(key)))
                .endsWith("with an explicit deny in an identity-based policy");
    }

    @Test
    @DisplayName("Resource of an IAM policy | key ARN | works, however the request names the key")
    void resourceKeyArnWorks() {
        String key = key();
        String user = user("arn", allow("kms:Encrypt", key));
        iam.send(ROOT, alias("alias/by-arn", key));
        for (String name : List.of(key, id(key), "alias/by-arn", aliasArn("alias/by-arn"))) {
            iam.send(user, encrypt(name));
        }
    }

    @Test
    @DisplayName("Resource of an IAM policy | key ID | refused")
    void resourceKeyIdRefused() {
        String user = user("id");
        assertRefusedResource(user, id(key()));
    }

    @Test
    @DisplayName("Resource of an IAM policy | alias name | refused")
    void resourceAliasNameRefused() {
        String user = user("name");
        iam.send(ROOT, alias("alias/by-name", key()));
        assertRefusedResource(user, "alias/by-name");
    }

    @Test
    @DisplayName("Resource of an IAM policy | alias ARN | stands for the alias, not for its key")
    void resourceAliasArnIsNotTheKey() {
        String key = key();
        iam.send(ROOT, alias("alias/by-alias", key));
        String user = user("alias", allow("kms:*", aliasArn("alias/by-alias")));
        for (String name : List.of(key, "alias/by-alias", aliasArn("alias/by-alias"))) {
            assertThat(iam.denied(user, encrypt(name))).contains(NO_IDENTITY);
        }
    }

    @Test
    @DisplayName("Resource \"*\" | CreateKey | required")
    void starCreateKeyRequired() {
        assertNeedsTheStar("CreateKey", CreateKeyRequest.newBuilder());
    }

    @Test
    @DisplayName("Resource \"*\" | ListKeys | required")
    void starListKeysRequired() {
        assertNeedsTheStar("ListKeys", ListKeysRequest.newBuilder());
    }

    @Test
    @DisplayName("Resource \"*\" | ListAliases | required")
    void starListAliasesRequired() {
        assertNeedsTheStar("ListAliases", ListAliasesRequest.newBuilder());
    }

    @Test
    @DisplayName("Resource \"*\" | CreateAlias | works; so do the ARNs of alias and key together")
    void starCreateAliasWorks() {
        String key = key();
        String user = user("names", allow("kms:CreateAlias", "*"));
        iam.send(user, alias("alias/by-star", key));
        iam.send(ROOT, put("names", allow("kms:CreateAlias", key)));
        assertThat(iam.denied(user, alias("alias/by-arns", key))).contains(NO_IDENTITY);
        iam.send(ROOT, put("names", "alias", allow("kms:CreateAlias", aliasArn("alias/by-arns"))));
        iam.send(user, alias("alias/by-arns", key));
    }

    @Test
    @DisplayName("Access | how many policies | exactly one per key")
    void accessExactlyOnePolicyPerKey() {
        String user = user("first");
        String key = key(statement(ROOT, "kms:*"), statement(user, "kms:Encrypt"));
        iam.send(user, encrypt(key));
        PutKeyPolicyRequest.Builder next = policy(key, policyOf(statement(ROOT, "kms:*")));
        iam.refused("NotFoundException", ROOT, next.clone().setPolicyName("second"));
        iam.send(ROOT, next.clone().setPolicyName("default"));
        iam.denied(user, encrypt(key));
        ListKeyPoliciesResponse list =
                iam.ask(ROOT, ListKeyPoliciesRequest.newBuilder().setKeyId(key));
        assertThat(list.getPolicyNamesList()).containsExactly("default");
    }

    @Test
    @DisplayName("Access | root | nothing, until the key policy says so")
    void accessRootNothing() {
        String user = user("sole");
        String key = key(statement(user, "kms:*"));
        for (Message.Builder request :
                List.of(
                        encrypt(key),
                        DescribeKeyRequest.newBuilder().setKeyId(key),
                        GetKeyPolicyRequest.newBuilder().setKeyId(key),
                        policy(key, policyOf(statement(ROOT, "kms:*"))),
                        ScheduleKeyDeletionRequest.newBuilder().setKeyId(key))) {
            assertThat(iam.denied(ROOT, request)).contains(NO_RESOURCE);
        }
        iam.send(user, policy(key, policyOf(statement(ROOT, "kms:*"))));
        iam.send(ROOT, encrypt(key));
    }

    @Test
    @DisplayName("Access | who made the key | nothing, until the key policy says so")
    void accessCreatorNothing() {
        String creator = user("creator", allow("kms:*", "*"));
        String user = user("other");
        CreateKeyResponse made = iam.ask(creator, create(statement(user, "kms:*")));
        String key = made.getKeyMetadata().getArn();
        assertThat(iam.denied(creator, encrypt(key))).contains(NO_RESOURCE);
        iam.send(user, encrypt(key));
    }

    @Test
    @DisplayName("Access | who manages, who uses | each only what the key policy says")
    void accessManagingIsNotUsing() {
        String manager = user("manager");
        String consumer = user("consumer");
        String key =
                key(
                        statement(manager, "kms:PutKeyPolicy"),
                        statement(manager, "kms:TagResource"),
                        statement(consumer, "kms:Encrypt"));
        TagResourceRequest.Builder tag =
                TagResourceRequest.newBuilder()
                        .setKeyId(key)
                        .addTags(Tag.newBuilder().setTagKey("team").setTagValue("a"));
        iam.send(manager, tag);
        assertThat(iam.denied(manager, encrypt(key))).contains(NO_RESOURCE);
        iam.send(consumer, encrypt(key));
        assertThat(iam.denied(consumer, tag)).contains(NO_RESOURCE);
    }

    @Test
    @DisplayName("Grants | key policy | required: it must let in whoever makes one")
    void grantsKeyPolicyRequired() {
        String maker = user("maker", allow("kms:CreateGrant", "*"));
        String grantee = user("grantee");
        String closed = key(statement(grantee.replace("grantee", "else"), "kms:*"));
        assertThat(iam.denied(maker, grant(closed, grantee))).contains(NO_RESOURCE);
        String open = key();
        iam.denied(grantee, encrypt(open));
        iam.send(maker, grant(open, grantee));
        iam.send(grantee, encrypt(open));
    }

    @Test
    @DisplayName("Grants | IAM policy | optional: a grant is enough for whom it names")
    void grantsIamPolicyOptional() {
        String key = key();
        String grantee = user("granted");
        assertThat(iam.denied(grantee, encrypt(key))).contains(NO_IDENTITY);
        iam.send(ROOT, grant(key, grantee));
        iam.send(grantee, encrypt(key));
        assertThat(iam.denied(grantee, DescribeKeyRequest.newBuilder().setKeyId(key)))
                .contains(NO_IDENTITY);
    }

    @Test
    void theTablesOfTheReadmeAreThese() {
        Cells.of(KeyPolicyAndIamPolicyIT.class)
                .grid(
                        List.of("key policy", "IAM policy"),
                        "Required",
                        "Scope",
                        "Target",
                        "Priority",
                        "Explicit deny",
                        "Grants")
                .list(
                        List.of("rule", "for", "what a test shows"),
                        "Access",
                        "Resource of an IAM policy",
                        "Resource \"*\"")
                .areInTheReadme();
    }

    private static CreateGrantRequest.Builder grant(String key, String grantee) {
        return CreateGrantRequest.newBuilder()
                .setKeyId(key)
                .setGranteePrincipal(grantee)
                .addOperations(GrantOperation.Value.Encrypt);
    }

    private static void assertRefusedResource(String user, String resource) {
        String name = user.substring(user.indexOf('/') + 1);
        assertThat(iam.refused(MALFORMED, ROOT, put(name, allow("kms:*", resource))))
                .startsWith("Statement[0].Resource: ")
                .contains(resource);
    }

    private static void assertNeedsTheStar(String verb, Message.Builder request) {
        String user = user(verb, allow("kms:" + verb, KEYS));
        assertThat(iam.denied(user, request)).contains("on resource: * " + NO_IDENTITY);
        iam.send(ROOT, put(verb, allow("kms:" + verb, "*")));
        iam.send(user, request);
    }

    /** A new user with these policies; their ARN. */
    private static String user(String name, String... policies) {
        iam.send(ROOT, createUser(name));
        for (String policy : policies) {
            iam.send(ROOT, put(name, policy));
        }
        return ROOT.replace("root", "user/" + name);
    }

    private static String key() {
        return principals.as(ROOT).createKey().getArn();
    }

    /** A key with a policy of these statements, which may lock root out. */
    private static String key(String... statements) {
        CreateKeyResponse made = iam.ask(ROOT, create(statements));
        return made.getKeyMetadata().getArn();
    }

    private static CreateKeyRequest.Builder create(String... statements) {
        return CreateKeyRequest.newBuilder()
                .setBypassPolicyLockoutSafetyCheck(true)
                .setPolicy(policyOf(statements));
    }

    private static PutKeyPolicyRequest.Builder policy(String key, String policy) {
        return PutKeyPolicyRequest.newBuilder()
                .setKeyId(key)
                .setBypassPolicyLockoutSafetyCheck(true)
                .setPolicy(policy);
    }

    private static EncryptRequest.Builder encrypt(String key) {
        return Client.encryptRequest(key, new byte[1], Map.of()).toBuilder();
    }

    private static CreateAliasRequest.Builder alias(String name, String key) {
        return CreateAliasRequest.newBuilder().setAliasName(name).setTargetKeyId(key);
    }

    private static String aliasArn(String name) {
        return "arn:aws:kms:us-east-1:123456789012:" + name;
    }

    private static String id(String key) {
        return key.substring(key.indexOf('/') + 1);
    }
}
