package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Keyring;
import io.keyhold.policy.Evaluator;
import io.keyhold.policy.Evaluator.Decision;
import java.util.List;

/** Resolves requests and authorizes them. */
public final class Access {

    private final Resolver resolver;
    private final Evaluator evaluator;

    public Access(Keyring keyring, Aliases aliases, String partition, Evaluator evaluator) {
        this.resolver = new Resolver(keyring, aliases, partition);
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
            if (found.need().target() instanceof Need.MentionedKey) {
                continue;
            }
            Arn resource = found.resource();
            String owner = resource == null ? caller.account() : resource.account();
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
        String action = found.need().action();
        return denied(caller, action, shown(caller, found), decision.reason(action));
    }

    /** Of a foreign key only what the caller said himself: not what his alias stands for. */
    private static String shown(Caller caller, Found found) {
        Arn resource = found.resource();
        if (resource == null) {
            return "*";
        }
        if (!resource.account().equals(caller.account())) {
            return switch (found.need().target()) {
                case Need.KeyOrAlias key -> key.identifier();
                case Need.CiphertextKey key -> key.identifier();
                default -> resource.toString();
            };
        }
        return resource.toString();
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
