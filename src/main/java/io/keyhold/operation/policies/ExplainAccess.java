package io.keyhold.operation.policies;

import io.keyhold.access.Authorized;
import io.keyhold.access.Hypothesis;
import io.keyhold.access.Need;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.policy.ContextKey;
import io.keyhold.policy.ContextKeys;
import io.keyhold.policy.Explanation;
import io.keyhold.v1.ContextEntry;
import io.keyhold.v1.ExplainAccessRequest;
import io.keyhold.v1.ExplainAccessResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;

/** Answers whether somebody may do something with a key, and because of what. */
final class ExplainAccess implements Operation<ExplainAccessRequest, ExplainAccessResponse> {

    private static final String LOOK = "iam:SimulatePrincipalPolicy";
    private static final String CONTEXT = "kms:encryptioncontext";

    private final NavigableSet<String> actions;

    /**
     * @param actions those that are about keys
     */
    ExplainAccess(NavigableSet<String> actions) {
        this.actions = actions;
    }

    static List<Need> needs(ExplainAccessRequest request) {
        return List.of(new Need("kms:GetKeyPolicy", new Need.KeyOrAlias(request.getKeyId())));
    }

    @Override
    public Effect<ExplainAccessResponse> prepare(Authorized<ExplainAccessRequest> authorized) {
        ExplainAccessRequest request = authorized.request();
        requireKnown(request.getAction());
        Caller caller = authorized.caller();
        Principal principal =
                request.hasPrincipal() ? principal(request.getPrincipal()) : caller.principal();
        boolean own = isOwn(principal, caller);
        if (own && !principal.equals(caller.principal())) {
            authorized.require(LOOK, looked(principal));
        }
        Hypothesis hypothesis =
                new Hypothesis(
                        principal, request.getAction(), given(request.getContextEntriesList()));
        Explanation why = authorized.explain(hypothesis);
        String key = authorized.key().arn().toString();
        return Effect.of(
                () -> new ExplanationText(hypothesis, key, caller.account(), own).answer(why));
    }

    private static boolean isOwn(Principal principal, Caller caller) {
        return principal instanceof Principal.OfAccount named
                && named.arn().account().equals(caller.account());
    }

    /** Whose policies are looked at: of a session, its role's. */
    private static String looked(Principal principal) {
        return principal instanceof Principal.OfAccount named && named.arn().isSession()
                ? Arn.iam(
                                named.arn().partition(),
                                named.arn().account(),
                                "role",
                                "/",
                                named.arn().roleName())
                        .toString()
                : principal.toString();
    }

    private static Principal principal(String text) {
        return Principal.parse(text)
                .orElseThrow(
                        () ->
                                KmsFault.of(
                                        FaultName.InvalidArnException,
                                        "'%s' is neither the ARN of a root, a user, a role or a"
                                                + " role session nor the name of a service.",
                                        text));
    }

    private void requireKnown(String action) {
        if (!actions.contains(action)) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "'%s' is no action on a key; there are %s.",
                    action,
                    String.join(", ", actions));
        }
    }

    private static ContextKeys given(List<ContextEntry> entries) {
        Map<ContextKey, List<String>> values = new HashMap<>();
        for (ContextEntry entry : entries) {
            if (entry.getContextKeyName().toLowerCase(Locale.ROOT).startsWith(CONTEXT)) {
                throw KmsFault.of(
                        FaultName.ValidationException,
                        "%s is not given as a context entry, but as EncryptionContext.",
                        entry.getContextKeyName());
            }
            values.put(
                    ContextKey.of(entry.getContextKeyName()),
                    List.copyOf(entry.getContextKeyValuesList()));
        }
        return key -> values.getOrDefault(key, List.of());
    }
}
