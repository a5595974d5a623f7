package io.keyhold.identity;

import static io.keyhold.testkit.Pki.ACCOUNT;
import static io.keyhold.testkit.Pki.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.testkit.Pki;
import io.keyhold.testkit.Pki.Issued;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is at the other end of a connection, call by call. */
class AuthenticatorTest {

    private static final int OWN_UID = 4711;
    private static final Arn OPERATOR = Arn.root("aws", ACCOUNT);

    private @TempDir Path folder;
    private Pki ca;
    private final AtomicReference<ClientCertificates> certificates = new AtomicReference<>();
    private Authenticator authenticator;

    @BeforeEach
    void makeAuthority() throws IOException {
        ca = Pki.authority(folder.resolve("ca"), "Keyhold test CA");
        certificates.set(load(Optional.empty()));
        authenticator = new Authenticator(OPERATOR, OWN_UID, certificates::get);
    }

    @Test
    void theDaemonsUserAndRootAreTheOperator() {
        for (int uid : new int[] {OWN_UID, 0}) {
            Caller caller = authenticate(new Peer.Unix(uid), Instant.now());
            assertThat(caller.principal()).isEqualTo(OPERATOR);
            assertThat(caller.how()).isEqualTo(Caller.Authentication.UNIX_PEER);
        }
    }

    @Test
    void anotherUserIsNobody() {
        for (int uid : new int[] {OWN_UID + 1, 1, 65534, -1}) {
            assertThat(refusal(new Peer.Unix(uid), Instant.now()).text())
                    .contains(Integer.toString(uid));
        }
    }

    @Test
    void aCertificateNamesItsOwner() {
        Peer alice = tls(ca.client(ALICE));
        for (int call = 0; call < 3; call++) {
            assertThat(authenticate(alice, Instant.now()).principal())
                    .hasToString("arn:aws:iam::123456789012:user/alice");
        }
    }

    @Test
    void aConnectionWithoutCertificateIsNobody() {
        KmsFault fault = fault(new Peer.Tls(List.of()), Instant.now());
        assertThat(fault.name()).isEqualTo(FaultName.MissingAuthenticationTokenException);
    }

    /** A connection may live longer than its certificate; its calls may not. */
    @Test
    void aCertificateExpiresWhileItsConnectionIsOpen() {
        Issued alice = ca.client(ALICE);
        Instant end = alice.read().getNotAfter().toInstant();
        authenticate(tls(alice), Instant.now());

        authenticate(tls(alice), end);
        assertThat(refusal(tls(alice), end.plusMillis(1)).text()).contains("expired");
    }

    /** Likewise if it is revoked: the next call after the list is read is refused. */
    @Test
    void aCertificateIsRevokedWhileItsConnectionIsOpen() throws IOException {
        Issued alice = ca.client(ALICE);
        Issued bob = ca.client("URI:arn:aws:iam::" + ACCOUNT + ":user/bob");
        ca.writeCrl();
        certificates.set(load(Optional.of(ca.crl())));
        authenticate(tls(alice), Instant.now());
        authenticate(tls(bob), Instant.now());

        ca.revoke(alice);
        ca.writeCrl();
        authenticate(tls(alice), Instant.now());
        certificates.set(load(Optional.of(ca.crl())));

        for (int call = 0; call < 3; call++) {
            assertThat(refusal(tls(alice), Instant.now()).text()).contains("revoked");
            authenticate(tls(bob), Instant.now());
        }
    }

    /** And if its authority is no longer believed. */
    @Test
    void anAuthorityIsReplacedWhileItsClientsAreConnected() throws IOException {
        Issued alice = ca.client(ALICE);
        authenticate(tls(alice), Instant.now());
        Pki next = Pki.authority(folder.resolve("next"), "Next CA");
        certificates.set(
                ClientCertificates.load(
                        "aws",
                        List.of(
                                new ClientCa(
                                        next.certificate(),
                                        Optional.empty(),
                                        Set.of(ACCOUNT),
                                        false))));

        refusal(tls(alice), Instant.now());
        authenticate(tls(next.client(ALICE)), Instant.now());
    }

    @Test
    void theTicketCarriesTheCall() {
        Inbound<String> inbound = inbound(new Peer.Unix(OWN_UID), Instant.now());

        Authenticated<String> ticket = authenticator.authenticate(inbound);

        assertThat(ticket.body()).isEqualTo("body");
        assertThat(ticket.region()).isEqualTo("eu-west-1");
        assertThat(ticket.with(7).body()).isEqualTo(7);
        assertThat(ticket.with(7).caller()).isEqualTo(ticket.caller());
    }

    private ClientCertificates load(Optional<Path> crl) throws IOException {
        return ClientCertificates.load(
                "aws", List.of(new ClientCa(ca.certificate(), crl, Set.of(ACCOUNT), false)));
    }

    private static Peer tls(Issued client) {
        return new Peer.Tls(List.of(client.read()));
    }

    private Caller authenticate(Peer peer, Instant when) {
        return authenticator.authenticate(inbound(peer, when)).caller();
    }

    private KmsFault refusal(Peer peer, Instant when) {
        KmsFault fault = fault(peer, when);
        assertThat(fault.name()).isEqualTo(FaultName.UnrecognizedClientException);
        return fault;
    }

    private KmsFault fault(Peer peer, Instant when) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> authenticate(peer, when));
        assertThat(fault).as("must be refused").isNotNull();
        return fault;
    }

    private static Inbound<String> inbound(Peer peer, Instant when) {
        return new Inbound<>(peer, "eu-west-1", "body", "request", "127.0.0.1", "agent", when);
    }
}
