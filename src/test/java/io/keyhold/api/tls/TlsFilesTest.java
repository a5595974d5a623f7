package io.keyhold.api.tls;

import static io.keyhold.testkit.Pki.ACCOUNT;
import static io.keyhold.testkit.Pki.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.identity.ClientCa;
import io.keyhold.testkit.Logged;
import io.keyhold.testkit.Pki;
import io.keyhold.testkit.Pki.Issued;
import io.keyhold.testkit.Pki.Wish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R28: who gets through the handshake, and what becomes of changed files without a restart. */
class TlsFilesTest {

    private @TempDir Path folder;
    private Pki ca;
    private Issued server;
    private Issued alice;
    private Path certificate;
    private Path key;
    private TlsFiles files;

    @BeforeEach
    void makeFiles() throws IOException {
        ca = Pki.authority(folder.resolve("ca"), "Keyhold test CA");
        server = ca.server();
        alice = ca.client(ALICE);
        certificate = folder.resolve("server.crt");
        key = folder.resolve("server.key");
        Pki.copy(server.certificate(), certificate);
        Pki.copy(server.key(), key);
        ca.writeCrl();
        files = open(ca, Optional.of(ca.crl()));
    }

    @Test
    void aKnownClientGetsThroughWithTls13() {
        Handshake.Outcome outcome = shake(alice);

        assertThat(outcome.failure()).isNull();
        assertThat(outcome.protocol()).isEqualTo("TLSv1.3");
        assertThat(outcome.server()).isEqualTo(server.serial());
    }

    @Test
    void olderTlsIsRefused() {
        assertThat(Handshake.with(files, alice, ca.certificate(), "TLSv1.2").failure()).isNotNull();
    }

    @Test
    void nobodyElseGetsThrough() {
        Instant now = Instant.now();
        assertRefused(null);
        assertRefused(ca.selfSigned(Wish.client(ALICE)));
        assertRefused(
                ca.issue(
                        Wish.client(ALICE)
                                .valid(now.minus(Duration.ofDays(2)), now.minusSeconds(60))));
        assertRefused(ca.server());
        assertRefused(Pki.authority(folder.resolve("other"), "Other CA").client(ALICE));
        assertThat(shake(alice).failure()).isNull();
    }

    @Test
    void aNewServerCertificateIsTakenIn() {
        Issued next = ca.server();
        Pki.replace(key, next.key());
        Pki.replace(certificate, next.certificate());

        files.reload();

        assertThat(shake(alice).server()).isEqualTo(next.serial());
    }

    /** The two files cannot be replaced in one step; a reload may come between them. */
    @Test
    void halfAReplacementIsNotTakenIn() {
        Issued next = ca.server();
        Pki.replace(certificate, next.certificate());
        files.reload();
        assertThat(shake(alice).server()).as("the old pair").isEqualTo(server.serial());

        Pki.replace(key, next.key());
        files.reload();
        assertThat(shake(alice).server()).as("the new pair").isEqualTo(next.serial());
    }

    @Test
    void aRevocationIsTakenIn() {
        ca.revoke(alice);
        ca.writeCrl();
        assertThat(shake(alice).failure()).as("not read yet").isNull();

        files.reload();

        assertRefused(alice);
        assertThat(shake(ca.client(ALICE)).failure()).isNull();
    }

    @Test
    void aNewClientAuthorityIsTakenIn() {
        Pki next = Pki.authority(folder.resolve("next"), "Next CA");
        next.writeCrl();
        Issued bob = next.client(ALICE);
        assertRefused(bob);
        Path trusted = ca.certificate();
        Path before = folder.resolve("before.crt");
        Pki.copy(trusted, before);
        Pki.replace(ca.crl(), next.crl());
        Pki.replace(trusted, next.certificate());

        files.reload();

        assertThat(Handshake.with(files, bob, before, "TLSv1.3").failure()).isNull();
        assertThat(Handshake.with(files, alice, before, "TLSv1.3").failure()).isNotNull();
    }

    @Test
    void filesThatCannotBeUsedChangeNothing() throws IOException {
        for (Path file : List.of(certificate, key, ca.certificate(), ca.crl())) {
            byte[] good = Files.readAllBytes(file);
            for (String bad : new String[] {"Dear Sir or Madam", ""}) {
                Files.writeString(file, bad);
                assertReloadKeepsTheOld(file);
            }
            Files.delete(file);
            assertReloadKeepsTheOld(file);
            Files.write(file, good);
        }

        Issued next = ca.server();
        Pki.replace(key, next.key());
        Pki.replace(certificate, next.certificate());
        files.reload();
        assertThat(shake(alice).server()).isEqualTo(next.serial());
    }

    @Test
    void unchangedFilesAreNotReadAgain() {
        Object before = files.get();
        files.reload();
        assertThat(files.get()).isSameAs(before);
    }

    @Test
    void aStartWithFilesThatCannotBeUsedNamesOne() throws IOException {
        Files.writeString(certificate, "Dear Sir or Madam");

        assertThatThrownBy(() -> open(ca, Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("server.crt");
    }

    @Test
    void aStartWithACertificateForAnotherKeyIsRefused() {
        Pki.replace(key, ca.server().key());

        assertThatThrownBy(() -> open(ca, Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("server.crt");
    }

    private TlsFiles open(Pki clients, Optional<Path> crl) throws IOException {
        return new TlsFiles(
                new TlsSettings(
                        "aws",
                        certificate,
                        key,
                        List.of(
                                new ClientCa(
                                        clients.certificate(),
                                        crl,
                                        Set.of(ACCOUNT),
                                        false,
                                        Set.of(),
                                        List.of()))));
    }

    private void assertReloadKeepsTheOld(Path changed) {
        Object before = files.get();
        try (Logged log = Logged.by(TlsFiles.class.getName())) {
            files.reload();
            assertThat(log.messages())
                    .as("%s", changed)
                    .singleElement()
                    .asString()
                    .contains("the old ones stay")
                    .contains(changed.getFileName().toString());
        }
        assertThat(files.get()).isSameAs(before);
        assertThat(Handshake.with(files, alice, server.certificate(), "TLSv1.3").server())
                .as("%s", changed)
                .isEqualTo(server.serial());
    }

    private Handshake.Outcome shake(Issued client) {
        return Handshake.with(files, client, ca.certificate(), "TLSv1.3");
    }

    private void assertRefused(Issued client) {
        assertThat(shake(client).failure()).as("%s", client).isNotNull();
    }
}
