package io.keyhold.access;

import io.keyhold.key.Caller;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PolicyParser;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The policies that narrow sessions, compiled once a session. */
final class SessionPolicies {

    private static final int REMEMBERED = 10_000;

    private final ConcurrentMap<List<String>, Policy> compiled = new ConcurrentHashMap<>();

    /** What the caller's session is narrowed to, all its documents together; empty if it is not. */
    Optional<Policy> of(Caller caller) {
        return caller.session()
                .map(Caller.SessionContext::policies)
                .filter(documents -> !documents.isEmpty())
                .map(this::compiled);
    }

    private Policy compiled(List<String> documents) {
        if (compiled.size() >= REMEMBERED) {
            compiled.clear();
        }
        return compiled.computeIfAbsent(documents, SessionPolicies::compile);
    }

    private static Policy compile(List<String> documents) {
        return new Policy(
                documents.stream()
                        .map(document -> PolicyParser.ofIdentity(document, "session policy"))
                        .flatMap(policy -> policy.statements().stream())
                        .toList());
    }
}
