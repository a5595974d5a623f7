package io.keyhold.operation.policies;

import io.keyhold.access.Authorized;
import io.keyhold.access.Hypothesis;
import io.keyhold.access.Need;
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
import io.keyhold.v1.KeyManagementProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers whether somebody may do something with a key, and because of what. */
final class ExplainAccess implements Operation<ExplainAccessRequest, ExplainAccessResponse> {

    private static final String LOOK = "iam:SimulatePrincipalPolicy";
    private static final String PREFIX = "kms:";

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
            authorized.require(LOOK, principal.toString());
        }
        Hypothesis hypothesis =
                new Hypothesis(
                        principal, request.getAction(), given(request.getContextEntriesList()));
        Explanation why = authorized.explain(hypothesis);
        String key = authorized.key().arn().toString();
        return Effect.of(() -> new ExplanationText(hypothesis, key, own).answer(why));
    }

    private static boolean isOwn(Principal principal, Caller caller) {
        return principal instanceof Principal.OfAccount named
                && named.arn().account().equals(caller.account());
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

    private static void requireKnown(String action) {
        String verb = action.substring(PREFIX.length());
        boolean known =
                KeyManagementProto.getDescriptor()
                                .findServiceByName("KeyManagement")
                                .findMethodByName(
                                        verb.replaceFirst("^ReEncrypt(From|To)$", "ReEncrypt"))
                        != null;
        if (!known || action.equals("kms:ReEncrypt")) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "'%s' is not an action of this daemon; ReEncrypt has two, kms:ReEncryptFrom and"
                            + " kms:ReEncryptTo.",
                    action);
        }
    }

    private static ContextKeys given(List<ContextEntry> entries) {
        Map<ContextKey, List<String>> values = new HashMap<>();
        for (ContextEntry entry : entries) {
            values.put(
                    ContextKey.of(entry.getContextKeyName()),
                    List.copyOf(entry.getContextKeyValuesList()));
        }
        return key -> values.getOrDefault(key, List.of());
    }
}
