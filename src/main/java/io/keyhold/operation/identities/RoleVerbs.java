package io.keyhold.operation.identities;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.iam.RoleTerms;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.NamedPrincipals;
import io.keyhold.operation.Verb;
import io.keyhold.policy.PolicyParser;
import io.keyhold.v1.CreateRoleRequest;
import io.keyhold.v1.CreateRoleResponse;
import io.keyhold.v1.DeleteRoleRequest;
import io.keyhold.v1.DeleteRoleResponse;
import io.keyhold.v1.GetRoleRequest;
import io.keyhold.v1.GetRoleResponse;
import io.keyhold.v1.ListRoleTagsRequest;
import io.keyhold.v1.ListRoleTagsResponse;
import io.keyhold.v1.ListRolesRequest;
import io.keyhold.v1.ListRolesResponse;
import io.keyhold.v1.TagRoleRequest;
import io.keyhold.v1.TagRoleResponse;
import io.keyhold.v1.UntagRoleRequest;
import io.keyhold.v1.UntagRoleResponse;
import io.keyhold.v1.UpdateAssumeRolePolicyRequest;
import io.keyhold.v1.UpdateAssumeRolePolicyResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The verbs for roles. */
final class RoleVerbs {

    private static final int USUAL_SESSION_SECONDS = 3600;

    private RoleVerbs() {}

    static List<Verb<?, ?>> rows(
            Directory directory, NamedPrincipals principals, InstantSource clock) {
        EntityVerbs verbs = new EntityVerbs(Kind.ROLE, directory);
        return List.of(
                verbs.create(
                        CreateRoleRequest.getDefaultInstance(),
                        CreateRoleResponse.getDefaultInstance(),
                        asked -> create(asked, principals, clock)),
                verbs.get(
                        GetRoleRequest.getDefaultInstance(), GetRoleResponse.getDefaultInstance()),
                verbs.list(
                        ListRolesRequest.getDefaultInstance(),
                        ListRolesResponse.getDefaultInstance()),
                verbs.delete(
                        DeleteRoleRequest.getDefaultInstance(),
                        DeleteRoleResponse.getDefaultInstance()),
                verbs.change(
                        UpdateAssumeRolePolicyRequest.getDefaultInstance(),
                        UpdateAssumeRolePolicyResponse.getDefaultInstance(),
                        (asked, now) ->
                                now.with(
                                        trusting(
                                                now.role().orElseThrow(),
                                                asked,
                                                "PolicyDocument",
                                                principals))),
                EntityTagVerbs.tag(
                        verbs,
                        TagRoleRequest.getDefaultInstance(),
                        TagRoleResponse.getDefaultInstance()),
                EntityTagVerbs.untag(
                        verbs,
                        UntagRoleRequest.getDefaultInstance(),
                        UntagRoleResponse.getDefaultInstance()),
                EntityTagVerbs.list(
                        verbs,
                        ListRoleTagsRequest.getDefaultInstance(),
                        ListRoleTagsResponse.getDefaultInstance()));
    }

    private static Entity create(Asked asked, NamedPrincipals principals, InstantSource clock) {
        Fields fields = asked.fields();
        RoleTerms bare =
                new RoleTerms(
                        "",
                        Map.of(),
                        fields.text("Description"),
                        fields.number("MaxSessionDuration", USUAL_SESSION_SECONDS));
        RoleTerms terms = trusting(bare, asked, "AssumeRolePolicyDocument", principals);
        return NewEntity.of(Kind.ROLE, asked, Optional.of(terms), clock.instant());
    }

    private static RoleTerms trusting(
            RoleTerms before, Asked asked, String field, NamedPrincipals principals) {
        String document = asked.text(field);
        Map<String, String> bound =
                principals.bind(
                        PolicyParser.ofTrust(document, Map.of()), asked.resource().partition());
        return before.trusting(document, bound);
    }
}
