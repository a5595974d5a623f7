package io.keyhold.operation.identities;

import io.keyhold.iam.Entity;
import io.keyhold.iam.IamTags;
import io.keyhold.iam.Kind;
import io.keyhold.iam.Permissions;
import io.keyhold.iam.RoleTerms;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Tags;
import io.keyhold.operation.JsonNames;
import io.keyhold.v1.IamTag;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a request to make a user, group or role asks for. */
final class NewEntity {

    private static final String PATH = "Path";
    private static final String TAGS = "Tags";
    private static final String BOUNDARY = "PermissionsBoundary";

    private NewEntity() {}

    /**
     * The entity as it will be.
     *
     * @throws KmsFault InvalidInputException, LimitExceededException, NoSuchEntityException
     */
    static Entity of(Kind kind, Asked asked, Optional<RoleTerms> role, Instant now) {
        Fields fields = asked.fields();
        Optional<Arn> boundary =
                knows(fields, BOUNDARY) && fields.has(BOUNDARY)
                        ? Optional.of(asked.policy(BOUNDARY))
                        : Optional.empty();
        return new Entity(
                asked.resource(),
                kind.newId(),
                now,
                isTagged(fields) ? IamTags.with(Tags.NONE, tags(fields)) : Tags.NONE,
                new Permissions(Permissions.NONE.inline(), Set.of(), boundary),
                Set.of(),
                role);
    }

    static String path(Fields fields) {
        return fields.optional(PATH).orElse("/");
    }

    static boolean isTagged(Fields fields) {
        return knows(fields, TAGS) && !fields.list(TAGS, IamTag.class).isEmpty();
    }

    /**
     * The tags of a request.
     *
     * @throws KmsFault InvalidInputException if a name stands twice
     */
    static Map<String, String> tags(Fields fields) {
        List<IamTag> tags = fields.list(TAGS, IamTag.class);
        Map<String, String> parsed = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        for (IamTag tag : tags) {
            if (!names.add(tag.getKey().toLowerCase(Locale.ROOT))) {
                throw KmsFault.of(
                        FaultName.InvalidInputException,
                        "Duplicate tag keys found. Please note that Tag keys are case"
                                + " insensitive.");
            }
            parsed.put(tag.getKey(), tag.getValue());
        }
        return parsed;
    }

    private static boolean knows(Fields fields, String name) {
        return JsonNames.find(fields.request().getDescriptorForType(), name) != null;
    }
}
