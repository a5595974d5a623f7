package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.addUser;
import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.attach;
import static io.keyhold.e2e.Iam.createGroup;
import static io.keyhold.e2e.Iam.createPolicy;
import static io.keyhold.e2e.Iam.createRole;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.deleteUser;
import static io.keyhold.e2e.Iam.put;
import static io.keyhold.e2e.Iam.putGroup;
import static io.keyhold.e2e.Iam.trust;
import static io.keyhold.e2e.Iam.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.keyhold.v1.AttachedPolicy;
import io.keyhold.v1.CreatePolicyResponse;
import io.keyhold.v1.CreatePolicyVersionRequest;
import io.keyhold.v1.CreatePolicyVersionResponse;
import io.keyhold.v1.CreateRoleResponse;
import io.keyhold.v1.CreateUserResponse;
import io.keyhold.v1.DeleteGroupPolicyRequest;
import io.keyhold.v1.DeleteGroupRequest;
import io.keyhold.v1.DeletePolicyRequest;
import io.keyhold.v1.DeletePolicyVersionRequest;
import io.keyhold.v1.DeleteRoleRequest;
import io.keyhold.v1.DeleteUserPermissionsBoundaryRequest;
import io.keyhold.v1.DeleteUserPolicyRequest;
import io.keyhold.v1.DetachUserPolicyRequest;
import io.keyhold.v1.GetGroupRequest;
import io.keyhold.v1.GetGroupResponse;
import io.keyhold.v1.GetPolicyRequest;
import io.keyhold.v1.GetPolicyResponse;
import io.keyhold.v1.GetPolicyVersionRequest;
import io.keyhold.v1.GetPolicyVersionResponse;
import io.keyhold.v1.GetRoleRequest;
import io.keyhold.v1.GetRoleResponse;
import io.keyhold.v1.GetUserPolicyRequest;
import io.keyhold.v1.GetUserPolicyResponse;
import io.keyhold.v1.GetUserRequest;
import io.keyhold.v1.GetUserResponse;
import io.keyhold.v1.IamTag;
import io.keyhold.v1.ListAttachedUserPoliciesRequest;
import io.keyhold.v1.ListAttachedUserPoliciesResponse;
import io.keyhold.v1.ListGroupsForUserRequest;
import io.keyhold.v1.ListGroupsForUserResponse;
import io.keyhold.v1.ListGroupsRequest;
import io.keyhold.v1.ListGroupsResponse;
import io.keyhold.v1.ListPolicyVersionsRequest;
import io.keyhold.v1.ListPolicyVersionsResponse;
import io.keyhold.v1.ListRolesRequest;
import io.keyhold.v1.ListRolesResponse;
import io.keyhold.v1.ListUserPoliciesRequest;
import io.keyhold.v1.ListUserPoliciesResponse;
import io.keyhold.v1.ListUserTagsRequest;
import io.keyhold.v1.ListUserTagsResponse;
import io.keyhold.v1.ListUsersRequest;
import io.keyhold.v1.ListUsersResponse;
import io.keyhold.v1.Policy;
import io.keyhold.v1.PolicyVersion;
import io.keyhold.v1.RemoveUserFromGroupRequest;
import io.keyhold.v1.Role;
import io.keyhold.v1.TagUserRequest;
import io.keyhold.v1.UntagUserRequest;
import io.keyhold.v1.UpdateAssumeRolePolicyRequest;
import io.keyhold.v1.User;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** M11: users, groups, roles and their policies come, change and go. */
final class IdentityIT {

    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String ACCOUNT = "arn:aws:iam::123456789012:";
    private static final String ANY = allow("kms:*", "*");
    private static final String NONE = "NoSuchEntityException";
    private static final String EXISTS = "EntityAlreadyExistsException";
    private static final String CONFLICT = "DeleteConflictException";
    private static final String LIMIT = "LimitExceededException";
    private static final String INPUT = "InvalidInputException";
    private static final String MALFORMED = "MalformedPolicyDocumentException";

    @RegisterExtension static final OneDaemon one = new OneDaemon();
    @RegisterExtension static final Principals principals = new Principals(one);

    private final Iam iam = new Iam(principals);

