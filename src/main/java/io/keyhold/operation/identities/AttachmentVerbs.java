package io.keyhold.operation.identities;

import io.keyhold.iam.Kind;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Verb;
import io.keyhold.v1.AttachGroupPolicyRequest;
import io.keyhold.v1.AttachGroupPolicyResponse;
import io.keyhold.v1.AttachRolePolicyRequest;
import io.keyhold.v1.AttachRolePolicyResponse;
import io.keyhold.v1.AttachUserPolicyRequest;
import io.keyhold.v1.AttachUserPolicyResponse;
import io.keyhold.v1.DeleteRolePermissionsBoundaryRequest;
import io.keyhold.v1.DeleteRolePermissionsBoundaryResponse;
import io.keyhold.v1.DeleteUserPermissionsBoundaryRequest;
import io.keyhold.v1.DeleteUserPermissionsBoundaryResponse;
import io.keyhold.v1.DetachGroupPolicyRequest;
import io.keyhold.v1.DetachGroupPolicyResponse;
import io.keyhold.v1.DetachRolePolicyRequest;
import io.keyhold.v1.DetachRolePolicyResponse;
import io.keyhold.v1.DetachUserPolicyRequest;
import io.keyhold.v1.DetachUserPolicyResponse;
import io.keyhold.v1.ListAttachedGroupPoliciesRequest;
import io.keyhold.v1.ListAttachedGroupPoliciesResponse;
import io.keyhold.v1.ListAttachedRolePoliciesRequest;
import io.keyhold.v1.ListAttachedRolePoliciesResponse;
import io.keyhold.v1.ListAttachedUserPoliciesRequest;
import io.keyhold.v1.ListAttachedUserPoliciesResponse;
import io.keyhold.v1.PutRolePermissionsBoundaryRequest;
import io.keyhold.v1.PutRolePermissionsBoundaryResponse;
import io.keyhold.v1.PutUserPermissionsBoundaryRequest;
import io.keyhold.v1.PutUserPermissionsBoundaryResponse;
import java.util.List;

/** The rows for managed policies that users, groups and roles have. */
final class AttachmentVerbs {

    private AttachmentVerbs() {}

    static List<Verb<?, ?>> rows(Directory directory) {
        EntityPolicyVerbs user = new EntityPolicyVerbs(Kind.USER, directory);
        EntityPolicyVerbs group = new EntityPolicyVerbs(Kind.GROUP, directory);
        EntityPolicyVerbs role = new EntityPolicyVerbs(Kind.ROLE, directory);
        return List.of(
                user.attach(
                        AttachUserPolicyRequest.getDefaultInstance(),
                        AttachUserPolicyResponse.getDefaultInstance()),
                user.detach(
                        DetachUserPolicyRequest.getDefaultInstance(),
                        DetachUserPolicyResponse.getDefaultInstance()),
                user.listAttached(
                        ListAttachedUserPoliciesRequest.getDefaultInstance(),
                        ListAttachedUserPoliciesResponse.getDefaultInstance()),
                group.attach(
                        AttachGroupPolicyRequest.getDefaultInstance(),
                        AttachGroupPolicyResponse.getDefaultInstance()),
                group.detach(
                        DetachGroupPolicyRequest.getDefaultInstance(),
                        DetachGroupPolicyResponse.getDefaultInstance()),
                group.listAttached(
                        ListAttachedGroupPoliciesRequest.getDefaultInstance(),
                        ListAttachedGroupPoliciesResponse.getDefaultInstance()),
                role.attach(
                        AttachRolePolicyRequest.getDefaultInstance(),
                        AttachRolePolicyResponse.getDefaultInstance()),
                role.detach(
                        DetachRolePolicyRequest.getDefaultInstance(),
                        DetachRolePolicyResponse.getDefaultInstance()),
                role.listAttached(
                        ListAttachedRolePoliciesRequest.getDefaultInstance(),
                        ListAttachedRolePoliciesResponse.getDefaultInstance()),
                user.putBoundary(
                        PutUserPermissionsBoundaryRequest.getDefaultInstance(),
                        PutUserPermissionsBoundaryResponse.getDefaultInstance()),
                user.deleteBoundary(
                        DeleteUserPermissionsBoundaryRequest.getDefaultInstance(),
                        DeleteUserPermissionsBoundaryResponse.getDefaultInstance()),
                role.putBoundary(
                        PutRolePermissionsBoundaryRequest.getDefaultInstance(),
                        PutRolePermissionsBoundaryResponse.getDefaultInstance()),
                role.deleteBoundary(
                        DeleteRolePermissionsBoundaryRequest.getDefaultInstance(),
                        DeleteRolePermissionsBoundaryResponse.getDefaultInstance()));
    }
}
