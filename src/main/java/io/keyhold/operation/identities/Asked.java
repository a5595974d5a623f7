package io.keyhold.operation.identities;

import com.google.protobuf.Message;
import io.keyhold.access.Authorized;
import io.keyhold.iam.Kind;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.key.Arn;
import io.keyhold.keyring.ManagedPolicies;

/** What an authorized request of this room asks for. */
record Asked(Authorized<Message> ticket, Fields fields) {

    static Asked of(Authorized<Message> ticket) {
        return new Asked(ticket, new Fields(ticket.request()));
    }

    /** The account that it is about: the caller's. */
    String account() {
        return ticket.caller().account();
    }

    /** What the caller was authorized for: the ARN of what it is about. */
    Arn resource() {
        return ticket.resource();
    }

    String text(String field) {
        return fields.text(field);
    }

    /** The field that has the name of a user, group or role. */
    static String nameField(Kind kind) {
        return kind.noun() + "Name";
    }

    /** Whether something with this path is asked for. */
    boolean wants(String path) {
        return path.startsWith(text("PathPrefix"));
    }

    /**
     * The managed policy that a field names.
     *
     * @throws io.keyhold.key.KmsFault InvalidInputException; NoSuchEntityException if it is another
     *     account's
     */
    Arn policy(String field) {
        Arn arn = ManagedPolicy.parseArn(text(field));
        if (!arn.account().equals(account())) {
            throw ManagedPolicies.notFound(arn);
        }
        return arn;
    }
}
