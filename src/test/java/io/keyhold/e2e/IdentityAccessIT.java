package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.addUser;
import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.attach;
import static io.keyhold.e2e.Iam.createGroup;
import static io.keyhold.e2e.Iam.createPolicy;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.deleteUser;
import static io.keyhold.e2e.Iam.put;
import static io.keyhold.e2e.Iam.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.keyhold.v1.Account;
import io.keyhold.v1.CreateAccountRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.DeletePolicyRequest;
import io.keyhold.v1.GetPolicyRequest;
import io.keyhold.v1.GetPolicyVersionRequest;
import io.keyhold.v1.GetUserRequest;
import io.keyhold.v1.IamTag;
import io.keyhold.v1.ListAccountsRequest;
import io.keyhold.v1.ListAccountsResponse;
import io.keyhold.v1.ListPoliciesRequest;
import io.keyhold.v1.ListPoliciesResponse;
import io.keyhold.v1.ListUsersRequest;
import io.keyhold.v1.ListUsersResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** M11: who may keep an account's users and policies. */
final class IdentityAccessIT {

    private static final String ROOT = "arn:aws:iam::111122223333:root";
    private static final String OWN = "arn:aws:iam::111122223333:";
    private static final String OTHER_ROOT = "arn:aws:iam::444455556666:root";
    private static final String OTHER = "arn:aws:iam::444455556666:";
    private static final String NONE = "NoSuchEntityException";

    @RegisterExtension
    static final OneDaemon one = OneDaemon.ofAccounts("111122223333", "444455556666");

    @RegisterExtension static final Principals principals = new Principals(one);

    private final Iam iam = new Iam(principals);

    @Test
    void nobodyButRootMayWithoutAPolicy() {
        iam.send(ROOT, createUser("plain"));
        String plain = OWN + "user/plain";

        assertThat(iam.denied(plain, createUser("more")))
                .isEqualTo(
                        "User: arn:aws:iam::111122223333:user/plain is not authorized to perform:"
                                + " iam:CreateUser on resource:"
                                + " arn:aws:iam::111122223333:user/more because no identity-based"
                                + " policy allows the iam:CreateUser action");
        iam.denied(plain, put("plain", allow("*", "*")));
        iam.denied(plain, GetUserRequest.newBuilder());
        iam.denied(plain, GetUserRequest.newBuilder().setUserName("nobody"));
        iam.denied(plain, ListUsersRequest.newBuilder());
        iam.denied(plain, createGroup("mine"));
        iam.denied(plain, GetPolicyRequest.newBuilder().setPolicyArn(OWN + "policy/none"));
    }

    @Test
    void aPolicyLetsAUserKeepAPath() {
        iam.send(ROOT, createUser("keeper"));
        String keeper = OWN + "user/keeper";
        iam.send(ROOT, put("keeper", allow("iam:*", "arn:aws:iam::111122223333:user/team/*")));

        iam.send(keeper, createUser("kept").setPath("/team/"));
        iam.send(keeper, put("kept", allow("kms:Encrypt", "*")));
        iam.denied(keeper, createUser("free"));
        iam.denied(keeper, createUser("free").setPath("/teams/"));
        iam.denied(keeper, put("keeper", allow("*", "*")));
        iam.denied(keeper, deleteUser("keeper"));
        iam.denied(keeper, ListUsersRequest.newBuilder());
    }

    @Test
    void whoMakesSomethingTaggedMustBeAllowedToTag() {
        iam.send(ROOT, createUser("maker"));
        String maker = OWN + "user/maker";
        CreateUserRequest.Builder tagged = createUser("made").addTags(tag("team", "blue"));
        iam.send(ROOT, put("maker", allow("iam:CreateUser", "*")));

        assertThat(iam.denied(maker, tagged)).contains("iam:TagUser");
        iam.send(
                ROOT,
                put(
                        "maker",
                        """
                        {"Version": "2012-10-17", "Statement": [
                          {"Effect": "Allow", "Action": ["iam:CreateUser", "iam:TagUser"],
                           "Resource": "*", "Condition":
                             {"StringEquals": {"aws:RequestTag/team": "blue"}}},
                          {"Effect": "Allow", "Action": "iam:DeleteUser", "Resource": "*",
                           "Condition": {"StringEquals": {"iam:ResourceTag/team": "blue"}}}]}
                        """));
        iam.send(maker, tagged);
        iam.denied(maker, createUser("other").addTags(tag("team", "red")));
        iam.denied(maker, deleteUser("maker"));
        iam.send(maker, deleteUser("made"));
    }

    @Test
    void conditionsLimitWhichPolicyIsAttachedAndAskForABoundary() {
        iam.send(ROOT, createUser("admin"));
        String admin = OWN + "user/admin";
        iam.send(ROOT, createPolicy("good", allow("kms:*", "*")));
        iam.send(ROOT, createPolicy("bad", allow("*", "*")));
        String good = OWN + "policy/good";
        String bad = OWN + "policy/bad";
        iam.send(
                ROOT,
                put(
                        "admin",
                        """
                        {"Version": "2012-10-17", "Statement": [
                          {"Effect": "Allow", "Action": "iam:AttachUserPolicy", "Resource": "*",
                           "Condition": {"ArnEquals": {"iam:PolicyARN": "%1$s"}}},
                          {"Effect": "Allow", "Action": ["iam:CreateUser", "iam:PutUserPolicy",
                             "iam:PutUserPermissionsBoundary"], "Resource": "*",
                           "Condition": {"StringEquals": {"iam:PermissionsBoundary": "%1$s"}}}]}
                        """
                                .formatted(good)));

        iam.denied(admin, attach("admin", bad));
        iam.send(admin, attach("admin", good));
        iam.denied(admin, createUser("unbound"));
        iam.denied(admin, createUser("unbound").setPermissionsBoundary(bad));
        iam.send(admin, createUser("bound").setPermissionsBoundary(good));
        iam.send(admin, put("bound", allow("*", "*")));
        iam.denied(admin, put("admin", allow("*", "*")));
        iam.denied(admin, within("bound", bad));
    }

