package io.keyhold.iam;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.Collections;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The policies of a user, a group or a role.
 *
 * @param inline documents by name
 * @param attached managed policies
 * @param boundary the managed policy that limits the others, if there is one
 */
public record Permissions(
        NavigableMap<String, String> inline, Set<Arn> attached, Optional<Arn> boundary) {

    /** None at all. */
    public static final Permissions NONE =
            new Permissions(new TreeMap<>(), Set.of(), Optional.empty());

    private static final int MOST_ATTACHED = 10;

    public Permissions {
        inline = Collections.unmodifiableNavigableMap(new TreeMap<>(inline));
        attached = Set.copyOf(attached);
    }

    /** With an inline policy, in place of one of the same name. */
    Permissions with(Kind kind, String name, String document) {
        NavigableMap<String, String> all = new TreeMap<>(inline);
        all.put(name, document);
        int size = all.values().stream().mapToInt(PolicyText::size).sum();
        if (size > kind.mostInline()) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "Maximum policy size of %d bytes exceeded for the %s: its inline policies would"
                            + " have %d.",
                    kind.mostInline(),
                    kind.type(),
                    size);
        }
        return new Permissions(all, attached, boundary);
    }

    Permissions without(Kind kind, String name) {
        requireInline(kind, name);
        NavigableMap<String, String> rest = new TreeMap<>(inline);
        rest.remove(name);
        return new Permissions(rest, attached, boundary);
    }

    String requireInline(Kind kind, String name) {
        String document = inline.get(name);
        if (document == null) {
            throw KmsFault.of(
                    FaultName.NoSuchEntityException,
                    "The %s policy with name %s cannot be found.",
                    kind.type(),
                    name);
        }
        return document;
    }

    Permissions attach(Kind kind, Arn policy) {
        Set<Arn> all = new HashSet<>(attached);
        all.add(policy);
        if (all.size() > MOST_ATTACHED) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "Cannot exceed quota for PoliciesPer%s: %d",
                    kind.noun(),
                    MOST_ATTACHED);
        }
        return new Permissions(inline, all, boundary);
    }

    Permissions detach(Arn policy) {
        Set<Arn> rest = new HashSet<>(attached);
        if (!rest.remove(policy)) {
            throw KmsFault.of(FaultName.NoSuchEntityException, "Policy %s was not found.", policy);
        }
        return new Permissions(inline, rest, boundary);
    }

    Permissions within(Optional<Arn> limit) {
        return new Permissions(inline, attached, limit);
    }
}