    @Test
    void aUserIsMadeFoundAndDeleted() {
        CreateUserResponse made =
                ask(createUser("anna").setPath("/team/a/").addTags(tag("Team", "blue")));
        User anna = made.getUser();

        assertThat(anna.getArn()).isEqualTo(ACCOUNT + "user/team/a/anna");
        assertThat(anna.getPath()).isEqualTo("/team/a/");
        assertThat(anna.getUserId()).matches("AIDA[A-Z2-7]{17}");
        assertThat(anna.getTagsList()).containsExactly(tag("Team", "blue"));
        assertThat(iam.user(ROOT, "anna").getUser()).isEqualTo(anna);
        send(deleteUser("anna"));
        assertThat(refused(NONE, get("anna")))
                .isEqualTo("The user with name anna cannot be found.");
        refused(NONE, deleteUser("anna"));
    }

    @Test
    void aUserFindsThemselvesWithoutSayingWho() {
        send(createUser("self"));
        send(put("self", allow("iam:GetUser", ACCOUNT + "user/self")));

        GetUserResponse self = iam.ask(ACCOUNT + "user/self", GetUserRequest.newBuilder());

        assertThat(self.getUser().getUserName()).isEqualTo("self");
        assertThat(refused("ValidationException", GetUserRequest.newBuilder()))
                .isEqualTo("Must specify userName when calling with non-User credentials");
    }

    @Test
    void aNameIsTakenInWhateverCase() {
        send(createUser("Case"));
        send(createGroup("Case"));
        send(createRole("Case", trust(ROOT)));
        send(createPolicy("Case", ANY));

        assertThat(refused(EXISTS, createUser("cASE").setPath("/x/")))
                .isEqualTo("User with name cASE already exists.");
        refused(EXISTS, createGroup("case"));
        refused(EXISTS, createRole("CASE", trust(ROOT)));
        refused(EXISTS, createPolicy("case", ANY));
        refused(NONE, get("case"));
    }

    @Test
    void listsGoPageByPageByPath() {
        for (int i = 0; i < 7; i++) {
            send(createUser("page" + i).setPath(i < 5 ? "/pages/" : "/other/"));
        }
        List<String> names = new ArrayList<>();
        ListUsersRequest.Builder request =
                ListUsersRequest.newBuilder().setPathPrefix("/pages/").setMaxItems(2);
        ListUsersResponse page;
        do {
            page = ask(request);
            page.getUsersList().forEach(user -> names.add(user.getUserName()));
            request.setMarker(page.getMarker());
        } while (page.getIsTruncated());

        assertThat(names).containsExactly("page0", "page1", "page2", "page3", "page4");
        refused("ValidationException", ListUsersRequest.newBuilder().setMarker("else"));
    }

    @Test
    void tagsComeChangeAndGo() {
        send(createUser("tagged"));
        TagUserRequest.Builder tags = TagUserRequest.newBuilder().setUserName("tagged");
        send(tags.addTags(tag("a", "1")).addTags(tag("b", "2")));
        send(tags.clearTags().addTags(tag("A", "3")));

        ListUserTagsResponse listed = ask(ListUserTagsRequest.newBuilder().setUserName("tagged"));
        assertThat(listed.getTagsList()).containsExactly(tag("A", "3"), tag("b", "2"));
        send(UntagUserRequest.newBuilder().setUserName("tagged").addTagKeys("B"));
        assertThat(iam.user(ROOT, "tagged").getUser().getTagsList()).containsExactly(tag("A", "3"));
        refused(INPUT, tags.clearTags().addTags(tag("AWS:x", "")));
        refused(INPUT, tags.clearTags().addTags(tag("x", "")).addTags(tag("X", "")));
        tags.clearTags();
        for (int i = 0; i < 50; i++) {
            tags.addTags(tag("t" + i, ""));
        }
        refused(LIMIT, tags);
    }

