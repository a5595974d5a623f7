package io.keyhold.operation;

import com.google.protobuf.Message;
import io.keyhold.access.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A verb's row: everything that the pipeline has to know about it.
 *
 * @param service the prefix of its action, such as {@code kms}
 * @param prototype the default request; its descriptor carries the limits of the fields
 * @param audit how it is recorded
 * @param needs what the caller must be allowed, in the order in which it is checked
 */
public record Verb<Q extends Message, R extends Message>(
        String service,
        String name,
        Q prototype,
        AuditClass audit,
        Function<Q, List<Need>> needs,
        Operation<Q, R> operation) {

    private static final String KMS = "kms";
    private static final String FROM = "kms:ReEncryptFrom";
    private static final String TO = "kms:ReEncryptTo";

    /** A row of a verb of AWS KMS. */
    public Verb(
            String name,
            Q prototype,
            AuditClass audit,
            Function<Q, List<Need>> needs,
            Operation<Q, R> operation) {
        this(KMS, name, prototype, audit, needs, operation);
    }

    /** What a request needs, with what its fields answer to conditions. */
    public List<Need> needs(Q request) {
        List<Need> bare = needs.apply(request);
        List<Need> full = new ArrayList<>(bare.size());
        for (Need need : bare) {
            full.add(need.with(new RequestKeys(request, side(need.action()))));
        }
        return full;
    }

    private static String side(String action) {
        return action.equals(FROM) ? "Source" : action.equals(TO) ? "Destination" : "";
    }

    /** What kind of event a call leaves. */
    public enum AuditClass {
        /** Only looks at metadata. */
        READ,
        /** Uses key material. */
        USE,
        /** Gives out credentials, which is no change here: the answer is recorded as well. */
        ISSUE,
        /** Changes something: likewise. */
        WRITE;

        public boolean recordsAnswer() {
            return this == ISSUE || this == WRITE;
        }
    }

    /** A row whose only need is this verb's own action on the key that a field names. */
    public static <Q extends Message, R extends Message> Verb<Q, R> ofKey(
            String name,
            Q prototype,
            AuditClass audit,
            Function<Q, String> keyId,
            Operation<Q, R> operation) {
        return of(name, prototype, audit, q -> new Need.Key(keyId.apply(q)), operation);
    }

    /** Likewise, of a verb that takes an alias in place of the key. */
    public static <Q extends Message, R extends Message> Verb<Q, R> ofKeyOrAlias(
            String name,
            Q prototype,
            AuditClass audit,
            Function<Q, String> keyId,
            Operation<Q, R> operation) {
        return of(name, prototype, audit, q -> new Need.KeyOrAlias(keyId.apply(q)), operation);
    }

    private static <Q extends Message, R extends Message> Verb<Q, R> of(
            String name,
            Q prototype,
            AuditClass audit,
            Function<Q, Need.Target> target,
            Operation<Q, R> operation) {
        String action = "kms:" + name;
        return new Verb<>(
                name, prototype, audit, q -> List.of(new Need(action, target.apply(q))), operation);
    }

    /** A row whose only need is this verb's own action in the caller's account. */
    public static <Q extends Message, R extends Message> Verb<Q, R> ofAccount(
            String name, Q prototype, AuditClass audit, Operation<Q, R> operation) {
        List<Need> needs = List.of(new Need("kms:" + name, new Need.Account()));
        return new Verb<>(name, prototype, audit, q -> needs, operation);
    }
}
