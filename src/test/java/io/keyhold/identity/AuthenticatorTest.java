package io.keyhold.identity;

import static io.keyhold.testkit.Pki.ACCOUNT;
import static io.keyhold.testkit.Pki.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.LocalProcess;
import io.keyhold.key.Principal;
import io.keyhold.testkit.NoSessions;
import io.keyhold.testkit.NoSignatures;
import io.keyhold.testkit.Pki;
import io.keyhold.testkit.Pki.Issued;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is at the other end of a connection, call by call. */
class AuthenticatorTest {

    private static final int OWN_UID = 4711;
    private static final String S3 = "s3.amazonaws.com";
    private static final String SOURCE = "111122223333";
    private static final String TOPIC = "arn:aws:sns:us-east-1:111122223333:topic";
    private static final String BUCKET = "arn:aws:s3:::bucket";
    private static final Arn OPERATOR = Arn.root("aws", ACCOUNT);

    private @TempDir Path folder;
    private Pki ca;
    private final AtomicReference<ClientCertificates> certificates = new AtomicReference<>();
    private Authenticator authenticator;

    @BeforeEach
    void makeAuthority() throws IOException {
        ca = Pki.authority(folder.resolve("ca"), "Keyhold test CA");
        certificates.set(load(Optional.empty()));
        authenticator = authenticator(false);
    }

    private Authenticator authenticator(boolean actAs) {
        return new Authenticator(
                operator(actAs),
                certificates::get,
                NoSessions.EXPECTED,
                NoSessions.FORWARDING,
                NoSignatures.EXPECTED);
    }

    @Test
    void theDaemonsUserAndRootAreTheOperator() {
        for (int uid : new int[] {OWN_UID, 0}) {
            Caller caller = authenticate(unix(uid), Instant.now());
            assertThat(caller.arn()).contains(OPERATOR);
            assertThat(caller.how()).isEqualTo(Caller.Authentication.UNIX_PEER);
        }
    }