    @Test
    void aGroupHasUsers() {
        send(createGroup("crew").setPath("/g/"));
        for (String name : List.of("crew-b", "crew-a")) {
            send(createUser(name));
            send(addUser(name, "crew"));
            send(addUser(name, "crew"));
        }

        GetGroupResponse group = ask(GetGroupRequest.newBuilder().setGroupName("crew"));
        assertThat(group.getGroup().getArn()).isEqualTo(ACCOUNT + "group/g/crew");
        assertThat(group.getGroup().getGroupId()).matches("AGPA[A-Z2-7]{17}");
        assertThat(group.getUsersList())
                .extracting(User::getUserName)
                .containsExactly("crew-a", "crew-b");
        ListGroupsForUserResponse groups =
                ask(ListGroupsForUserRequest.newBuilder().setUserName("crew-a"));
        assertThat(groups.getGroupsList()).containsExactly(group.getGroup());
        ListGroupsResponse all = ask(ListGroupsRequest.newBuilder().setPathPrefix("/g/"));
        assertThat(all.getGroupsList()).containsExactly(group.getGroup());

        refused(CONFLICT, DeleteGroupRequest.newBuilder().setGroupName("crew"));
        refused(CONFLICT, deleteUser("crew-a"));
        for (String name : List.of("crew-a", "crew-b")) {
            send(leave(name, "crew"));
            refused(NONE, leave(name, "crew"));
        }
        send(putGroup("crew", ANY));
        refused(CONFLICT, DeleteGroupRequest.newBuilder().setGroupName("crew"));
        send(DeleteGroupPolicyRequest.newBuilder().setGroupName("crew").setPolicyName("inline"));
        send(DeleteGroupRequest.newBuilder().setGroupName("crew"));
        refused(NONE, GetGroupRequest.newBuilder().setGroupName("crew"));
        refused(NONE, addUser("crew-a", "crew"));
    }

    @Test
    void aUserIsInTenGroupsAtMostAndHasTenPoliciesAtMost() {
        send(createUser("busy"));
        for (int i = 0; i < 11; i++) {
            send(createGroup("busy" + i));
            send(createPolicy("busy" + i, ANY));
        }
        for (int i = 0; i < 10; i++) {
            send(addUser("busy", "busy" + i));
            send(attach("busy", ACCOUNT + "policy/busy" + i));
        }

        assertThat(refused(LIMIT, addUser("busy", "busy10"))).contains("GroupsPerUser: 10");
        assertThat(refused(LIMIT, attach("busy", ACCOUNT + "policy/busy10")))
                .contains("PoliciesPerUser: 10");
        send(attach("busy", ACCOUNT + "policy/busy9"));
    }

    @Test
    void aRoleHasItsTerms() {
        CreateRoleResponse made =
                ask(
                        createRole("worker", trust(ROOT))
                                .setDescription("works")
                                .setMaxSessionDuration(7200)
                                .addTags(tag("k", "v")));
        Role role = made.getRole();

        assertThat(role.getRoleId()).matches("AROA[A-Z2-7]{17}");
        assertThat(role.getAssumeRolePolicyDocument()).isEqualTo(trust(ROOT));
        assertThat(role.getMaxSessionDuration()).isEqualTo(7200);
        GetRoleRequest.Builder get = GetRoleRequest.newBuilder().setRoleName("worker");
        GetRoleResponse found = ask(get);
        assertThat(found.getRole()).isEqualTo(role);
        String other = trust(ACCOUNT + "user/somebody");
        send(
                UpdateAssumeRolePolicyRequest.newBuilder()
                        .setRoleName("worker")
                        .setPolicyDocument(other));
        GetRoleResponse changed = ask(get);
        assertThat(changed.getRole().getAssumeRolePolicyDocument()).isEqualTo(other);
        assertThat(changed.getRole().getDescription()).isEqualTo("works");
        ListRolesResponse roles = ask(ListRolesRequest.newBuilder());
        assertThat(roles.getRolesList()).extracting(Role::getRoleName).contains("worker");
        send(DeleteRoleRequest.newBuilder().setRoleName("worker"));
        refused(NONE, get);
    }

