package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.token.pkcs11.LibraryConfiguration.OaepSha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryConfigurationTest {

    @TempDir private Path folder;
    private Path file;
    private Path library;

    @BeforeEach
    void makeLibrary() throws IOException {
        file = folder.resolve("vendor.cfg");
        library = Files.createFile(folder.resolve("vendor.so"));
    }

    @Test
    void nameAndLibraryAreRead() throws IOException {
        Files.writeString(
                file,
                """
                # A vendor's HSM.

                   # indented
                name = Vendor
                description = words for people
                \tlibrary=%s\s\s
                """
                        .formatted(library));

        assertThat(LibraryConfiguration.read(file))
                .isEqualTo(
                        new LibraryConfiguration(
                                "Vendor",
                                library,
                                null,
                                OaepSha256.NONE,
                                0x210b,
                                false,
                                true,
                                Set.of()));
    }

    @ParameterizedTest
    @EnumSource
    void whatKeyholdAloneKnowsStandsInAComment(OaepSha256 value) throws IOException {
        Files.writeString(
                file,
                "name = x\nlibrary = %s\n#! rsaes_oaep_sha_256 = %s\n"
                        .formatted(library, value.name().toLowerCase(Locale.ROOT)));

        assertThat(LibraryConfiguration.read(file).oaepSha256()).isEqualTo(value);
    }

    @Test
    void theMechanismOfKeyWrapIsData() throws IOException {
        Files.writeString(
                file, "name = x\nlibrary=%s\n#! aes_key_wrap_pad = 0x210a".formatted(library));
        assertThat(LibraryConfiguration.read(file).aesKeyWrapPad()).isEqualTo(0x210a);
    }

    @Test
    void aWrongOneIsRefusedAtItsLine() throws IOException {
        refused(
                "name = x\n#! rsaes_oaep_sha_256 = maybe",
                ":2: rsaes_oaep_sha_256 is token, daemon or none, not maybe");
        refused(
                "name = x\n#! other = x",
                ":2: #! knows rsaes_oaep_sha_256, aes_key_wrap_pad, unwraps_modifiable,"
                        + " unwraps_private_keys and lacking_attributes, not other");
        refused(
                "#! aes_key_wrap_pad = 0x2109",
                ":1: aes_key_wrap_pad is 0x210a or 0x210b, not 0x2109");
        refused("#! unwraps_modifiable = 1", ":1: unwraps_modifiable is true or false, not 1");
        refused("#! nonsense", ":1: not of the form 'name = value'");
    }

    @Test
    void attributesThatALibraryLacksAreThoseThatAKeyCanDoWithout() throws IOException {
        Files.writeString(
                file,
                "name = x\nlibrary = %s\n#! lacking_attributes = CKA_LOCAL  CKA_COPYABLE\n"
                        .formatted(library));

        assertThat(LibraryConfiguration.read(file).lacking())
                .containsExactlyInAnyOrder(Pkcs11.CKA_COPYABLE, Pkcs11.CKA_LOCAL);
        refused(
                "name = x\n#! lacking_attributes = CKA_COPYABLE CKA_SENSITIVE",
                ":2: lacking_attributes may name [CKA_ALLOWED_MECHANISMS, CKA_COPYABLE, CKA_LOCAL],"
                        + " not CKA_SENSITIVE");
    }

    @Test
    void whatNssWantsToBeToldStandsInQuotes() throws IOException {
        Files.writeString(
                file,
                "name = x\nlibrary = %s\nnssArgs = \"configdir='sql:/a b' flags=\"\n"
                        .formatted(library));

        assertThat(LibraryConfiguration.read(file).nssArgs())
                .isEqualTo("configdir='sql:/a b' flags=");
        refused("name = x\nnssArgs = configdir='a'", ":2: nssArgs stands in double quotes");
        refused("name = x\nnssArgs = \"a\" b\"", ":2: nssArgs stands in double quotes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"slot = 1", "slotListIndex = 0", "attributes = compatibility", "Name = x"})
    void whatWouldBeIgnoredIsRefusedAtItsLine(String line) throws IOException {
        refused(
                "name = Vendor\n" + line,
                ":2: " + line.substring(0, line.indexOf(' ')) + " is not used; known are ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "= x", "two words = x", "attributes(*, *, *) = {"})
    void whatIsNoSettingIsRefusedAtItsLine(String line) throws IOException {
        refused("name = Vendor\n\n" + line, ":3: not of the form 'name = value'");
    }

    @Test
    void bothNameAndLibraryAreNeeded() throws IOException {
        refused("name = Vendor", ": needs both name and library");
        refused("library = " + library, ": needs both name and library");
    }

    @Test
    void theLibraryMustBeAFileWithAnAbsolutePath() throws IOException {
        assertThat(Path.of("pom.xml")).exists();
        refused("name = x\nlibrary = pom.xml", ": library = pom.xml is no file");
        refused("name = x\nlibrary = " + folder, ": library = " + folder + " is no file");
        refused("name = x\nlibrary = /no/such.so", ": library = /no/such.so is no file");
        refused("name = x\nlibrary =", ": library =  is no file");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> LibraryConfiguration.read(file))
                .isInstanceOf(TokenException.class)
                .hasMessage(file + " cannot be read");
    }

    private void refused(String text, String message) throws IOException {
        Files.writeString(file, text);
        assertThatThrownBy(() -> LibraryConfiguration.read(file))
                .isInstanceOf(TokenException.class)
                .hasMessageStartingWith(file + message);
    }
}
