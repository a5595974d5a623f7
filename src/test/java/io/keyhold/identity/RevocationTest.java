package io.keyhold.identity;

import static io.keyhold.testkit.Pki.ACCOUNT;
import static io.keyhold.testkit.Pki.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.testkit.Pki;
import io.keyhold.testkit.Pki.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that their authority has taken back. */
class RevocationTest {

    private @TempDir Path folder;
    private Pki ca;

    @BeforeEach
    void makeAuthority() {
        ca = Pki.authority(folder.resolve("ca"), "Keyhold test CA");
    }

    @Test
    void aRevokedCertificateIsRefusedAndTheOthersAreNot() throws IOException {
        Issued alice = ca.client(ALICE);
        Issued bob = ca.client("URI:arn:aws:iam::" + ACCOUNT + ":user/bob");
        ca.revoke(alice);
        ca.writeCrl();

        ClientCertificates certificates = load(withCrl(ca));

        assertRefused(certificates, alice);
        certificates.verify(List.of(bob.read()));
        load(withoutCrl(ca)).verify(List.of(alice.read()));
    }

    /** A list is one authority's; it must not shut out the clients of another. */
    @Test
    void anAuthorityNeedsNoListBecauseAnotherHasOne() throws IOException {
        Pki other = Pki.authority(folder.resolve("other"), "Other CA");
        Issued alice = ca.client(ALICE);
        Issued carol = other.client("URI:arn:aws:iam::" + ACCOUNT + ":user/carol");
        ca.revoke(alice);
        ca.writeCrl();

        ClientCertificates certificates = load(withCrl(ca), withoutCrl(other));

        certificates.verify(List.of(carol.read()));
        assertRefused(certificates, alice);
    }

    @Test
    void anOutdatedListRefusesEverybodyOfItsAuthority() throws IOException {
        Issued alice = ca.client(ALICE);
        ca.writeOutdatedCrl();

        assertRefused(load(withCrl(ca)), alice);
    }

    /** Another authority's word does not bring a certificate back. */
    @Test
    void aForgedListDoesNotCount() throws IOException {
        Issued alice = ca.client(ALICE);
        ca.revoke(alice);
        Pki impostor = Pki.authority(folder.resolve("impostor"), "Keyhold test CA");
        impostor.writeCrl();

        ClientCa forged =
                new ClientCa(
                        ca.certificate(),
                        Optional.of(impostor.crl()),
                        Set.of(ACCOUNT),
                        false,
                        Set.of(),
                        List.of());

        assertRefused(load(forged), alice);
    }

    /** A file that is being written, say: nobody must be let in because of it. */
    @Test
    void anEmptyListIsAnErrorNotALicence() throws IOException {
        ca.writeCrl();
        Files.writeString(ca.crl(), "");

        assertThatThrownBy(() -> load(withCrl(ca)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.crl");
    }

    @Test
    void aFileThatHoldsNoListIsNamed() throws IOException {
        for (String content : List.of("Dear Sir or Madam", "-----BEGIN X509 CRL-----\nAAAA")) {
            Files.writeString(ca.crl(), content);
            assertThatThrownBy(() -> load(withCrl(ca)))
                    .as(content)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ca.crl");
        }
    }

    private static ClientCa withCrl(Pki authority) {
        return new ClientCa(
                authority.certificate(),
                Optional.of(authority.crl()),
                Set.of(ACCOUNT),
                false,
                Set.of(),
                List.of());
    }

    private static ClientCa withoutCrl(Pki authority) {
        return new ClientCa(
                authority.certificate(),
                Optional.empty(),
                Set.of(ACCOUNT),
                false,
                Set.of(),
                List.of());
    }

    private static ClientCertificates load(ClientCa... authorities) throws IOException {
        return ClientCertificates.load("aws", List.of(authorities));
    }

    private static void assertRefused(ClientCertificates certificates, Issued client) {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class, () -> certificates.verify(List.of(client.read())));
        assertThat(fault).as("must be refused").isNotNull();
        assertThat(fault.name()).isEqualTo(FaultName.UnrecognizedClientException);
    }
}