    @Test
    void aTrustPolicyIsReadStrictly() {
        assertThat(refused(MALFORMED, createRole("bad", ANY))).startsWith("Statement[0].Resource");
        assertThat(refused(MALFORMED, createRole("bad", trust("arn:aws:iam::999999999999:root"))))
                .contains("no account 999999999999");
        String tooLong = trust(ROOT).replace("sts:", "x".repeat(2048) + ":");
        assertThat(refused(LIMIT, createRole("bad", tooLong))).contains("ACLSizePerRole: 2048");
    }

    @Test
    void inlinePoliciesComeAndGo() {
        send(createUser("owner"));
        send(put("owner", "b", ANY));
        send(put("owner", "a", ANY));

        ListUserPoliciesResponse names =
                ask(ListUserPoliciesRequest.newBuilder().setUserName("owner"));
        assertThat(names.getPolicyNamesList()).containsExactly("a", "b");
        GetUserPolicyRequest.Builder get =
                GetUserPolicyRequest.newBuilder().setUserName("owner").setPolicyName("a");
        GetUserPolicyResponse found = ask(get);
        assertThat(found.getPolicyDocument()).isEqualTo(ANY);
        assertThat(found.getUserName()).isEqualTo("owner");
        refused(CONFLICT, deleteUser("owner"));
        DeleteUserPolicyRequest.Builder delete =
                DeleteUserPolicyRequest.newBuilder().setUserName("owner").setPolicyName("a");
        send(delete);
        refused(NONE, delete);
        assertThat(refused(NONE, get)).isEqualTo("The user policy with name a cannot be found.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Statement\": [{\"Effect\": \"allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}"
                        + "|Statement[0].Effect: ",
                "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\"}}|Statement: Resource",
                "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\","
                        + " \"Principal\": \"*\"}}|Statement.Principal: ",
                "no JSON|The policy document cannot be read"
            })
    void aDocumentThatIsNoPolicyIsRefusedWithItsPlace(String text) {
        String[] parts = text.split("\\|");
        String name = "bad" + Math.abs(text.hashCode());
        send(createUser(name));

        assertThat(refused(MALFORMED, put(name, parts[0]))).startsWith(parts[1]);
        assertThat(refused(MALFORMED, createPolicy(name, parts[0]))).startsWith(parts[1]);
        refused(NONE, GetUserPolicyRequest.newBuilder().setUserName(name).setPolicyName("inline"));
    }

    @Test
    void documentsHaveAMostWithoutTheirWhiteSpace() {
        send(createUser("long"));
        String full = padded(2048);

        assertThat(refused(LIMIT, put("long", padded(2049)))).contains("2048");
        send(put("long", full.replace(" ", "   ")));
        refused(LIMIT, put("long", "second", ANY));
        send(put("long", full));
        assertThat(refused(LIMIT, createPolicy("long", padded(6145))))
                .isEqualTo("Cannot exceed quota for PolicySize: 6144");
        send(createPolicy("long", padded(6144)));
    }

    @Test
    void aManagedPolicyHasVersions() {
        CreatePolicyResponse made =
                ask(createPolicy("versions", ANY).setPath("/p/").setDescription("d"));
        Policy policy = made.getPolicy();
        String arn = policy.getArn();
        CreatePolicyVersionRequest.Builder create =
                CreatePolicyVersionRequest.newBuilder().setPolicyArn(arn).setPolicyDocument(ANY);

        assertThat(arn).isEqualTo(ACCOUNT + "policy/p/versions");
        assertThat(policy.getPolicyId()).matches("ANPA[A-Z2-7]{17}");
        assertThat(policy.getDefaultVersionId()).isEqualTo("v1");
        for (int i = 0; i < 4; i++) {
            send(create.setSetAsDefault(i == 2));
        }
        assertThat(refused(LIMIT, create)).contains("up to 5 versions");
        assertThat(policy(arn).getDefaultVersionId()).isEqualTo("v4");
        assertThat(refused(CONFLICT, deleteVersion(arn, "v4"))).contains("default version");
        refused(CONFLICT, DeletePolicyRequest.newBuilder().setPolicyArn(arn));
        send(deleteVersion(arn, "v5"));
        refused(NONE, deleteVersion(arn, "v5"));
        CreatePolicyVersionResponse sixth = ask(create.setSetAsDefault(false));
        assertThat(sixth.getPolicyVersion().getVersionId()).isEqualTo("v6");
        ListPolicyVersionsResponse versions =
                ask(ListPolicyVersionsRequest.newBuilder().setPolicyArn(arn));
        assertThat(versions.getVersionsList())
                .extracting(PolicyVersion::getVersionId)
                .containsExactly("v1", "v2", "v3", "v4", "v6");
        GetPolicyVersionResponse got =
                ask(GetPolicyVersionRequest.newBuilder().setPolicyArn(arn).setVersionId("v4"));
        assertThat(got.getPolicyVersion().getIsDefaultVersion()).isTrue();
        assertThat(got.getPolicyVersion().getDocument()).isEqualTo(ANY);
        for (String version : List.of("v1", "v2", "v3", "v6")) {
            send(deleteVersion(arn, version));
        }
        send(DeletePolicyRequest.newBuilder().setPolicyArn(arn));
        refused(NONE, GetPolicyRequest.newBuilder().setPolicyArn(arn));
    }

