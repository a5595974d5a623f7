package io.keyhold.identity;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.Caller.Source;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.LocalProcess;
import io.keyhold.key.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Turns the peer of a connection into a caller. */
public final class Authenticator {

    private static final int REMEMBERED = 10_000;

    /** What has to be opened in a token, or may need a key that is not there yet. */
    private static final Set<Claim> SLOW =
            Set.of(Claim.SESSION_TOKEN, Claim.ON_BEHALF_OF, Claim.FORWARD_ACCESS);

    private final Operator operator;
    private final Sessions sessions;
    private final Forwarding forwarding;
    private final SignatureCheck signatures;
    private final Caller inPerson;
    private final Supplier<ClientCertificates> certificates;
    private final ConcurrentMap<Peer.Tls, ClientCertificates.Verified> verified =
            new ConcurrentHashMap<>();

    /**
     * @param certificates the client authorities, as their files stand now
     */
    public Authenticator(
            Operator operator,
            Supplier<ClientCertificates> certificates,
            Sessions sessions,
            Forwarding forwarding,
            SignatureCheck signatures) {
        this.operator = operator;
        this.sessions = sessions;
        this.forwarding = forwarding;
        this.signatures = signatures;
        this.inPerson = new Caller(operator.principal(), Authentication.UNIX_PEER);
        this.certificates = certificates;
    }

    /**
     * The caller of an inbound request.
     *
     * @param known told who is at the other end, before what the call claims is looked at: that may
     *     be refused yet
     * @throws KmsFault UnrecognizedClientException if the peer is nobody this daemon knows
     */
    public <Q> Authenticated<Q> authenticate(Inbound<Q> inbound, Consumer<Caller> known) {
        Caller person =
                switch (inbound.peer()) {
                    case Peer.Unix peer -> unix(peer.process());
                    case Peer.Tls peer -> tls(peer, inbound.received());
                    case Peer.Signer peer ->
                            signatures.signer(peer.request(), inbound.region(), inbound.received());
                };
        known.accept(person);
        inbound.claims().unknown().stream().sorted().findFirst().ifPresent(Authenticator::refuse);
        Caller caller = forwarding.of(inSession(acting(person, inbound), inbound), inbound);
        return new Authenticated<>(inbound, Sources.add(caller, inbound.claims()), inbound.body());
    }

    private static void refuse(String header) {
        throw KmsFault.of(
                FaultName.UnrecognizedClientException,
                "%s is refused: it means nothing here.",
                header);
    }

    /** Whether that takes microseconds: what is sealed may have to be opened in a token. */
    public boolean isQuick(Inbound<?> inbound) {
        return inbound.claims().values().keySet().stream().noneMatch(SLOW::contains)
                && !(inbound.peer() instanceof Peer.Signer signer
                        && !signatures.isQuick(signer.request()));
    }

    /** The operator is no operator in a session: there he acts as another, as with act-as. */
    private Caller inSession(Caller person, Inbound<?> inbound) {
        Optional<LocalProcess> process =
                inbound.peer() instanceof Peer.Unix unix
                        ? Optional.of(unix.process())
                        : Optional.empty();
        return sessions.of(
                        inbound.claims().of(Claim.SESSION_TOKEN),
                        person.principal(),
                        inbound.received())
                .map(session -> session.caller(person.how(), process))
                .orElse(person);
    }

    private Caller unix(LocalProcess peer) {
        if (!operator.is(peer.uid())) {
            throw KmsFault.of(
                    FaultName.UnrecognizedClientException,
                    "User ID %d is not the operator of this daemon.",
                    peer.uid());
        }
        return inPerson;
    }

    private Caller acting(Caller person, Inbound<?> inbound) {
        List<String> actAs = inbound.claims().of(Claim.ACT_AS);
        if (actAs.isEmpty()) {
            return person;
        }
        if (!(inbound.peer() instanceof Peer.Unix peer)) {
            throw Claim.ACT_AS.refused("only the operator's Unix socket has it");
        }
        return new Caller(
                new Principal.OfAccount(another(Claim.ACT_AS.once(actAs))),
                Authentication.UNIX_PEER,
                Optional.of(peer.process()),
                Source.NONE,
                Optional.empty());
    }

    private Arn another(String actAs) {
        if (!operator.actAs()) {
            throw Claim.ACT_AS.refused("operator.act_as is false");
        }
        Arn principal =
                Arn.parse(actAs)
                        .filter(Arn::isPrincipal)
                        .filter(arn -> arn.partition().equals(operator.principal().partition()))
                        .orElseThrow(
                                () ->
                                        Claim.ACT_AS.refused(
                                                "'"
                                                        + actAs
                                                        + "' is not the ARN of a root, a user, a"
                                                        + " role or a role session"));
        if (!operator.accounts().test(principal.account())) {
            throw Claim.ACT_AS.refused("this daemon has no account " + principal.account());
        }
        return principal;
    }

    /**
     * A chain is verified once a connection and anew when a file changes; its date at each call.
     */
    private Caller tls(Peer.Tls peer, Instant received) {
        ClientCertificates now = certificates.get();
        ClientCertificates.Verified known = verified.get(peer);
        if (known == null || !known.generation().equals(now.generation())) {
            known = now.verify(peer.chain());
            if (verified.size() >= REMEMBERED) {
                verified.clear();
            }
            verified.put(peer, known);
        }
        if (received.isAfter(known.notAfter())) {
            throw KmsFault.of(
                    FaultName.UnrecognizedClientException, "The client certificate has expired.");
        }
        return known.caller();
    }
}
