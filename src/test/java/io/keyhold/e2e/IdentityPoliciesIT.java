package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.addUser;
import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.attach;
import static io.keyhold.e2e.Iam.createGroup;
import static io.keyhold.e2e.Iam.createPolicy;
import static io.keyhold.e2e.Iam.createRole;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.deleteUser;
import static io.keyhold.e2e.Iam.deny;
import static io.keyhold.e2e.Iam.policyOf;
import static io.keyhold.e2e.Iam.put;
import static io.keyhold.e2e.Iam.putGroup;
import static io.keyhold.e2e.Iam.putRole;
import static io.keyhold.e2e.Iam.statement;
import static io.keyhold.e2e.Iam.trust;
import static io.keyhold.e2e.Iam.within;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.CreatePolicyResponse;
import io.keyhold.v1.CreatePolicyVersionRequest;
import io.keyhold.v1.DeleteUserPermissionsBoundaryRequest;
import io.keyhold.v1.DeleteUserPolicyRequest;
import io.keyhold.v1.DetachUserPolicyRequest;
import io.keyhold.v1.IamTag;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.RemoveUserFromGroupRequest;
import io.keyhold.v1.SetDefaultPolicyVersionRequest;
import io.keyhold.v1.TagUserRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** M11: what policies of users, groups and roles let them do with keys. */
final class IdentityPoliciesIT {

    private static final String ACCOUNT = "111122223333";
    private static final String ROOT = "arn:aws:iam::111122223333:root";
    private static final String OTHER_ROOT = "arn:aws:iam::444455556666:root";
    private static final byte[] PLAINTEXT = "identity".getBytes(UTF_8);
    private static final String NO_IDENTITY = "because no identity-based policy allows the ";
    private static final String NO_RESOURCE = "because no resource-based policy allows the ";

    @RegisterExtension
    static final OneDaemon one = OneDaemon.ofAccounts("111122223333", "444455556666");

    @RegisterExtension static final Principals principals = new Principals(one);

    private final Iam iam = new Iam(principals);

    @Test
    void aPolicyOfAUserCountsWhereTheKeyLeavesItToTheAccount() {
        String key = createKey();
        String alice = user("alice");

        assertThat(iam.denied(alice, encrypt(key))).contains(NO_IDENTITY);
        iam.send(ROOT, put("alice", allow("kms:Encrypt", key)));
        iam.send(alice, encrypt(key));
        assertThat(iam.denied(alice, encrypt(createKey()))).contains(NO_IDENTITY);
        iam.send(
                ROOT,
                DeleteUserPolicyRequest.newBuilder().setUserName("alice").setPolicyName("inline"));
        assertThat(iam.denied(alice, encrypt(key))).contains(NO_IDENTITY);
    }

    @Test
    void withoutTheKeysConsentAPolicyOfAUserIsNothing() {
        String beth = user("beth");
        iam.send(ROOT, put("beth", allow("*", "*")));
        String key = createKey();
        String onlyRootsReads =
                policyOf(
                        """
                        {"Effect": "Allow", "Principal": {"AWS": "%s"},
                         "Action": ["kms:PutKeyPolicy", "kms:DescribeKey"], "Resource": "*"}
                        """
                                .formatted(ROOT));
        iam.send(beth, encrypt(key));
        iam.send(ROOT, putKeyPolicy(key, onlyRootsReads));

        assertThat(iam.denied(beth, encrypt(key))).contains(NO_RESOURCE);
    }

    @Test
    void anExplicitDenyWins() {
        String carl = user("carl");
        String key = createKey();
        iam.send(ROOT, put("carl", "allow", allow("kms:*", "*")));
        iam.send(carl, encrypt(key));

        iam.send(ROOT, put("carl", "deny", deny("kms:Encrypt", key)));

        assertThat(iam.denied(carl, encrypt(key)))
                .endsWith("with an explicit deny in an identity-based policy");
        iam.send(carl, encrypt(createKey()));
    }

    @Test
    void aDenyOfAUserWinsOverAKeyPolicyThatNamesThem() {
        String dora = user("dora");
        String key = createKey();
        iam.send(ROOT, putKeyPolicy(key, policyOf(root(), named(dora))));
        iam.send(dora, encrypt(key));

        iam.send(ROOT, put("dora", deny("kms:*", "*")));

        assertThat(iam.denied(dora, encrypt(key))).contains("explicit deny");
    }

    @Test
    void aGroupGivesItsPoliciesToItsUsers() {
        String emil = user("emil");
        String key = createKey();
        iam.send(ROOT, createGroup("writers"));
        iam.send(ROOT, putGroup("writers", allow("kms:Encrypt", key)));

        assertThat(iam.denied(emil, encrypt(key))).contains(NO_IDENTITY);
        iam.send(ROOT, addUser("emil", "writers"));
        iam.send(emil, encrypt(key));
        iam.send(
                ROOT,
                RemoveUserFromGroupRequest.newBuilder()
                        .setUserName("emil")
                        .setGroupName("writers"));
        assertThat(iam.denied(emil, encrypt(key))).contains(NO_IDENTITY);
    }

