package io.keyhold.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Permissions;
import io.keyhold.iam.RoleTerms;
import io.keyhold.identity.Authenticator;
import io.keyhold.identity.Claim;
import io.keyhold.identity.Claims;
import io.keyhold.identity.Inbound;
import io.keyhold.identity.Operator;
import io.keyhold.identity.Session;
import io.keyhold.identity.Sessions;
import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.LocalProcess;
import io.keyhold.key.Principal;
import io.keyhold.key.Services;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.Grants;
import io.keyhold.store.MemoryDirectory;
import io.keyhold.testkit.NoServices;
import io.keyhold.testkit.OperatorSocket;
import io.keyhold.testkit.SealHouse;
import io.keyhold.token.pkcs11.SoftHsm;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session may do: what its role may, narrowed by its own policies. */
class SessionPolicyTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final Arn OPERATOR = Arn.root("aws", SealHouse.ACCOUNT);
    private static final Arn ROLE =
            Arn.parse("arn:aws:iam::123456789012:role/team/app").orElseThrow();
    private static final Arn ALICE =
            Arn.parse("arn:aws:iam::123456789012:user/alice").orElseThrow();
    private static final BoundPrincipal HOLDER =
            new BoundPrincipal(new Principal.OfAccount(OPERATOR), "");
    private static final int UID = 1000;

    private static final String KEY_POLICY =
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/team/app"},
               "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*",
               "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-03-04T05:06:08Z"}}}]}
            """;

    @TempDir private static Path folder;
    private static SealHouse house;
    private static Sessions sessions;
    private static String key;

    private final Directory directory = new Directory(new MemoryDirectory());
    private final Access access =
            new Access(
                    house.keyring(),
                    new Aliases(),
                    new Grants(),
                    directory,
                    NoServices.EXPECTED,
                    Services.NONE,
                    "aws");

    @BeforeAll
    static void open() {
        house = new SealHouse(SoftHsm.in(folder).settings(), folder.resolve("keyhold.db"));
        sessions = new Sessions(house.seal());
        key = house.customerKey(Optional.of(KEY_POLICY)).arn().toString();
    }

    @BeforeEach
    void makeRole() {
        create("AROA1");
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void aSessionMayDoWhatTheKeyPolicySaysOfItsRole() {
        pass("kms:Encrypt", NOW);
        pass("kms:Decrypt", NOW);
        assertThat(denied("kms:DescribeKey", NOW)).contains("no resource-based policy allows");
        assertThat(denied("kms:Encrypt", NOW.plusSeconds(1))).contains("assumed-role/app/one");
    }

    @Test
    void itsPoliciesNarrowThatAllOfThemTogether() {
        pass("kms:Encrypt", NOW, allow("kms:Encrypt"));
        pass("kms:Decrypt", NOW, allow("kms:Encrypt"), allow("kms:Decrypt"));
        assertThat(denied("kms:Decrypt", NOW, allow("kms:Encrypt")))
                .endsWith("because no session policy allows the kms:Decrypt action");
        assertThat(
                        denied(
                                "kms:Decrypt",
                                NOW,
                                allow("*"),
                                allow("kms:Decrypt").replace("Allow", "Deny")))
                .endsWith("with an explicit deny in a session policy");
        assertThat(denied("kms:DescribeKey", NOW, allow("*"))).contains("no resource-based");
    }

    @Test
    void whoIsGoneCallsNoMoreEvenIfThereIsANewOneOfThatName() {
        directory.delete(ROLE);
        assertThat(refused(HOLDER)).endsWith("there is no longer the " + ROLE + " that it is of.");

        create("AROA2");
        assertThat(refused(HOLDER)).contains(ROLE.toString());
    }

    @Test
    void aTokenIsNoUseToWhoeverGetsTheNameOfItsHolderLater() {
        createAlice("AIDA1");
        BoundPrincipal alice = directory.bound(new Principal.OfAccount(ALICE));
        pass(alice);

        directory.delete(ALICE);
        assertThat(refused(alice))
                .endsWith("there is no longer the " + ALICE + " that it was issued to.");
        createAlice("AIDA2");
        assertThat(refused(alice)).contains(ALICE.toString());
        pass(new BoundPrincipal(new Principal.OfAccount(ALICE), ""));
    }

    private void createAlice(String uniqueId) {
        directory.create(
                new Entity(
                        ALICE,
                        uniqueId,
                        NOW,
                        Tags.NONE,
                        Permissions.NONE,
                        Set.of(),
                        Optional.empty()));
    }

    private void create(String uniqueId) {
        RoleTerms terms = new RoleTerms("", Map.of(), "", 3600);
        directory.create(
                new Entity(
                        ROLE,
                        uniqueId,
                        NOW,
                        Tags.NONE,
                        Permissions.NONE,
                        Set.of(),
                        Optional.of(terms)));
    }

    private String refused(BoundPrincipal holder) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> pass(holder));
        assertThat(fault).as("a refusal").isNotNull();
        assertThat(fault.name()).isEqualTo(FaultName.UnrecognizedClientException);
        return fault.text();
    }

    private static String allow(String action) {
        return "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \""
                + action
                + "\", \"Resource\": \"*\"}]}";
    }

    private String denied(String action, Instant issuedAt, String... policies) {
        KmsFault fault =
                catchThrowableOfType(KmsFault.class, () -> pass(action, issuedAt, policies));
        assertThat(fault).as("a refusal").isNotNull();
        assertThat(fault.name()).isEqualTo(FaultName.AccessDeniedException);
        return fault.text();
    }

    private void pass(BoundPrincipal holder) {
        pass(holder, "kms:Encrypt", NOW);
    }

    private void pass(String action, Instant issuedAt, String... policies) {
        pass(HOLDER, action, issuedAt, policies);
    }

    private void pass(BoundPrincipal holder, String action, Instant issuedAt, String... policies) {
        Session session =
                new Session(
                        ROLE,
                        "AROA1",
                        "one",
                        holder,
                        issuedAt,
                        NOW.plusSeconds(3600),
                        List.of(policies),
                        "ASIA1",
                        new byte[1]);
        Authenticator authenticator =
                OperatorSocket.authenticator(
                        new Operator(OPERATOR, UID, true, SealHouse.ACCOUNT::equals), sessions);
        Inbound<String> inbound =
                OperatorSocket.inbound(
                        new LocalProcess(UID, UID, 1),
                        new Claims(
                                Map.of(
                                        Claim.ACT_AS,
                                        actingAs(holder),
                                        Claim.SESSION_TOKEN,
                                        List.of(sessions.issue(session)))),
                        SealHouse.REGION,
                        NOW);
        Need need = new Need(action, new Need.KeyOrAlias(key));
        access.authorize(
                access.resolve(
                        authenticator.authenticate(inbound, person -> {}),
                        List.of(need),
                        List.of()));
    }

    private static List<String> actingAs(BoundPrincipal holder) {
        return holder.equals(HOLDER) ? List.of() : List.of(holder.toString());
    }
}
