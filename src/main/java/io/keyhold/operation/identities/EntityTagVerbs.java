package io.keyhold.operation.identities;

import com.google.protobuf.Message;
import io.keyhold.iam.IamTags;
import io.keyhold.operation.Verb;
import java.util.List;

/** The verbs for the tags of users and roles. */
final class EntityTagVerbs {

    private EntityTagVerbs() {}

    static Verb<?, ?> tag(EntityVerbs verbs, Message prototype, Message answer) {
        return verbs.change(
                prototype,
                answer,
                (asked, now) -> now.with(IamTags.with(now.tags(), NewEntity.tags(asked.fields()))));
    }

    static Verb<?, ?> untag(EntityVerbs verbs, Message prototype, Message answer) {
        return verbs.change(
                prototype,
                answer,
                (asked, now) -> {
                    List<String> names = asked.fields().list("TagKeys", String.class);
                    return now.with(IamTags.without(now.tags(), names));
                });
    }

    static Verb<?, ?> list(EntityVerbs verbs, Message prototype, Message answer) {
        return verbs.read(
                prototype,
                (asked, one) ->
                        Shapes.TAGS.add(
                                new Answer(answer),
                                asked.fields(),
                                one.tags().values().entrySet().stream()));
    }
}