    @Test
    void anotherAccountsIdentitiesAreNotThere() {
        iam.send(ROOT, createUser("secret"));
        iam.send(ROOT, createGroup("secret"));
        iam.send(ROOT, createPolicy("secret", allow("*", "*")));
        String policy = OWN + "policy/secret";

        iam.refused(NONE, OTHER_ROOT, GetUserRequest.newBuilder().setUserName("secret"));
        iam.refused(NONE, OTHER_ROOT, deleteUser("secret"));
        iam.refused(NONE, OTHER_ROOT, put("secret", allow("*", "*")));
        iam.refused(NONE, OTHER_ROOT, addUser("secret", "secret"));
        iam.denied(OTHER_ROOT, GetPolicyRequest.newBuilder().setPolicyArn(policy));
        iam.denied(
                OTHER_ROOT,
                GetPolicyVersionRequest.newBuilder().setPolicyArn(policy).setVersionId("v1"));
        iam.denied(OTHER_ROOT, DeletePolicyRequest.newBuilder().setPolicyArn(policy));
        iam.send(OTHER_ROOT, createUser("secret"));
        iam.refused(NONE, OTHER_ROOT, attach("secret", policy));
        iam.refused(NONE, OTHER_ROOT, within("secret", policy));
        iam.refused(NONE, OTHER_ROOT, createUser("secret2").setPermissionsBoundary(policy));
        ListUsersResponse users = iam.ask(OTHER_ROOT, ListUsersRequest.newBuilder());
        assertThat(users.getUsersList()).allMatch(user -> user.getArn().startsWith(OTHER));
        ListPoliciesResponse policies = iam.ask(OTHER_ROOT, ListPoliciesRequest.newBuilder());
        assertThat(policies.getPoliciesList()).isEmpty();
        assertThat(iam.user(ROOT, "secret").getUser().getArn()).isEqualTo(OWN + "user/secret");
    }

    @Test
    void accountsAreTheOperatorsInPerson() {
        CreateAccountRequest.Builder create =
                CreateAccountRequest.newBuilder()
                        .setAccountName("new")
                        .setAccountId("777788889999");
        String policy =
                """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"AWS": ["123456789012", "777788889999"]},
                   "Action": "kms:*", "Resource": "*"}]}
                """;
        CreateKeyRequest.Builder key = CreateKeyRequest.newBuilder().setPolicy(policy);
        String root = "arn:aws:iam::123456789012:root";

        String why =
                "on resource: * because it is for the operator in person, on the Unix socket, and"
                        + " for nobody else";
        assertThat(iam.denied(root, create)).endsWith("keyhold:CreateAccount " + why);
        assertThat(iam.denied(root, ListAccountsRequest.newBuilder())).endsWith(why);
        Client operator = one.client();
        Refusal acting = Refusal.of(() -> operator.callAs(root, Request.of(create)));
        assertThat(acting.name()).isEqualTo("AccessDeniedException");
        assertThat(Request.of(key).refusal(operator).text())
                .isEqualTo(
                        "Statement[0].Principal: Policy contains a statement with one or more"
                                + " invalid principals: this daemon has no account 777788889999.");

        Request.of(create).send(operator);

        Request.of(key).send(operator);
        operator.callAs("arn:aws:iam::777788889999:root", Request.of(createUser("first")));
        assertThat(Request.of(create).refusal(operator).name())
                .isEqualTo("EntityAlreadyExistsException");
        Request.of(create.clearAccountId()).send(operator);
        Message all = ListAccountsRequest.getDefaultInstance();
        ListAccountsResponse accounts = (ListAccountsResponse) operator.call(Rpc.taking(all), all);
        assertThat(accounts.getAccountsList())
                .hasSize(6)
                .extracting(Account::getAccountId)
                .contains("111122223333", "777788889999", "888888888888");
    }

    @Test
    void theRecordNamesTheServiceAndTheEntity() {
        int before = one.home().journal().events().size();
        iam.send(ROOT, createUser("audited").setPath("/a/"));
        Request.of(ListAccountsRequest.newBuilder()).send(one.client());

        List<JsonNode> events = one.home().journal().since(before).events();
        JsonNode created = events.getFirst();
        assertThat(created.path("eventSource").asString()).isEqualTo("iam.amazonaws.com");
        assertThat(created.path("eventName").asString()).isEqualTo("CreateUser");
        assertThat(created.at("/requestParameters/userName").asString()).isEqualTo("audited");
        assertThat(created.at("/responseElements/user/arn").asString())
                .isEqualTo(OWN + "user/a/audited");
        assertThat(created.at("/resources/0/type").asString()).isEqualTo("AWS::IAM::User");
        assertThat(events.getLast().path("eventSource").asString())
                .isEqualTo("keyhold.amazonaws.com");
        assertThat(events.getLast().path("readOnly").asBoolean()).isTrue();
    }

    private static IamTag tag(String key, String value) {
        return IamTag.newBuilder().setKey(key).setValue(value).build();
    }
}
