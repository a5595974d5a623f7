package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.LocalProcess;
import io.keyhold.key.Principal;
import io.keyhold.testkit.OperatorSocket;
import io.keyhold.testkit.SealHouse;
import io.keyhold.token.pkcs11.SoftHsm;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Temporary credentials: what their token carries, whom it serves, and how long. */
class SessionsTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");
    private static final Instant END = NOW.plusSeconds(3600);
    private static final Arn OPERATOR = Arn.root("aws", "123456789012");
    private static final Arn ROLE = arn("arn:aws:iam::123456789012:role/team/app");
    private static final Arn USER = arn("arn:aws:iam::123456789012:user/alice");
    private static final Principal ALICE = new Principal.OfAccount(USER);
    private static final Principal S3 = new Principal.Service("s3.amazonaws.com");
    private static final String NOTHING = "{\"Statement\": []}";
    private static final String KEY_ID = "ASIA2222222222222222";
    private static final byte[] SECRET = "a secret access key".getBytes(UTF_8);
    private static final int UID = 1000;

    @TempDir private static Path folder;
    private static SealHouse house;
    private final Sessions sessions = new Sessions(house.seal());

    @BeforeAll
    static void open() {
        house = new SealHouse(SoftHsm.in(folder).settings(), folder.resolve("keyhold.db"));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void aTokenCarriesEverythingThatIsKnownOfItsSession() {
        String token = sessions.issue(session(ROLE, "one", ALICE, "{}", NOTHING + "é"));

        Session opened = new Sessions(house.seal()).of(List.of(token), ALICE, NOW).orElseThrow();

        assertThat(opened)
                .usingRecursiveComparison()
                .ignoringFields("secretAccessKey")
                .isEqualTo(session(ROLE, "one", ALICE, "{}", NOTHING + "é"));
        assertThat(opened.secretAccessKey()).containsOnly(0); // not kept
        assertThat(token).matches("[A-Za-z0-9+/]+=*").hasSizeLessThan(1000);
        assertThat(new String(Base64.getDecoder().decode(token), UTF_8)).doesNotContain("app");
        assertThat(sessions.of(List.of(), ALICE, NOW)).isEmpty();
    }

    @Test
    void itsPrincipalIsASessionOfTheRoleOrTheUser() {
        assertThat(session(ROLE, "one", S3).principal())
                .hasToString("arn:aws:sts::123456789012:assumed-role/app/one");
        assertThat(session(USER, "", ALICE).principal()).isEqualTo(ALICE);
    }

    @Test
    void itServesNobodyElse() {
        String token = sessions.issue(session(ROLE, "one", ALICE));

        assertThat(refused(S3, token)).contains("issued to somebody else");
        assertThat(refused(new Principal.OfAccount(OPERATOR), token)).contains("somebody else");
        assertThat(refused(new Principal.OfAccount(ROLE.session("one")), token)).contains("else");
        sessions.of(List.of(sessions.issue(session(ROLE, "one", S3))), S3, NOW);
    }

    @Test
    void itEnds() {
        String token = sessions.issue(session(ROLE, "one", ALICE));

        assertThat(sessions.of(List.of(token), ALICE, END.minusMillis(1))).isPresent();
        KmsFault fault = fault(ALICE, END, token);
        assertThat(fault.name()).isEqualTo(FaultName.ExpiredTokenException);
        assertThat(fault(ALICE, END.plusSeconds(1), token).name())
                .isEqualTo(FaultName.ExpiredTokenException);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "not Base64!", "AAAA", "é", "\u0000"})
    void garbageIsRefused(String token) {
        assertThat(refused(ALICE, token)).contains("this daemon did not make it");
    }

    @Test
    void whatWasAlteredOrMadeForAnotherPurposeIsRefused() {
        String token = sessions.issue(session(ROLE, "one", ALICE));
        byte[] other = house.seal().seal("access-key", SessionCodec.encode(session(USER, "", S3)));
        byte[] later = SessionCodec.encode(session(ROLE, "one", ALICE));
        later[0]++;

        byte[] sealed = Base64.getDecoder().decode(token);
        for (int i = 0; i < sealed.length; i += 5) {
            sealed[i] ^= 1;
            assertThat(refused(ALICE, base64(sealed))).contains("did not make it");
            sealed[i] ^= 1;
        }
        assertThat(refused(S3, base64(other))).contains("did not make it");
        assertThat(refused(ALICE, base64(house.seal().seal("session", later)))).contains("did not");
        assertThat(refused(ALICE, token, token)).contains("2 times");
    }

    @Test
    void policiesThatNoHeaderHoldsAreRefused() {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class,
                        () -> sessions.issue(session(ROLE, "one", ALICE, "x".repeat(10_000))));

        assertThat(fault.name()).isEqualTo(FaultName.PackedPolicyTooLargeException);
        assertThat(fault.text()).contains("the most is 12288");
    }

    @Test
    void aTokenIsOpenedOnce() {
        AtomicInteger openings = new AtomicInteger();
        Sessions counted = new Sessions(counting(openings));
        String token = counted.issue(session(ROLE, "one", ALICE));

        for (int call = 0; call < 3; call++) {
            counted.of(List.of(token), ALICE, NOW);
        }

        assertThat(openings).hasValue(1);
    }

    @Test
    void whoHasTheSecretSignsAsItsPrincipal() {
        String token = sessions.issue(session(ROLE, "one", ALICE, NOTHING));
        assertThat(sessions.isOpen(token)).isFalse();

        for (int call = 0; call < 2; call++) {
            SigningCredential credential = sessions.credential(token, KEY_ID, NOW);
            assertThat(credential.secret().get()).isEqualTo(SECRET);
            assertThat(credential.caller().arn()).contains(ROLE.session("one"));
            assertThat(credential.caller().session().orElseThrow().policies())
                    .containsExactly(NOTHING);
        }

        assertThat(sessions.isOpen(token)).isTrue();
        assertThat(unsigned(token, "ASIA3333333333333333", NOW))
                .isEqualTo(FaultName.UnrecognizedClientException);
        assertThat(unsigned("AAAA", KEY_ID, NOW)).isEqualTo(FaultName.UnrecognizedClientException);
        assertThat(unsigned(token, KEY_ID, END)).isEqualTo(FaultName.ExpiredTokenException);
    }

    private FaultName unsigned(String token, String accessKeyId, Instant when) {
        return catchThrowableOfType(
                        KmsFault.class, () -> sessions.credential(token, accessKeyId, when))
                .name();
    }

    @Test
    void theCallerIsInTheSessionAndTheOperatorIsNoLongerHimself() {
        Principal operator = new Principal.OfAccount(OPERATOR);
        Session session = session(ROLE, "one", operator, NOTHING);
        LocalProcess process = new LocalProcess(UID, UID, 7);

        Caller caller = authenticate(process, List.of(), sessions.issue(session));

        assertThat(caller.principal()).isEqualTo(session.principal());
        assertThat(caller.how()).isEqualTo(Caller.Authentication.UNIX_PEER);
        assertThat(caller.actor()).contains(process);
        assertThat(caller.session())
                .contains(
                        new Caller.SessionContext(
                                ROLE,
                                "AROA1",
                                session.issuedTo(),
                                NOW,
                                session.expiresAt(),
                                List.of(NOTHING)));
        assertThat(authenticate(process, List.of(USER.toString()), issued(ALICE)).principal())
                .isEqualTo(session.principal());
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class, () -> authenticate(process, List.of(), issued(ALICE)));
        assertThat(fault.name()).isEqualTo(FaultName.UnrecognizedClientException);
    }

    private String issued(Principal holder) {
        return sessions.issue(session(ROLE, "one", holder));
    }

    private Caller authenticate(LocalProcess process, List<String> actAs, String token) {
        Operator operator = new Operator(OPERATOR, UID, true, "123456789012"::equals);
        Claims claims =
                new Claims(Map.of(Claim.ACT_AS, actAs, Claim.SESSION_TOKEN, List.of(token)));
        return OperatorSocket.authenticator(operator, sessions)
                .authenticate(
                        OperatorSocket.inbound(process, claims, "us-east-1", NOW), person -> {})
                .caller();
    }

    private static Session session(Arn issuer, String name, Principal holder, String... policies) {
        return new Session(
                issuer,
                "AROA1",
                name,
                new BoundPrincipal(holder, ""),
                NOW,
                END,
                List.of(policies),
                KEY_ID,
                SECRET.clone());
    }

    private String refused(Principal person, String... tokens) {
        KmsFault fault = fault(person, NOW, tokens);
        assertThat(fault.name()).isEqualTo(FaultName.UnrecognizedClientException);
        assertThat(fault.text()).startsWith("keyhold-session-token is refused: ");
        return fault.text();
    }

    private KmsFault fault(Principal person, Instant when, String... tokens) {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class, () -> sessions.of(List.of(tokens), person, when));
        assertThat(fault).as("must be refused").isNotNull();
        return fault;
    }

    private static Seal counting(AtomicInteger openings) {
        return new Seal() {
            @Override
            public byte[] seal(String purpose, byte[] secret) {
                return house.seal().seal(purpose, secret);
            }

            @Override
            public Optional<byte[]> open(String purpose, byte[] sealed) {
                openings.incrementAndGet();
                return house.seal().open(purpose, sealed);
            }
        };
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Arn arn(String text) {
        return Arn.parse(text).orElseThrow();
    }
}