    @Test
    void anotherUserIsNobody() {
        for (int uid : new int[] {OWN_UID + 1, 1, 65534, -1}) {
            assertThat(refusal(unix(uid), Instant.now()).text()).contains(Integer.toString(uid));
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

    @Test
    void theOperatorMayActAsAPrincipalOfAKnownAccount() {
        authenticator = authenticator(true);
        String bob = "arn:aws:iam::123456789012:user/bob";

        Caller caller = acting(unix(OWN_UID), bob);

        assertThat(caller.principal()).hasToString(bob);
        assertThat(caller.how()).isEqualTo(Caller.Authentication.UNIX_PEER);
        assertThat(caller.actor()).contains(new LocalProcess(OWN_UID, 7, 99));
        assertThat(authenticate(unix(0), Instant.now()).actor()).isEmpty();
    }

    @Test
    void actingIsRefusedForAStrangerAndWhereItIsOffAndOnTcp() {
        String bob = "arn:aws:iam::123456789012:user/bob";

        assertThat(refusedActing(unix(OWN_UID), bob))
                .isEqualTo("keyhold-act-as is refused: operator.act_as is false.");
        authenticator = authenticator(true);
        assertThat(refusedActing(unix(OWN_UID + 1), bob)).contains("not the operator");
        assertThat(refusedActing(tls(ca.client(ALICE)), bob)).contains("Unix socket");
        for (String nobody :
                new String[] {
                    "bob",
                    "arn:aws-cn:iam::123456789012:user/bob",
                    "arn:aws:iam::999999999999:root",
                    "arn:aws:iam::123456789012:group/g",
                    "arn:aws:kms:us-east-1:123456789012:key/x"
                }) {
            assertThat(refusedActing(unix(OWN_UID), nobody))
                    .as(nobody)
                    .startsWith("keyhold-act-as is refused: ");
        }
    }

    @Test
    void twoPrincipalsToActAsAreRefused() {
        authenticator = authenticator(true);
        String bob = "arn:aws:iam::123456789012:user/bob";
        Claims twice = new Claims(Map.of(Claim.ACT_AS, List.of(bob, bob)));

        assertThat(refused(() -> calling(unix(0), twice)).text()).contains("2 times");
    }

    @Test
    void aServiceSaysForWhomItCalls() {
        Peer s3 = tls(ca.client("URI:Service:" + S3));

        Caller caller = calling(s3, sources(List.of(SOURCE), List.of(TOPIC)));

        assertThat(caller.principal()).isEqualTo(new Principal.Service(S3));
        assertThat(caller.account()).isEmpty();
        assertThat(caller.source()).isEqualTo(new Caller.Source(SOURCE, TOPIC));
        assertThat(calling(s3, sources(List.of(SOURCE), List.of())).source())
                .isEqualTo(new Caller.Source(SOURCE, ""));
        assertThat(calling(s3, sources(List.of(), List.of(TOPIC))).source())
                .isEqualTo(new Caller.Source(SOURCE, TOPIC));
        assertThat(calling(s3, sources(List.of(), List.of(BUCKET))).source())
                .isEqualTo(new Caller.Source("", BUCKET));
        assertThat(calling(s3, sources(List.of(SOURCE), List.of(BUCKET))).source().arn())
                .isEqualTo(BUCKET);
        assertThat(calling(s3, Claims.NONE).source()).isEqualTo(Caller.Source.NONE);
    }

    @Test
    void whatAServiceSaysMustBeWellFormedOnceAndOfOneAccount() {
        Peer s3 = tls(ca.client("URI:Service:" + S3));

        for (String account : new String[] {"", "11112222333", "1111222233334", "alice"}) {
            assertThat(refusedSources(s3, List.of(account), List.of()))
                    .startsWith("keyhold-source-account is refused: '" + account + "'");
        }
        for (String arn : new String[] {"", "bucket", "arn:aws:sns:us-east-1:1:topic", "arn:a:b"}) {
            assertThat(refusedSources(s3, List.of(), List.of(arn)))
                    .isEqualTo("keyhold-source-arn is refused: '" + arn + "' is no ARN.");
        }
        assertThat(refusedSources(s3, List.of(SOURCE, SOURCE), List.of()))
                .isEqualTo("keyhold-source-account is refused: it is there 2 times, not once.");
        assertThat(refusedSources(s3, List.of(), List.of(TOPIC, TOPIC))).contains("2 times");
        assertThat(refusedSources(s3, List.of(ACCOUNT), List.of(TOPIC)))
                .isEqualTo(
                        "keyhold-source-arn is refused: it is of account 111122223333,"
                                + " keyhold-source-account says 123456789012.");
    }

    @Test
    void nobodyElseCallsForOthers() {
        authenticator = authenticator(true);
        List<String> bob = List.of("arn:aws:iam::123456789012:user/bob");

        assertThat(refusedSources(tls(ca.client(ALICE)), List.of(SOURCE), List.of()))
                .isEqualTo("keyhold-source-account is refused: only a service calls for others.");
        assertThat(refusedSources(unix(0), List.of(), List.of(TOPIC))).contains("only a service");
        assertThat(refusedSources(unix(0), List.of(""), List.of())).contains("only a service");
        Claims acting =
                new Claims(Map.of(Claim.ACT_AS, bob, Claim.SOURCE_ACCOUNT, List.of(SOURCE)));
        assertThat(refused(() -> calling(unix(0), acting)).text()).contains("only a service");
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
                                        false,
                                        Set.of(),
                                        List.of()))));

        refusal(tls(alice), Instant.now());
        authenticate(tls(next.client(ALICE)), Instant.now());
    }

    @Test
    void theTicketCarriesTheCall() {
        Inbound<String> inbound = inbound(unix(OWN_UID), Instant.now());

        Authenticated<String> ticket = authenticator.authenticate(inbound, person -> {});

        assertThat(ticket.body()).isEqualTo("body");
        assertThat(ticket.region()).isEqualTo("eu-west-1");
        assertThat(ticket.with(7).body()).isEqualTo(7);
        assertThat(ticket.with(7).caller()).isEqualTo(ticket.caller());
    }

    @Test
    void thePersonIsKnownThoughWhatTheCallClaimsIsRefused() {
        List<String> one = List.of("x");
        for (Claims refused :
                List.of(
                        new Claims(Map.of(Claim.ACT_AS, one)),
                        new Claims(Map.of(Claim.SOURCE_ACCOUNT, one)),
                        new Claims(Map.of(Claim.SOURCE_ARN, one)),
                        new Claims(Map.of(Claim.ON_BEHALF_OF, one)),
                        new Claims(Map.of(Claim.FORWARD_ACCESS, one)),
                        new Claims(Map.of(Claim.SESSION_TOKEN, List.of("x", "x"))))) {
            assertThat(knownOf(tls(ca.client(ALICE)), refused))
                    .as("%s", refused)
                    .map(caller -> caller.principal().toString())
                    .containsExactly("arn:aws:iam::123456789012:user/alice");
            assertThat(knownOf(unix(OWN_UID), refused)).hasSize(1);
            assertThat(knownOf(unix(OWN_UID + 1), refused)).isEmpty();
        }
    }

    /** Who is known when a call is refused. */
    private List<Caller> knownOf(Peer peer, Claims claims) {
        List<Caller> known = new ArrayList<>();
        Inbound<String> inbound = inbound(peer, claims, Instant.now());
        refused(() -> authenticator.authenticate(inbound, known::add));
        return known;
    }

    private ClientCertificates load(Optional<Path> crl) throws IOException {
        return ClientCertificates.load(
                "aws",
                List.of(
                        new ClientCa(
                                ca.certificate(),
                                crl,
                                Set.of(ACCOUNT),
                                false,
                                Set.of(S3),
                                List.of())));
    }

    private static Peer tls(Issued client) {
        return new Peer.Tls(List.of(client.read()));
    }

    private Caller authenticate(Peer peer, Instant when) {
        return authenticator.authenticate(inbound(peer, when), person -> {}).caller();
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

    private Caller acting(Peer peer, String actAs) {
        return calling(peer, new Claims(Map.of(Claim.ACT_AS, List.of(actAs))));
    }

    private String refusedActing(Peer peer, String actAs) {
        return refused(() -> acting(peer, actAs)).text();
    }

    private Caller calling(Peer peer, Claims claims) {
        return authenticator
                .authenticate(inbound(peer, claims, Instant.now()), person -> {})
                .caller();
    }

    private static Claims sources(List<String> account, List<String> arn) {
        return new Claims(Map.of(Claim.SOURCE_ACCOUNT, account, Claim.SOURCE_ARN, arn));
    }

    private String refusedSources(Peer peer, List<String> account, List<String> arn) {
        return refused(() -> calling(peer, sources(account, arn))).text();
    }

    private static KmsFault refused(ThrowingCallable call) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, call);
        assertThat(fault).as("a fault").isNotNull();
        assertThat(fault.name()).isEqualTo(FaultName.UnrecognizedClientException);
        return fault;
    }

    private static Operator operator(boolean actAs) {
        return new Operator(OPERATOR, OWN_UID, actAs, ACCOUNT::equals);
    }

    private static Peer unix(int uid) {
        return new Peer.Unix(new LocalProcess(uid, 7, 99));
    }

    private static Inbound<String> inbound(Peer peer, Instant when) {
        return inbound(peer, Claims.NONE, when);
    }

    private static Inbound<String> inbound(Peer peer, Claims claims, Instant when) {
        return new Inbound<>(
                peer, claims, "eu-west-1", "body", "request", "127.0.0.1", "agent", when);
    }
}
