package io.keyhold.operation.identities;

import com.google.protobuf.Message;
import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Verb;
import io.keyhold.policy.PolicyParser;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The verbs for the policies that users, groups and roles have. */
final class EntityPolicyVerbs {

    private static final String NAME = "PolicyName";
    private static final String DOCUMENT = "PolicyDocument";
    private static final String ARN = "PolicyArn";
    private static final String BOUNDARY = "PermissionsBoundary";

    private static final Listing<String> NAMES =
            new Listing<>("PolicyNames", Function.identity(), name -> name);
    private static final Listing<ManagedPolicy> ATTACHED =
            new Listing<>(
                    "AttachedPolicies",
                    policy -> policy.name().toLowerCase(Locale.ROOT),
                    Shapes::attached);

    private final Kind kind;
    private final Directory directory;
    private final EntityVerbs verbs;

    EntityPolicyVerbs(Kind kind, Directory directory) {
        this.kind = kind;
        this.directory = directory;
        this.verbs = new EntityVerbs(kind, directory);
    }

    Verb<?, ?> put(Message prototype, Message answer) {
        return verbs.change(
                prototype,
                answer,
                (asked, now) -> now.withPolicy(asked.text(NAME), document(asked)));
    }

    Verb<?, ?> get(Message prototype, Message answer) {
        return verbs.read(
                prototype,
                (asked, one) ->
                        new Answer(answer)
                                .set(Asked.nameField(kind), one.name())
                                .set(NAME, asked.text(NAME))
                                .set(DOCUMENT, one.requirePolicy(asked.text(NAME))));
    }

    Verb<?, ?> delete(Message prototype, Message answer) {
        return verbs.change(prototype, answer, (asked, now) -> now.withoutPolicy(asked.text(NAME)));
    }

    Verb<?, ?> list(Message prototype, Message answer) {
        return verbs.read(
                prototype,
                (asked, one) ->
                        NAMES.add(
                                new Answer(answer),
                                asked.fields(),
                                one.permissions().inline().keySet().stream()));
    }

    Verb<?, ?> attach(Message prototype, Message answer) {
        return verbs.change(
                prototype,
                answer,
                (asked, now) -> now.attach(directory.managed().require(asked.policy(ARN)).arn()));
    }

    Verb<?, ?> detach(Message prototype, Message answer) {
        return verbs.change(prototype, answer, (asked, now) -> now.detach(asked.policy(ARN)));
    }

    Verb<?, ?> listAttached(Message prototype, Message answer) {
        return verbs.read(
                prototype,
                (asked, one) ->
                        ATTACHED.add(
                                new Answer(answer),
                                asked.fields(),
                                one.permissions().attached().stream()
                                        .flatMap(arn -> directory.managed().find(arn).stream())
                                        .filter(policy -> asked.wants(policy.path()))));
    }

    Verb<?, ?> putBoundary(Message prototype, Message answer) {
        return verbs.change(
                prototype,
                answer,
                (asked, now) ->
                        now.within(
                                Optional.of(
                                        directory
                                                .managed()
                                                .require(asked.policy(BOUNDARY))
                                                .arn())));
    }

    Verb<?, ?> deleteBoundary(Message prototype, Message answer) {
        return verbs.change(prototype, answer, (asked, now) -> unlimited(now));
    }

    private static Entity unlimited(Entity now) {
        if (now.permissions().boundary().isEmpty()) {
            throw KmsFault.of(
                    FaultName.NoSuchEntityException,
                    "The %s with name %s has no permissions boundary.",
                    now.kind().type(),
                    now.name());
        }
        return now.within(Optional.empty());
    }

    /**
     * The policy document of a request.
     *
     * @throws KmsFault MalformedPolicyDocumentException naming the place that is wrong
     */
    static String document(Asked asked) {
        String document = asked.text(DOCUMENT);
        PolicyParser.ofIdentity(document, "the new policy");
        return document;
    }
}
