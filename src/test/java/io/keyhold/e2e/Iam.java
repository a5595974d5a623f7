package io.keyhold.e2e;

import com.google.protobuf.Message;
import io.keyhold.v1.AddUserToGroupRequest;
import io.keyhold.v1.AttachUserPolicyRequest;
import io.keyhold.v1.CreateGroupRequest;
import io.keyhold.v1.CreatePolicyRequest;
import io.keyhold.v1.CreateRoleRequest;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.DeleteUserRequest;
import io.keyhold.v1.GetUserRequest;
import io.keyhold.v1.GetUserResponse;
import io.keyhold.v1.PutGroupPolicyRequest;
import io.keyhold.v1.PutRolePolicyRequest;
import io.keyhold.v1.PutUserPermissionsBoundaryRequest;
import io.keyhold.v1.PutUserPolicyRequest;

/** What the tests of identities ask for, as whom. */
final class Iam {

    private final Principals principals;

    Iam(Principals principals) {
        this.principals = principals;
    }

    void send(String principal, Message.Builder request) {
        principals.send(principal, request);
    }

    /** The text of the refusal with this name. */
    String refused(String name, String principal, Message.Builder request) {
        return principals.refused(name, principal, request);
    }

    String denied(String principal, Message.Builder request) {
        return principals.denied(principal, request);
    }

    /** The answer, whose type the caller knows. */
    <R extends Message> R ask(String principal, Message.Builder request) {
        return principals.ask(principal, request);
    }

    GetUserResponse user(String principal, String name) {
        return ask(principal, GetUserRequest.newBuilder().setUserName(name));
    }

    static CreateUserRequest.Builder createUser(String name) {
        return CreateUserRequest.newBuilder().setUserName(name);
    }

    static DeleteUserRequest.Builder deleteUser(String name) {
        return DeleteUserRequest.newBuilder().setUserName(name);
    }

    static CreateGroupRequest.Builder createGroup(String name) {
        return CreateGroupRequest.newBuilder().setGroupName(name);
    }

    static AddUserToGroupRequest.Builder addUser(String user, String group) {
        return AddUserToGroupRequest.newBuilder().setUserName(user).setGroupName(group);
    }

    static CreateRoleRequest.Builder createRole(String name, String trust) {
        return CreateRoleRequest.newBuilder().setRoleName(name).setAssumeRolePolicyDocument(trust);
    }

    static CreatePolicyRequest.Builder createPolicy(String name, String document) {
        return CreatePolicyRequest.newBuilder().setPolicyName(name).setPolicyDocument(document);
    }

    static AttachUserPolicyRequest.Builder attach(String user, String policy) {
        return AttachUserPolicyRequest.newBuilder().setUserName(user).setPolicyArn(policy);
    }

    static PutUserPolicyRequest.Builder put(String user, String document) {
        return put(user, "inline", document);
    }

    static PutUserPolicyRequest.Builder put(String user, String policy, String document) {
        return PutUserPolicyRequest.newBuilder()
                .setUserName(user)
                .setPolicyName(policy)
                .setPolicyDocument(document);
    }

    static PutGroupPolicyRequest.Builder putGroup(String group, String document) {
        return PutGroupPolicyRequest.newBuilder()
                .setGroupName(group)
                .setPolicyName("inline")
                .setPolicyDocument(document);
    }

    static PutRolePolicyRequest.Builder putRole(String role, String document) {
        return PutRolePolicyRequest.newBuilder()
                .setRoleName(role)
                .setPolicyName("inline")
                .setPolicyDocument(document);
    }

    static PutUserPermissionsBoundaryRequest.Builder within(String user, String policy) {
        return PutUserPermissionsBoundaryRequest.newBuilder()
                .setUserName(user)
                .setPermissionsBoundary(policy);
    }

    /** A document with one statement that allows an action on a resource. */
    static String allow(String action, String resource) {
        return document("Allow", action, resource);
    }

    static String deny(String action, String resource) {
        return document("Deny", action, resource);
    }

    static String document(String effect, String action, String resource) {
        return """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "%s", "Action": "%s", "Resource": "%s"}]}
        """
                .formatted(effect, action, resource);
    }

    /** A statement of a key policy that allows a principal an action. */
    static String statement(String principal, String action) {
        return """
        {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "%s", "Resource": "*"}
        """
                .formatted(principal, action);
    }

    /** A policy of these statements. */
    static String policyOf(String... statements) {
        return "{\"Version\": \"2012-10-17\", \"Statement\": ["
                + String.join(",", statements)
                + "]}";
    }

    /** A trust policy that names one principal. */
    static String trust(String principal) {
        return """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"}]}
        """
                .formatted(principal);
    }
}
