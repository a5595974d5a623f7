package io.keyhold.identity;

import static io.keyhold.testkit.Pki.ACCOUNT;
import static io.keyhold.testkit.Pki.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.testkit.Pki;
import io.keyhold.testkit.Pki.Issued;
import io.keyhold.testkit.Pki.Wish;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R28: whom a client certificate names, and why it is refused. */
class ClientCertificatesTest {

    private static final String SHORT = "URI:arn:aws:";

    @TempDir private static Path folder;
    private static Pki ca;
    private static ClientCertificates certificates;

    @BeforeAll
    static void makeAuthority() {
        ca = Pki.authority(folder.resolve("ca"), "Keyhold test CA");
        certificates = load(trusted(ca));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:iam::123456789012:user/alice",
                "arn:aws:iam::123456789012:user/division/alice@example.com",
                "arn:aws:iam::123456789012:role/app",
                "arn:aws:sts::123456789012:assumed-role/app/session-1"
            })
    void aPrincipalIsAccepted(String arn) {
        Caller caller = verify(ca.client("URI:" + arn)).caller();

        assertThat(caller.principal().toString()).isEqualTo(arn);
        assertThat(caller.account()).isEqualTo(ACCOUNT);
        assertThat(caller.how()).isEqualTo(Caller.Authentication.TLS_CERTIFICATE);
    }

    @Test
    void otherKindsOfNamesAreOfNoInterest() {
        assertThat(verify(ca.client(ALICE + ", DNS:example.com, email:a@example.com")).caller())
                .isNotNull();
    }

    @Test
    void theExpiryIsTheLeafs() {
        Issued alice = ca.client(ALICE);
        assertThat(verify(alice).notAfter()).isEqualTo(alice.read().getNotAfter().toInstant());
    }

    @Test
    void expired() {
        Instant now = Instant.now();
        assertRefused(
                ca.issue(
                        Wish.client(ALICE)
                                .valid(
                                        now.minus(Duration.ofDays(2)),
                                        now.minus(Duration.ofMinutes(1)))));
    }

    @Test
    void notValidYet() {
        Instant now = Instant.now();
        assertRefused(
                ca.issue(
                        Wish.client(ALICE)
                                .valid(
                                        now.plus(Duration.ofHours(1)),
                                        now.plus(Duration.ofDays(2)))));
    }

    @Test
    void selfSigned() {
        assertRefused(ca.selfSigned(Wish.client(ALICE)));
    }

    /** The name of an authority proves nothing; its signature does. */
    @Test
    void ofAnotherAuthorityWithTheSameName() {
        Pki impostor = Pki.authority(folder.resolve("impostor"), "Keyhold test CA");
        Issued alice = impostor.client(ALICE);

        assertRefused(alice);
        assertRefused(alice.read(), Pki.read(impostor.certificate()));
        assertRefused(alice.read(), Pki.read(ca.certificate()));
    }

    @Test
    void ofAClientThatPlaysAuthority() {
        Issued client = ca.client(ALICE);
        Path below = folder.resolve("client-as-ca");
        Pki pretender = Pki.authority(below, "client");
        Pki.copy(client.certificate(), pretender.certificate());
        Pki.copy(client.key(), below.resolve("ca.key"));
        Issued bob = pretender.client("URI:arn:aws:iam::" + ACCOUNT + ":user/bob");

        assertRefused(bob.read(), client.read());
    }

    @Test
    void ofAnIntermediateAuthority() {
        Pki below = ca.intermediate(folder.resolve("below"), "Keyhold intermediate");
        Issued alice = below.client(ALICE);

        assertThat(verify(alice.read(), Pki.read(below.certificate())).caller().principal())
                .hasToString(ALICE.substring("URI:".length()));
        verify(alice.read(), Pki.read(below.certificate()), Pki.read(ca.certificate()));
        assertRefused(alice);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serverAuth", "codeSigning", "anyExtendedKeyUsage"})
    void forAnotherPurpose(String purpose) {
        assertRefused(
                ca.issue(
                        Wish.client(ALICE)
                                .without("extendedKeyUsage")
                                .extension("extendedKeyUsage = " + purpose)));
    }

    @Test
    void forNoPurposeOrForMany() {
        assertRefused(ca.issue(Wish.client(ALICE).without("extendedKeyUsage")));
        verify(
                ca.issue(
                        Wish.client(ALICE)
                                .without("extendedKeyUsage")
                                .extension("extendedKeyUsage = serverAuth, clientAuth")));
    }

    @Test
    void withTwoUris() {
        assertThat(refusal(ca.client(ALICE + ", " + SHORT + "iam::" + ACCOUNT + ":user/bob")))
                .contains("2 URIs");
    }

    @Test
    void withoutUri() {
        assertThat(refusal(ca.client("DNS:example.com"))).contains("0 URIs");
        assertThat(refusal(ca.issue(Wish.client(ALICE).without("subjectAltName"))))
                .contains("0 URIs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/alice",
                "arn:aws:iam::123456789012:user/*",
                "arn:aws:iam::123456789012:user/",
                "arn:aws:iam::123456789012:group/admins",
                "arn:aws:iam:us-east-1:123456789012:user/alice",
                "arn:aws:iam::12345678901:user/alice",
                "arn:aws:iam:::user/alice",
                "arn:aws-cn:iam::123456789012:user/alice",
                "arn:aws:sts::123456789012:assumed-role/app",
                "arn:aws:sts::123456789012:user/alice",
                "arn:aws:iam::123456789012:root/",
                "arn:aws:kms:us-east-1:123456789012:key/1234"
            })
    void withAUriThatNamesNoPrincipal(String uri) {
        assertRefused(ca.client("URI:" + uri));
    }

    @Test
    void ofAForeignAccount() {
        assertThat(refusal(ca.client(SHORT + "iam::999999999999:user/alice")))
                .contains("may not name account 999999999999");
    }

    @Test
    void ofAnAccountThatOnlyAnotherAuthorityMayName() {
        Pki other = Pki.authority(folder.resolve("other"), "Other CA");
        ClientCertificates both =
                load(
                        trusted(ca),
                        new ClientCa(
                                other.certificate(),
                                Optional.empty(),
                                Set.of("999999999999"),
                                false,
                                Set.of(),
                                List.of()));

        assertRefused(both, other.client(ALICE).read());
        assertRefused(both, ca.client(SHORT + "iam::999999999999:user/eve").read());
        verify(both, other.client(SHORT + "iam::999999999999:user/eve").read());
        verify(both, ca.client(ALICE).read());
        assertThat(both.issuers()).hasSize(2);
    }

    @Test
    void rootOnlyIfItsAuthorityMayNameIt() {
        Issued root = ca.client(SHORT + "iam::" + ACCOUNT + ":root");
        assertThat(refusal(root)).contains("root");

        ClientCertificates allowed =
                load(
                        new ClientCa(
                                ca.certificate(),
                                Optional.empty(),
                                Set.of(ACCOUNT),
                                true,
                                Set.of(),
                                List.of()));
        assertThat(verify(allowed, root.read()).caller().isRootOf(ACCOUNT)).isTrue();
    }

    @Test
    void nobodyAtAll() {
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> certificates.verify(List.of()));
        assertThat(fault.name()).isEqualTo(FaultName.MissingAuthenticationTokenException);
    }

    @Test
    void aFileThatHoldsNoCertificateIsNamed() throws IOException {
        Path file = folder.resolve("letter.crt");
        Files.writeString(file, "Dear Sir or Madam");
        ClientCa broken =
                new ClientCa(file, Optional.empty(), Set.of(ACCOUNT), false, Set.of(), List.of());

        assertThatThrownBy(() -> ClientCertificates.load("aws", List.of(broken)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("letter.crt");
    }

    private static ClientCa trusted(Pki authority) {
        return new ClientCa(
                authority.certificate(),
                Optional.empty(),
                Set.of(ACCOUNT),
                false,
                Set.of(),
                List.of());
    }

    private static ClientCertificates load(ClientCa... authorities) {
        try {
            return ClientCertificates.load("aws", List.of(authorities));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClientCertificates.Verified verify(Issued client) {
        return verify(client.read());
    }

    private static ClientCertificates.Verified verify(X509Certificate... chain) {
        return verify(certificates, chain);
    }

    private static ClientCertificates.Verified verify(
            ClientCertificates against, X509Certificate... chain) {
        return against.verify(Arrays.asList(chain));
    }

    private static String refusal(Issued client) {
        return refusal(certificates, client.read());
    }

    private static String refusal(ClientCertificates against, X509Certificate... chain) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> verify(against, chain));
        assertThat(fault).as("must be refused").isNotNull();
        assertThat(fault.name()).isEqualTo(FaultName.UnrecognizedClientException);
        assertThat(fault.text()).startsWith("The client certificate is refused: ");
        return fault.text();
    }

    private static void assertRefused(Issued client) {
        refusal(client);
    }

    private static void assertRefused(X509Certificate... chain) {
        refusal(certificates, chain);
    }

    private static void assertRefused(ClientCertificates against, X509Certificate... chain) {
        refusal(against, chain);
    }
}