    @Test
    void aPolicyThatSomebodyHasStays() {
        send(createUser("holder"));
        send(createPolicy("held", ANY));
        String arn = ACCOUNT + "policy/held";
        DeletePolicyRequest.Builder delete = DeletePolicyRequest.newBuilder().setPolicyArn(arn);

        send(attach("holder", arn));
        assertThat(policy(arn).getAttachmentCount()).isOne();
        refused(CONFLICT, delete);
        refused(CONFLICT, deleteUser("holder"));
        ListAttachedUserPoliciesResponse attached =
                ask(ListAttachedUserPoliciesRequest.newBuilder().setUserName("holder"));
        assertThat(attached.getAttachedPoliciesList())
                .extracting(AttachedPolicy::getPolicyArn)
                .containsExactly(arn);
        DetachUserPolicyRequest.Builder detach =
                DetachUserPolicyRequest.newBuilder().setUserName("holder").setPolicyArn(arn);
        send(detach);
        refused(NONE, detach);
        send(within("holder", arn));
        assertThat(policy(arn).getPermissionsBoundaryUsageCount()).isOne();
        assertThat(
                        iam.user(ROOT, "holder")
                                .getUser()
                                .getPermissionsBoundary()
                                .getPermissionsBoundaryArn())
                .isEqualTo(arn);
        refused(CONFLICT, delete);
        DeleteUserPermissionsBoundaryRequest.Builder unlimited =
                DeleteUserPermissionsBoundaryRequest.newBuilder().setUserName("holder");
        send(unlimited);
        refused(NONE, unlimited);
        send(delete);
        refused(NONE, attach("holder", arn));
        refused(NONE, within("holder", arn));
        refused(INPUT, attach("holder", ACCOUNT + "user/holder"));
    }

    private static String padded(int size) {
        String bare = ANY.replaceAll("\\s", "");
        String sid = "\"Sid\":\"\",";
        String more = "x".repeat(size - bare.length() - sid.length());
        return bare.replace("\"Effect\"", sid.replace("\"\"", "\"" + more + "\"") + " \"Effect\"");
    }

    private static IamTag tag(String key, String value) {
        return IamTag.newBuilder().setKey(key).setValue(value).build();
    }

    private static GetUserRequest.Builder get(String name) {
        return GetUserRequest.newBuilder().setUserName(name);
    }

    private static RemoveUserFromGroupRequest.Builder leave(String user, String group) {
        return RemoveUserFromGroupRequest.newBuilder().setUserName(user).setGroupName(group);
    }

    private static DeletePolicyVersionRequest.Builder deleteVersion(String arn, String id) {
        return DeletePolicyVersionRequest.newBuilder().setPolicyArn(arn).setVersionId(id);
    }

    private Policy policy(String arn) {
        GetPolicyResponse found = ask(GetPolicyRequest.newBuilder().setPolicyArn(arn));
        return found.getPolicy();
    }

    private void send(Message.Builder request) {
        iam.send(ROOT, request);
    }

    private <R extends Message> R ask(Message.Builder request) {
        return iam.ask(ROOT, request);
    }

    private String refused(String name, Message.Builder request) {
        return iam.refused(name, ROOT, request);
    }
}
