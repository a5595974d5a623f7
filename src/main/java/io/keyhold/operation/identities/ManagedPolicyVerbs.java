package io.keyhold.operation.identities;

import com.google.protobuf.Message;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.iam.ManagedPolicy.Version;
import io.keyhold.key.Arn;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.ManagedPolicies;
import io.keyhold.operation.Verb;
import io.keyhold.v1.CreatePolicyRequest;
import io.keyhold.v1.CreatePolicyResponse;
import io.keyhold.v1.CreatePolicyVersionRequest;
import io.keyhold.v1.CreatePolicyVersionResponse;
import io.keyhold.v1.DeletePolicyRequest;
import io.keyhold.v1.DeletePolicyResponse;
import io.keyhold.v1.DeletePolicyVersionRequest;
import io.keyhold.v1.DeletePolicyVersionResponse;
import io.keyhold.v1.GetPolicyRequest;
import io.keyhold.v1.GetPolicyResponse;
import io.keyhold.v1.GetPolicyVersionRequest;
import io.keyhold.v1.GetPolicyVersionResponse;
import io.keyhold.v1.ListPoliciesRequest;
import io.keyhold.v1.ListPoliciesResponse;
import io.keyhold.v1.ListPolicyVersionsRequest;
import io.keyhold.v1.ListPolicyVersionsResponse;
import io.keyhold.v1.Policy;
import io.keyhold.v1.SetDefaultPolicyVersionRequest;
import io.keyhold.v1.SetDefaultPolicyVersionResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The verbs for managed policies and their versions. */
final class ManagedPolicyVerbs {

    private static final String VERSION = "VersionId";

    private ManagedPolicyVerbs() {}

    static List<Verb<?, ?>> rows(Directory directory, InstantSource clock) {
        ManagedPolicies policies = directory.managed();
        return List.of(
                Row.create(
                        CreatePolicyRequest.getDefaultInstance(),
                        ManagedPolicy.TYPE,
                        asked -> create(policies, asked, clock)),
                Row.read(
                        GetPolicyRequest.getDefaultInstance(),
                        Row::policy,
                        asked ->
                                GetPolicyResponse.newBuilder()
                                        .setPolicy(shape(policies, asked))
                                        .build()),
                Row.read(
                        ListPoliciesRequest.getDefaultInstance(),
                        Row::account,
                        asked -> list(policies, asked)),
                Row.write(
                        DeletePolicyRequest.getDefaultInstance(),
                        Row::policy,
                        asked -> {
                            policies.delete(asked.resource());
                            return DeletePolicyResponse.getDefaultInstance();
                        }),
                Row.write(
                        CreatePolicyVersionRequest.getDefaultInstance(),
                        Row::policy,
                        asked -> createVersion(policies, asked, clock)),
                Row.read(
                        GetPolicyVersionRequest.getDefaultInstance(),
                        Row::policy,
                        asked -> getVersion(policies, asked)),
                Row.read(
                        ListPolicyVersionsRequest.getDefaultInstance(),
                        Row::policy,
                        asked -> listVersions(policies, asked)),
                Row.write(
                        DeletePolicyVersionRequest.getDefaultInstance(),
                        Row::policy,
                        asked -> {
                            policies.change(
                                    asked.resource(), now -> now.without(asked.text(VERSION)));
                            return DeletePolicyVersionResponse.getDefaultInstance();
                        }),
                Row.write(
                        SetDefaultPolicyVersionRequest.getDefaultInstance(),
                        Row::policy,
                        asked -> {
                            policies.change(
                                    asked.resource(), now -> now.setDefault(asked.text(VERSION)));
                            return SetDefaultPolicyVersionResponse.getDefaultInstance();
                        }));
    }

    private static Message create(ManagedPolicies policies, Asked asked, InstantSource clock) {
        ManagedPolicy policy =
                ManagedPolicy.of(
                        asked.resource(),
                        asked.text("Description"),
                        EntityPolicyVerbs.document(asked),
                        clock.instant());
        policies.create(policy);
        return CreatePolicyResponse.newBuilder()
                .setPolicy(Shapes.policy(policy, Map.of(), Map.of()))
                .build();
    }

    private static Policy shape(ManagedPolicies policies, Asked asked) {
        return Shapes.policy(
                policies.require(asked.resource()),
                policies.attachments(asked.account()),
                policies.boundaries(asked.account()));
    }

    private static Message list(ManagedPolicies policies, Asked asked) {
        Map<Arn, Long> attachments = policies.attachments(asked.account());
        Map<Arn, Long> boundaries = policies.boundaries(asked.account());
        boolean onlyAttached = asked.fields().isTrue("OnlyAttached");
        return new Listing<ManagedPolicy>(
                        "Policies",
                        policy -> policy.name().toLowerCase(Locale.ROOT),
                        policy -> Shapes.policy(policy, attachments, boundaries))
                .add(
                        new Answer(ListPoliciesResponse.getDefaultInstance()),
                        asked.fields(),
                        policies.all(asked.account()).stream()
                                .filter(p -> asked.wants(p.path()))
                                .filter(p -> !onlyAttached || attachments.containsKey(p.arn())))
                .build();
    }

    private static Message createVersion(
            ManagedPolicies policies, Asked asked, InstantSource clock) {
        String document = EntityPolicyVerbs.document(asked);
        boolean setAsDefault = asked.fields().isTrue("SetAsDefault");
        ManagedPolicy policy =
                policies.change(
                        asked.resource(), now -> now.with(document, setAsDefault, clock.instant()));
        Version made = policy.versions().lastEntry().getValue();
        return CreatePolicyVersionResponse.newBuilder()
                .setPolicyVersion(Shapes.version(policy, made))
                .build();
    }

    private static Message getVersion(ManagedPolicies policies, Asked asked) {
        ManagedPolicy policy = policies.require(asked.resource());
        Version version = policy.require(asked.text(VERSION));
        return GetPolicyVersionResponse.newBuilder()
                .setPolicyVersion(Shapes.version(policy, version).setDocument(version.document()))
                .build();
    }

    private static Message listVersions(ManagedPolicies policies, Asked asked) {
        ManagedPolicy policy = policies.require(asked.resource());
        return new Listing<Version>(
                        "Versions",
                        version -> String.format(Locale.ROOT, "%09d", version.number()),
                        version -> Shapes.version(policy, version).build())
                .add(
                        new Answer(ListPolicyVersionsResponse.getDefaultInstance()),
                        asked.fields(),
                        policy.versions().values().stream())
                .build();
    }
}
