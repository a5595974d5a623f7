package io.keyhold.operation.identities;

import com.google.protobuf.Message;
import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Verb;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The verbs that users, groups and roles have alike. */
final class EntityVerbs {

    private final Kind kind;
    private final Directory directory;

    EntityVerbs(Kind kind, Directory directory) {
        this.kind = kind;
        this.directory = directory;
    }

    /** Makes one, and answers it. */
    Verb<?, ?> create(Message prototype, Message answer, Function<Asked, Entity> made) {
        return Row.create(
                prototype,
                kind.type(),
                asked -> {
                    Entity entity = made.apply(asked);
                    directory.create(entity);
                    return new Answer(answer).set(kind.noun(), Shapes.of(entity)).build();
                });
    }

    /** Answers one. */
    Verb<?, ?> get(Message prototype, Message answer) {
        return read(prototype, (asked, one) -> new Answer(answer).set(kind.noun(), Shapes.of(one)));
    }

    /** Lists those of the account. */
    Verb<?, ?> list(Message prototype, Message answer) {
        return Row.read(
                prototype,
                Row::account,
                asked ->
                        Shapes.listing(kind.noun() + "s")
                                .add(
                                        new Answer(answer),
                                        asked.fields(),
                                        directory.all(kind, asked.account()).stream()
                                                .filter(one -> asked.wants(one.path())))
                                .build());
    }

    Verb<?, ?> delete(Message prototype, Message answer) {
        return Row.write(
                prototype,
                Row.entity(kind),
                asked -> {
                    directory.delete(asked.resource());
                    return answer;
                });
    }

    /**
     * Changes one.
     *
     * @param change answers what it becomes; asked while no other change is made
     */
    Verb<?, ?> change(Message prototype, Message answer, BiFunction<Asked, Entity, Entity> change) {
        return Row.write(
                prototype,
                Row.entity(kind),
                asked -> {
                    directory.change(asked.resource(), now -> change.apply(asked, now));
                    return answer;
                });
    }

    /** Looks at one; without a name, at the user who calls. */
    Verb<?, ?> read(Message prototype, BiFunction<Asked, Entity, Answer> answer) {
        return Row.read(
                prototype,
                Row.entity(kind),
                asked -> answer.apply(asked, directory.require(asked.resource())).build());
    }
}
