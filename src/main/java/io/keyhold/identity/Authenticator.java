package io.keyhold.identity;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** Turns the peer of a connection into a caller. */
public final class Authenticator {

    private static final int ROOT_UID = 0;
    private static final int REMEMBERED = 10_000;

    private final Caller operator;
    private final int ownUid;
    private final Supplier<ClientCertificates> certificates;
    private final ConcurrentMap<Peer.Tls, ClientCertificates.Verified> verified =
            new ConcurrentHashMap<>();

    /**
     * @param operator who a process of the daemon's own user, or of root, is
     * @param ownUid the daemon's user
     * @param certificates the client authorities, as their files stand now
     */
    public Authenticator(Arn operator, int ownUid, Supplier<ClientCertificates> certificates) {
        this.operator = new Caller(operator, Authentication.UNIX_PEER);
        this.ownUid = ownUid;
        this.certificates = certificates;
    }

    /**
     * The caller of an inbound request.
     *
     * @throws KmsFault UnrecognizedClientException if the peer is nobody this daemon knows
     */
    public <Q> Authenticated<Q> authenticate(Inbound<Q> inbound) {
        Caller caller =
                switch (inbound.peer()) {
                    case Peer.Unix peer -> unix(peer);
                    case Peer.Tls peer -> tls(peer, inbound);
                };
        return new Authenticated<>(inbound, caller, inbound.body());
    }

    private Caller unix(Peer.Unix peer) {
        if (peer.uid() != ownUid && peer.uid() != ROOT_UID) {
            throw KmsFault.of(
                    FaultName.UnrecognizedClientException,
                    "User ID %d is not the operator of this daemon.",
                    peer.uid());
        }
        return operator;
    }

    /**
     * A chain is verified once a connection and anew when a file changes; its date at each call.
     */
    private Caller tls(Peer.Tls peer, Inbound<?> inbound) {
        ClientCertificates now = certificates.get();
        ClientCertificates.Verified known = verified.get(peer);
        if (known == null || !known.generation().equals(now.generation())) {
            known = now.verify(peer.chain());
            if (verified.size() >= REMEMBERED) {
                verified.clear();
            }
            verified.put(peer, known);
        }
        if (inbound.received().isAfter(known.notAfter())) {
            throw KmsFault.of(
                    FaultName.UnrecognizedClientException, "The client certificate has expired.");
        }
        return known.caller();
    }
}