    @Test
    void aBoundaryNarrows() {
        String fay = user("fay");
        String key = createKey();
        String other = createKey();
        iam.send(ROOT, put("fay", allow("kms:Encrypt", "*")));
        String limit = policy("limit", allow("kms:*", key));

        iam.send(ROOT, within("fay", limit));

        iam.send(fay, encrypt(key));
        assertThat(iam.denied(fay, encrypt(other)))
                .endsWith("because no permissions boundary allows the kms:Encrypt action");
        iam.send(ROOT, putKeyPolicy(other, policyOf(root(), named(fay))));
        iam.send(fay, encrypt(other));
        iam.send(ROOT, putKeyPolicy(other, policyOf(root())));
        iam.send(ROOT, DeleteUserPermissionsBoundaryRequest.newBuilder().setUserName("fay"));
        iam.send(fay, encrypt(other));
    }

    @Test
    void aManagedPolicyCountsFromTheNextCallOn() {
        String gus = user("gus");
        String key = createKey();
        String policy = policy("managed", allow("kms:DescribeKey", "*"));
        iam.send(ROOT, attach("gus", policy));
        assertThat(iam.denied(gus, encrypt(key))).contains(NO_IDENTITY);

        iam.send(
                ROOT,
                CreatePolicyVersionRequest.newBuilder()
                        .setPolicyArn(policy)
                        .setPolicyDocument(allow("kms:Encrypt", "*")));
        assertThat(iam.denied(gus, encrypt(key))).contains(NO_IDENTITY);
        iam.send(ROOT, setDefault(policy, "v2"));
        iam.send(gus, encrypt(key));
        iam.send(ROOT, setDefault(policy, "v1"));
        assertThat(iam.denied(gus, encrypt(key))).contains(NO_IDENTITY);
        iam.send(ROOT, setDefault(policy, "v2"));
        iam.send(gus, encrypt(key));
        iam.send(
                ROOT, DetachUserPolicyRequest.newBuilder().setUserName("gus").setPolicyArn(policy));
        assertThat(iam.denied(gus, encrypt(key))).contains(NO_IDENTITY);
    }

    @Test
    void aRoleGivesItsPoliciesToItsSessions() {
        String key = createKey();
        iam.send(ROOT, createRole("Worker", trust(ROOT)).setPath("/team/"));
        iam.send(ROOT, putRole("Worker", allow("kms:Encrypt", key)));

        iam.send("arn:aws:sts::111122223333:assumed-role/Worker/one", encrypt(key));
        iam.send("arn:aws:iam::111122223333:role/team/Worker", encrypt(key));
        assertThat(iam.denied("arn:aws:iam::111122223333:role/Worker", encrypt(key)))
                .contains(NO_IDENTITY);
        assertThat(iam.denied("arn:aws:sts::111122223333:assumed-role/Walker/one", encrypt(key)))
                .contains(NO_IDENTITY);
    }

    @Test
    void variablesAndTagsOfTheUserStandInPolicies() {
        String hana = user("hana");
        String key = createKey();
        iam.send(
                ROOT,
                put(
                        "hana",
                        """
                        {"Version": "2012-10-17", "Statement": [
                          {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition":
                            {"StringEquals": {
                              "kms:EncryptionContext:owner": "${aws:username}",
                              "aws:PrincipalTag/Team": "blue"},
                             "StringLike": {"aws:userid": "AIDA*"}}}]}
                        """));

        assertThat(iam.denied(hana, encrypt(key, "hana"))).contains(NO_IDENTITY);
        iam.send(
                ROOT,
                TagUserRequest.newBuilder()
                        .setUserName("hana")
                        .addTags(IamTag.newBuilder().setKey("team").setValue("blue")));
        iam.send(hana, encrypt(key, "hana"));
        assertThat(iam.denied(hana, encrypt(key, "other"))).contains(NO_IDENTITY);
    }

    @Test
    void neitherAKeyIdNorAnAliasInAResourceGivesAccessToTheKey() {
        String ivan = user("ivan");
        String key = createKey();
        String id = key.substring(key.lastIndexOf('/') + 1);
        iam.send(
                ROOT,
                CreateAliasRequest.newBuilder().setAliasName("alias/identity").setTargetKeyId(key));

        iam.send(
                ROOT,
                put("ivan", allow("kms:*", "arn:aws:kms:us-east-1:111122223333:alias/identity")));
        assertThat(iam.denied(ivan, encrypt(key))).contains(NO_IDENTITY);
        assertThat(iam.denied(ivan, encrypt("alias/identity"))).contains(NO_IDENTITY);
        assertThat(
                        iam.refused(
                                "MalformedPolicyDocumentException",
                                ROOT,
                                put("ivan", allow("kms:*", id))))
                .startsWith("Statement[0].Resource: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kms:CreateKey", "kms:GenerateRandom", "kms:ListKeys"})
    void whatHasNoResourceNeedsTheStar(String action) {
        String name = "jo-" + action.substring(4);
        String jo = user(name);
        Message.Builder request =
                switch (action) {
                    case "kms:CreateKey" -> CreateKeyRequest.newBuilder();
                    case "kms:ListKeys" -> io.keyhold.v1.ListKeysRequest.newBuilder();
                    default -> io.keyhold.v1.GenerateRandomRequest.newBuilder().setNumberOfBytes(1);
                };

        iam.send(ROOT, put(name, allow(action, "arn:aws:kms:us-east-1:111122223333:key/*")));
        assertThat(iam.denied(jo, request)).contains("on resource: *", NO_IDENTITY);
        iam.send(ROOT, put(name, allow(action, "*")));
        iam.send(jo, request);
    }

