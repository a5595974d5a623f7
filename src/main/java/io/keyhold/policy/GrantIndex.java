package io.keyhold.policy;

import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.GrantOperation;
import io.keyhold.key.GrantTerms;
import io.keyhold.policy.PrincipalPattern.Reach;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The grants of one key, such that a question costs the same with one of them and with 50,000. Each
 * is filed under its grantee, its operation and the rarest of what its constraints ask for: only
 * those are looked at that ask for something which the request has.
 */
public final class GrantIndex {

    private final Map<Slot, Map<String, Grant>> slots = new ConcurrentHashMap<>();

    /** Files a grant. Changes come one at a time; questions may be asked meanwhile. */
    public void add(Grant grant) {
        for (GrantOperation operation : grant.terms().operations()) {
            Slot rarest =
                    slots(grant, operation).stream()
                            .min(Comparator.comparingInt(this::size))
                            .orElseThrow();
            slots.computeIfAbsent(rarest, slot -> new ConcurrentHashMap<>(1))
                    .put(grant.id(), grant);
        }
    }

    /** Takes a grant out. */
    public void remove(Grant grant) {
        for (GrantOperation operation : grant.terms().operations()) {
            slots(grant, operation).forEach(slot -> remove(slot, grant.id()));
        }
    }

    private void remove(Slot slot, String id) {
        slots.computeIfPresent(
                slot,
                (s, grants) -> {
                    grants.remove(id);
                    return grants.isEmpty() ? null : grants;
                });
    }

    private int size(Slot slot) {
        return slots.getOrDefault(slot, Map.of()).size();
    }

    /**
     * The grant that allows what is asked, if there is one; the nearest, if there are several.
     *
     * @param enough what else its terms must be like
     */
    public @Nullable GrantMatch allowing(Question question, Predicate<GrantTerms> enough) {
        GrantOperation operation = GrantOperation.ofAction(question.lowerCaseAction()).orElse(null);
        if (operation == null || slots.isEmpty()) {
            return null;
        }
        Asked asked = Asked.of(question.keys());
        for (String grantee : Slot.nearestFirst(question.subject())) {
            for (Pair pair : asked.pairs()) {
                Slot slot = new Slot(grantee, operation, pair);
                for (Grant grant : slots.getOrDefault(slot, Map.of()).values()) {
                    Reach reach = reach(grant, question.subject());
                    if (reach != Reach.NONE
                            && asked.meets(grant.terms().constraints(), operation)
                            && enough.test(grant.terms())) {
                        return new GrantMatch(grant.id(), reach);
                    }
                }
            }
        }
        return null;
    }

    private static Reach reach(Grant grant, Subject subject) {
        return PrincipalPattern.of(grant.terms().grantee()).reach(subject);
    }

    private static List<Slot> slots(Grant grant, GrantOperation operation) {
        GrantConstraints constraints = grant.terms().constraints();
        String grantee = Slot.name(PrincipalPattern.of(grant.terms().grantee()));
        List<Slot> all = new ArrayList<>();
        if (operation.hasEncryptionContext()) {
            for (Entry<String, String> pair : constraints.equal().entrySet()) {
                all.add(new Slot(grantee, operation, Pair.of(pair)));
            }
            for (Entry<String, String> pair : constraints.subset().entrySet()) {
                all.add(new Slot(grantee, operation, Pair.of(pair)));
            }
        }
        constraints
                .sourceArn()
                .ifPresent(arn -> all.add(new Slot(grantee, operation, Pair.source(arn))));
        return all.isEmpty() ? List.of(new Slot(grantee, operation, Pair.NONE)) : all;
    }

    /** Whether a grant is to somebody, or to their role or account. */
    public static boolean isTo(Subject subject, Grant grant) {
        return reach(grant, subject) != Reach.NONE;
    }

    /** Where a grant is filed. */
    private record Slot(String grantee, GrantOperation operation, Pair pair) {

        static String name(PrincipalPattern grantee) {
            return switch (grantee) {
                case PrincipalPattern.Account account -> account.account();
                case PrincipalPattern.Named named -> named.arn();
                case PrincipalPattern.Role role -> role(role.account(), role.name());
                case PrincipalPattern.Service service -> service.name();
                case PrincipalPattern.Everyone all -> throw new IllegalArgumentException();
                case PrincipalPattern.Stranger all -> throw new IllegalArgumentException();
            };
        }

        static List<String> nearestFirst(Subject subject) {
            return subject.roleName().isEmpty()
                    ? List.of(subject.arn(), subject.account())
                    : List.of(
                            subject.arn(),
                            role(subject.account(), subject.roleName()),
                            subject.account());
        }

        private static String role(String account, String name) {
            return account + "/" + name;
        }
    }

    /**
     * What a constraint asks for: a pair of the encryption context, or the source ARN.
     *
     * @param name in lower case
     */
    record Pair(String name, String value) {

        static final Pair NONE = new Pair("", "");

        static Pair source(String arn) {
            return new Pair("aws:sourcearn", arn);
        }

        static Pair of(Entry<String, String> pair) {
            return new Pair(pair.getKey().toLowerCase(Locale.ROOT), pair.getValue());
        }
    }

    /** What the request has of that which constraints ask for. */
    record Asked(List<Entry<String, String>> context, Optional<String> sourceArn) {

        private static final ContextKey NAMES = ContextKey.of("kms:EncryptionContextKeys");
        private static final ContextKey SOURCE_ARN = ContextKey.of("aws:SourceArn");

        static Asked of(ContextKeys keys) {
            List<Entry<String, String>> context = new ArrayList<>();
            Set<String> names = new LinkedHashSet<>();
            keys.values(NAMES).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
            for (String name : names) {
                for (String value : keys.values(ContextKey.ofEncryptionContext(name))) {
                    context.add(Map.entry(name, value));
                }
            }
            return new Asked(context, keys.values(SOURCE_ARN).stream().findFirst());
        }

        List<Pair> pairs() {
            List<Pair> pairs = new ArrayList<>(context.size() + 2);
            pairs.add(Pair.NONE);
            context.forEach(pair -> pairs.add(Pair.of(pair)));
            sourceArn.ifPresent(arn -> pairs.add(Pair.source(arn)));
            return pairs;
        }

        boolean meets(GrantConstraints constraints, GrantOperation operation) {
            return (constraints.sourceArn().isEmpty() || constraints.sourceArn().equals(sourceArn))
                    && (!operation.hasEncryptionContext() || constraints.admit(context));
        }
    }
}
