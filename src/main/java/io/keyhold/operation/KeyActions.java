package io.keyhold.operation;

import com.google.protobuf.Message;
import io.keyhold.access.Need;
import io.keyhold.key.KmsFault;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The actions that are about keys, by the rows of all verbs. */
public final class KeyActions {

    private KeyActions() {}

    /** Those that a key's policy can allow, in the order of their names. */
    public static NavigableSet<String> of(List<Verb<?, ?>> rows) {
        NavigableSet<String> actions = new TreeSet<>();
        rows.forEach(row -> add(row, actions));
        return actions;
    }

    private static <Q extends Message> void add(Verb<Q, ?> row, NavigableSet<String> actions) {
        List<Need> needs;
        try {
            needs = row.needs(row.prototype());
        } catch (KmsFault e) {
            return; // an empty request names nothing: such a verb is about a grant, not about a key
        }
        needs.stream()
                .filter(need -> need.action().startsWith("kms:"))
                .filter(need -> isKey(need.target()))
                .map(Need::action)
                .forEach(actions::add);
    }

    private static boolean isKey(Need.Target target) {
        return target instanceof Need.Key
                || target instanceof Need.KeyOrAlias
                || target instanceof Need.KeyOfAlias
                || target instanceof Need.KeyToGrant
                || target instanceof Need.CiphertextKey;
    }
}