    @Test
    void acrossAccountsBothMustAllow() {
        String kim = "arn:aws:iam::444455556666:user/kim";
        String key = createKey();
        iam.send(OTHER_ROOT, createUser("kim"));
        iam.send(OTHER_ROOT, put("kim", allow("kms:Encrypt", key)));
        assertThat(iam.denied(kim, encrypt(key))).contains(NO_RESOURCE);

        iam.send(ROOT, putKeyPolicy(key, policyOf(root(), named(OTHER_ROOT))));
        iam.send(kim, encrypt(key));
        iam.send(
                OTHER_ROOT,
                DeleteUserPolicyRequest.newBuilder().setUserName("kim").setPolicyName("inline"));
        iam.denied(kim, encrypt(key));
        iam.send(ROOT, putKeyPolicy(key, policyOf(root(), named(kim))));
        iam.denied(kim, encrypt(key));
        iam.send(OTHER_ROOT, put("kim", allow("kms:Encrypt", key)));
        iam.send(kim, encrypt(key));
    }

    @Test
    void whoGetsANameLaterIsNotWhoWasNamed() {
        String lea = user("lea");
        String key = createKey();
        String naming = policyOf(root(), named(lea));
        CreateKeyRequest.Builder request = CreateKeyRequest.newBuilder().setPolicy(naming);
        CreateKeyResponse made = iam.ask(ROOT, request);
        iam.send(ROOT, putKeyPolicy(key, naming));
        iam.send(lea, encrypt(key));
        iam.send(lea, encrypt(made.getKeyMetadata().getArn()));

        iam.send(ROOT, deleteUser("lea"));
        assertThat(iam.denied(lea, encrypt(key))).contains(NO_IDENTITY);
        iam.send(ROOT, createUser("lea"));
        assertThat(iam.denied(lea, encrypt(key))).contains(NO_IDENTITY);
        assertThat(iam.denied(lea, encrypt(made.getKeyMetadata().getArn()))).contains(NO_IDENTITY);

        iam.send(ROOT, putKeyPolicy(key, naming));
        iam.send(lea, encrypt(key));
    }

    @Test
    void aSessionOfADeletedRoleIsNotMeantEither() {
        String session = "arn:aws:sts::111122223333:assumed-role/Brief/one";
        String key = createKey();
        iam.send(ROOT, createRole("Brief", trust(ROOT)));
        iam.send(
                ROOT,
                putKeyPolicy(key, policyOf(root(), named("arn:aws:iam::111122223333:role/Brief"))));
        iam.send(session, encrypt(key));

        iam.send(ROOT, io.keyhold.v1.DeleteRoleRequest.newBuilder().setRoleName("Brief"));
        iam.send(ROOT, createRole("Brief", trust(ROOT)));

        assertThat(iam.denied(session, encrypt(key))).contains(NO_IDENTITY);
    }

    @Test
    void aNameWithoutARecordIsMatchedByItsArn() {
        String nobody = "arn:aws:iam::111122223333:user/unrecorded";
        String key = createKey();
        iam.send(ROOT, putKeyPolicy(key, policyOf(root(), named(nobody))));

        iam.send(nobody, encrypt(key));
    }

    /** The ARN of a new user of the account. */
    private String user(String name) {
        iam.send(ROOT, createUser(name));
        return "arn:aws:iam::" + ACCOUNT + ":user/" + name;
    }

    private String policy(String name, String document) {
        CreatePolicyResponse made = iam.ask(ROOT, createPolicy(name, document));
        return made.getPolicy().getArn();
    }

    private String createKey() {
        CreateKeyResponse made = iam.ask(ROOT, CreateKeyRequest.newBuilder());
        return made.getKeyMetadata().getArn();
    }

    private static SetDefaultPolicyVersionRequest.Builder setDefault(String policy, String id) {
        return SetDefaultPolicyVersionRequest.newBuilder().setPolicyArn(policy).setVersionId(id);
    }

    private static Message.Builder encrypt(String key) {
        return Client.encryptRequest(key, PLAINTEXT, Map.of()).toBuilder();
    }

    private static Message.Builder encrypt(String key, String owner) {
        return Client.encryptRequest(key, PLAINTEXT, Map.of("owner", owner)).toBuilder();
    }

    private static PutKeyPolicyRequest.Builder putKeyPolicy(String key, String policy) {
        return PutKeyPolicyRequest.newBuilder().setKeyId(key).setPolicy(policy);
    }

    private static String root() {
        return statement(ROOT, "kms:*");
    }

    private static String named(String principal) {
        return statement(principal, "kms:Encrypt");
    }
}
