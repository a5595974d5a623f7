package io.keyhold.operation.identities;

import io.keyhold.iam.Kind;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Verb;
import io.keyhold.v1.DeleteGroupPolicyRequest;
import io.keyhold.v1.DeleteGroupPolicyResponse;
import io.keyhold.v1.DeleteRolePolicyRequest;
import io.keyhold.v1.DeleteRolePolicyResponse;
import io.keyhold.v1.DeleteUserPolicyRequest;
import io.keyhold.v1.DeleteUserPolicyResponse;
import io.keyhold.v1.GetGroupPolicyRequest;
import io.keyhold.v1.GetGroupPolicyResponse;
import io.keyhold.v1.GetRolePolicyRequest;
import io.keyhold.v1.GetRolePolicyResponse;
import io.keyhold.v1.GetUserPolicyRequest;
import io.keyhold.v1.GetUserPolicyResponse;
import io.keyhold.v1.ListGroupPoliciesRequest;
import io.keyhold.v1.ListGroupPoliciesResponse;
import io.keyhold.v1.ListRolePoliciesRequest;
import io.keyhold.v1.ListRolePoliciesResponse;
import io.keyhold.v1.ListUserPoliciesRequest;
import io.keyhold.v1.ListUserPoliciesResponse;
import io.keyhold.v1.PutGroupPolicyRequest;
import io.keyhold.v1.PutGroupPolicyResponse;
import io.keyhold.v1.PutRolePolicyRequest;
import io.keyhold.v1.PutRolePolicyResponse;
import io.keyhold.v1.PutUserPolicyRequest;
import io.keyhold.v1.PutUserPolicyResponse;
import java.util.List;

/** The rows for inline policies. */
final class InlinePolicyVerbs {

    private InlinePolicyVerbs() {}

    static List<Verb<?, ?>> rows(Directory directory) {
        EntityPolicyVerbs user = new EntityPolicyVerbs(Kind.USER, directory);
        EntityPolicyVerbs group = new EntityPolicyVerbs(Kind.GROUP, directory);
        EntityPolicyVerbs role = new EntityPolicyVerbs(Kind.ROLE, directory);
        return List.of(
                user.put(
                        PutUserPolicyRequest.getDefaultInstance(),
                        PutUserPolicyResponse.getDefaultInstance()),
                user.get(
                        GetUserPolicyRequest.getDefaultInstance(),
                        GetUserPolicyResponse.getDefaultInstance()),
                user.delete(
                        DeleteUserPolicyRequest.getDefaultInstance(),
                        DeleteUserPolicyResponse.getDefaultInstance()),
                user.list(
                        ListUserPoliciesRequest.getDefaultInstance(),
                        ListUserPoliciesResponse.getDefaultInstance()),
                group.put(
                        PutGroupPolicyRequest.getDefaultInstance(),
                        PutGroupPolicyResponse.getDefaultInstance()),
                group.get(
                        GetGroupPolicyRequest.getDefaultInstance(),
                        GetGroupPolicyResponse.getDefaultInstance()),
                group.delete(
                        DeleteGroupPolicyRequest.getDefaultInstance(),
                        DeleteGroupPolicyResponse.getDefaultInstance()),
                group.list(
                        ListGroupPoliciesRequest.getDefaultInstance(),
                        ListGroupPoliciesResponse.getDefaultInstance()),
                role.put(
                        PutRolePolicyRequest.getDefaultInstance(),
                        PutRolePolicyResponse.getDefaultInstance()),
                role.get(
                        GetRolePolicyRequest.getDefaultInstance(),
                        GetRolePolicyResponse.getDefaultInstance()),
                role.delete(
                        DeleteRolePolicyRequest.getDefaultInstance(),
                        DeleteRolePolicyResponse.getDefaultInstance()),
                role.list(
                        ListRolePoliciesRequest.getDefaultInstance(),
                        ListRolePoliciesResponse.getDefaultInstance()));
    }
}
