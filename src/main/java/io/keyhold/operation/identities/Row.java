package io.keyhold.operation.identities;

import com.google.protobuf.Message;
import io.keyhold.access.Need;
import io.keyhold.iam.Kind;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import java.util.List;
import java.util.function.Function;

/** Makes the rows of this room; a verb has the name of its request. */
final class Row {

    private static final String IAM = "iam";
    private static final String KEYHOLD = "keyhold";

    private Row() {}

    /** A verb that only looks. */
    static Verb<?, ?> read(
            Message prototype,
            Function<Fields, Need.Target> target,
            Function<Asked, Message> answer) {
        return new Verb<Message, Message>(
                IAM,
                verb(prototype),
                prototype,
                AuditClass.READ,
                request -> List.of(need(request, target)),
                ticket -> Effect.of(() -> answer.apply(Asked.of(ticket))));
    }

    /** A verb that changes something. */
    static Verb<?, ?> write(
            Message prototype,
            Function<Fields, Need.Target> target,
            Function<Asked, Message> change) {
        return change(prototype, request -> List.of(need(request, target)), change);
    }

    /** Likewise, of a verb whose answer holds a secret. */
    static Verb<?, ?> secret(
            Message prototype,
            Function<Fields, Need.Target> target,
            Function<Asked, Effect.Answer<Message>> change) {
        return new Verb<Message, Message>(
                IAM,
                verb(prototype),
                prototype,
                AuditClass.WRITE,
                request -> List.of(need(request, target)),
                ticket -> new Effect<>(false, () -> change.apply(Asked.of(ticket))));
    }

    /** Likewise, of one that makes a user, group, role or managed policy. */
    static Verb<?, ?> create(Message prototype, String type, Function<Asked, Message> change) {
        String nameField = Character.toUpperCase(type.charAt(0)) + type.substring(1) + "Name";
        return change(
                prototype,
                request -> {
                    Fields fields = new Fields(request);
                    Need.Target made =
                            new Need.NewIdentity(
                                    type, NewEntity.path(fields), fields.text(nameField));
                    Need create = new Need(IAM + ":" + fields.verb(), made);
                    // Whoever makes something tagged must be allowed to tag.
                    return NewEntity.isTagged(fields)
                            ? List.of(
                                    create,
                                    new Need(create.action().replace("Create", "Tag"), made))
                            : List.of(create);
                },
                change);
    }

    /** A verb for the operator alone. */
    static Verb<?, ?> ofDaemon(
            Message prototype, AuditClass audit, Function<Asked, Message> answer) {
        String name = verb(prototype);
        List<Need> needs = List.of(new Need(KEYHOLD + ":" + name, new Need.Daemon()));
        return new Verb<Message, Message>(
                KEYHOLD,
                name,
                prototype,
                audit,
                request -> needs,
                ticket ->
                        Effect.of(audit == AuditClass.READ, () -> answer.apply(Asked.of(ticket))));
    }

    /** The user, group or role that a request names. */
    static Function<Fields, Need.Target> entity(Kind kind) {
        return fields -> new Need.Identity(kind, fields.text(Asked.nameField(kind)));
    }

    /** The managed policy that a request names. */
    static Need.Target policy(Fields fields) {
        return new Need.ManagedPolicy(fields.text("PolicyArn"));
    }

    /** The user whose access key a request names. */
    static Need.Target userOfAccessKey(Fields fields) {
        return new Need.UserOfAccessKey(fields.text("AccessKeyId"));
    }

    /** Nothing in particular. */
    static Need.Target account(Fields fields) {
        return new Need.Account();
    }

    private static Verb<?, ?> change(
            Message prototype,
            Function<Message, List<Need>> needs,
            Function<Asked, Message> change) {
        return new Verb<Message, Message>(
                IAM,
                verb(prototype),
                prototype,
                AuditClass.WRITE,
                needs,
                ticket -> Effect.slow(() -> change.apply(Asked.of(ticket))));
    }

    private static Need need(Message request, Function<Fields, Need.Target> target) {
        Fields fields = new Fields(request);
        return new Need(IAM + ":" + fields.verb(), target.apply(fields));
    }

    private static String verb(Message prototype) {
        return new Fields(prototype).verb();
    }
}
