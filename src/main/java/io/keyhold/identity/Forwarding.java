package io.keyhold.identity;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Via;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.key.Service;
import io.keyhold.key.Services;
import java.util.List;
import java.util.Optional;

/**
 * Services that act for principals: with what a principal gave them, or where they may say so
 * themselves. From anybody else the headers are refused: they would be believed.
 */
public final class Forwarding {

    private final String partition;
    private final Services services;
    private final SealedTokens<ForwardAccess> tokens;

    /**
     * @param services those that may act for principals at all
     */
    public Forwarding(String partition, Services services, Seal seal) {
        this.partition = partition;
        this.services = services;
        this.tokens = new SealedTokens<>(seal, "forward-access", ForwardAccessCodec::decode);
    }

    /** The token of forward access. */
    public String issue(ForwardAccess access) {
        return tokens.seal(ForwardAccessCodec.encode(access));
    }

    /**
     * Whoever a caller acts for; the caller himself, if for nobody: a service then is at home.
     *
     * @throws KmsFault UnrecognizedClientException or ExpiredTokenException
     */
    Caller of(Caller caller, Inbound<?> inbound) {
        Optional<String> named = once(inbound.claims(), Claim.ON_BEHALF_OF);
        Optional<String> token = once(inbound.claims(), Claim.FORWARD_ACCESS);
        if (named.isPresent() && token.isPresent()) {
            throw Claim.ON_BEHALF_OF.refused(Claim.FORWARD_ACCESS.header() + " says it already");
        }
        if (named.isPresent()) {
            Service service = declared(caller, Claim.ON_BEHALF_OF);
            return asserted(caller, service, named.get());
        }
        return token.map(
                        text ->
                                forwarded(
                                        caller,
                                        declared(caller, Claim.FORWARD_ACCESS),
                                        text,
                                        inbound))
                .orElseGet(() -> services.atHome(caller));
    }

    private Service declared(Caller caller, Claim claim) {
        return Optional.of(caller.principal())
                .filter(Principal.Service.class::isInstance)
                .flatMap(principal -> services.find(principal.toString()))
                .orElseThrow(() -> claim.refused("only a declared service acts for others"));
    }

    private Caller asserted(Caller caller, Service service, String text) {
        Arn principal =
                Arn.parse(text)
                        .filter(Arn::isPrincipal)
                        .filter(arn -> arn.partition().equals(partition))
                        .orElseThrow(
                                () ->
                                        Claim.ON_BEHALF_OF.refused(
                                                "'%s' is not the ARN of a principal in partition %s"
                                                        .formatted(text, partition)));
        if (!service.mayAssertAccounts().contains(principal.account())) {
            throw Claim.ON_BEHALF_OF.refused(
                    "%s may not say so of account %s: it needs %s"
                            .formatted(
                                    service.principal(),
                                    principal.account(),
                                    Claim.FORWARD_ACCESS.header()));
        }
        return new Caller(principal, caller.how()).through(new Via(service, Via.ACTIONS));
    }

    private Caller forwarded(Caller caller, Service service, String text, Inbound<?> inbound) {
        ForwardAccess access =
                tokens.open(text)
                        .orElseThrow(
                                () -> Claim.FORWARD_ACCESS.refused("this daemon did not make it"));
        if (!access.service().equals(service.principal())) {
            throw Claim.FORWARD_ACCESS.refused("it was given to another service");
        }
        if (!access.region().equals(inbound.region())) {
            throw Claim.FORWARD_ACCESS.refused("it is for Region " + access.region());
        }
        Sessions.requireLasting(access.session(), inbound.received());
        return access.session()
                .caller(caller.how(), Optional.empty())
                .through(new Via(service, access.actions()));
    }

    private static Optional<String> once(Claims claims, Claim claim) {
        List<String> values = claims.of(claim);
        return values.isEmpty() ? Optional.empty() : Optional.of(claim.once(values));
    }
}
