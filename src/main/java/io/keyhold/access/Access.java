package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Keyring;
import io.keyhold.policy.Evaluator;
import io.keyhold.policy.Evaluator.Decision;
import java.util.List;

/** Resolves requests and authorizes them. */
public final class Access {

    private final Resolver resolver;
    private final Evaluator evaluator;

    public Access(Keyring keyring, String partition, Evaluator evaluator) {
        this.resolver = new Resolver(keyring, partition);
        this.evaluator = evaluator;
    }

    /**
     * Finds what a request names.
     *
     * @throws KmsFault NotFoundException, InvalidArnException, InvalidCiphertextException,
     *     IncorrectKeyException, or AccessDeniedException where a stranger must not learn more
     */
    public <Q> Resolved<Q> resolve(Authenticated<Q> request, List<Need> needs) {
        return new Resolved<>(
                request, needs.stream().map(need -> resolver.resolve(request, need)).toList());
    }

    /**
     * Passes if every need is allowed.
     *
     * @throws KmsFault AccessDeniedException with the reason
     */
    public <Q> Authorized<Q> authorize(Resolved<Q> resolved) {
        Caller caller = resolved.request().caller();
        for (Found found : resolved.found()) {
            KeyRecord key = found.key();
            String owner = key == null ? caller.account() : key.arn().account();
            Decision decision = evaluator.decide(caller, owner);
            if (decision != Decision.ALLOWED) {
                throw refusal(caller, found, decision);
            }
        }
        return new Authorized<>(resolved);
    }

    private static KmsFault refusal(Caller caller, Found found, Decision decision) {
        if (found.need().target() instanceof Need.CiphertextKey byBlob
                && byBlob.identifier().isEmpty()) {
            return Resolver.ciphertextDenied();
        }
        KeyRecord key = found.key();
        String action = found.need().action();
        return denied(
                caller, action, key == null ? "*" : key.arn().toString(), decision.reason(action));
    }

    static KmsFault denied(Caller caller, String action, String resource, String reason) {
        return KmsFault.of(
                FaultName.AccessDeniedException,
                "User: %s is not authorized to perform: %s on resource: %s because %s",
                caller.principal(),
                action,
                resource,
                reason);
    }
}
