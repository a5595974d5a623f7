package io.keyhold.operation.services;

import io.keyhold.access.Authorized;
import io.keyhold.identity.ForwardAccess;
import io.keyhold.identity.Forwarding;
import io.keyhold.identity.Session;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.SessionContext;
import io.keyhold.key.Caller.Via;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Service;
import io.keyhold.key.Services;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Timestamps;
import io.keyhold.v1.GetForwardAccessTokenRequest;
import io.keyhold.v1.GetForwardAccessTokenResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Gives a service what it needs to act for the caller. */
final class GetForwardAccessToken
        implements Operation<GetForwardAccessTokenRequest, GetForwardAccessTokenResponse> {

    private static final int USUAL_SECONDS = 900;

    private final Directory directory;
    private final Services services;
    private final Forwarding forwarding;
    private final InstantSource clock;

    GetForwardAccessToken(
            Directory directory, Services services, Forwarding forwarding, InstantSource clock) {
        this.directory = directory;
        this.services = services;
        this.forwarding = forwarding;
        this.clock = clock;
    }

    @Override
    public Effect<GetForwardAccessTokenResponse> prepare(
            Authorized<GetForwardAccessTokenRequest> authorized) {
        GetForwardAccessTokenRequest request = authorized.request();
        Service service = services.require(request.getServicePrincipal());
        if (services.own(authorized.caller().account())) {
            throw denied("A service's own account gives its keys to no other service");
        }
        Set<String> actions = actions(request);
        Instant end = end(request, authorized.caller());
        ForwardAccess access =
                new ForwardAccess(
                        session(authorized.caller(), end),
                        service.principal(),
                        authorized.region(),
                        actions);
        return Effect.slow(
                () ->
                        GetForwardAccessTokenResponse.newBuilder()
                                .setForwardAccessToken(forwarding.issue(access))
                                .setExpiration(Timestamps.of(end))
                                .build());
    }

    /** What a session gives ends with it. */
    private Instant end(GetForwardAccessTokenRequest request, Caller caller) {
        int seconds = request.hasDurationSeconds() ? request.getDurationSeconds() : USUAL_SECONDS;
        Instant wanted = clock.instant().plusSeconds(seconds);
        return caller.session()
                .map(SessionContext::expiresAt)
                .filter(wanted::isAfter)
                .orElse(wanted);
    }

    private static Set<String> actions(GetForwardAccessTokenRequest request) {
        if (request.getActionsCount() == 0) {
            return Via.USUAL_ACTIONS;
        }
        for (String action : request.getActionsList()) {
            if (!Via.ACTIONS.contains(action)) {
                throw KmsFault.of(
                        FaultName.ValidationException,
                        "Actions has '%s', which no service does for others; right would be some of"
                                + " %s.",
                        action,
                        Via.ACTIONS.stream().sorted().toList());
            }
        }
        return Set.copyOf(request.getActionsList());
    }

    /** The caller's rights as they are now: of a session, with all that narrows it. */
    private Session session(Caller caller, Instant end) {
        Arn principal = caller.arn().orElseThrow(() -> denied("A service cannot give it"));
        return caller.session()
                .map(context -> inSession(principal, context, end))
                .orElseGet(() -> inPerson(caller, principal, end));
    }

    private Session inPerson(Caller caller, Arn principal, Instant end) {
        String id =
                directory
                        .userId(principal)
                        .orElseThrow(() -> denied("There is no record of " + principal));
        return new Session(
                principal,
                id,
                "",
                directory.bound(caller.principal()),
                clock.instant(),
                end,
                List.of(),
                "",
                new byte[0]);
    }

    private static Session inSession(Arn principal, SessionContext context, Instant end) {
        return new Session(
                context.issuer(),
                context.issuerId(),
                principal.isSession() ? principal.lastName() : "",
                context.holder(),
                context.issuedAt(),
                end,
                context.policies(),
                "",
                new byte[0]);
    }

    private static KmsFault denied(String why) {
        return KmsFault.of(FaultName.AccessDeniedException, "%s.", why);
    }
}
