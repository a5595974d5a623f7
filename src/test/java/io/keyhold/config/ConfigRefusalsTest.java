package io.keyhold.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever cannot be used is refused with file, line, what is wrong and what would be right. */
class ConfigRefusalsTest {

    @TempDir private Path folder;
    private Home home;

    @BeforeEach
    void makeHome() {
        home = new Home(folder);
    }

    @Test
    void unknownSettingsAreNamedWithTheirLineAndWhatIsKnown() throws IOException {
        assertThat(home.refusal(Home.LEAST + "pin = \"1234\"\n"))
                .isEqualTo(
                        "keyhold.toml:8: token.pin is not known; right would be one of"
                                + " [environment, in_process, label, lanes, library, pin_file,"
                                + " serial, timeout_seconds]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[daemon]\nregoin = \"x\"",
                "[grpc]\nport = 1",
                "[store]\nurl = \"x\"",
                "[audit]\nsync = \"always\"",
                "[demon]\nregion = \"x\"",
                "[grpc.tls]\nversion = 1",
            })
    void unknownSettingsAndSectionsAreRefusedEverywhere(String text) throws IOException {
        assertThat(home.refusal(text + "\n" + Home.LEAST)).contains(" is not known; ");
    }

    @Test
    void unknownSettingsOfAnAuthorityAreRefused() throws IOException {
        assertThat(home.refusal(Home.LEAST.replace("accounts", "acounts")))
                .startsWith("keyhold.toml:1: grpc.client_ca.accounts is missing");
        assertThat(home.refusal(Home.LEAST.replace("accounts", "root = true\naccounts")))
                .startsWith("keyhold.toml:3: grpc.client_ca.root is not known; ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[daemon]~region = 1 | 2: daemon.region is 1; right would be a text in quotes",
                "[grpc]~reflection = \"yes\" | 2: grpc.reflection is yes; right would be true or false",
                "[grpc]~event_loops = 1.5 | 2: grpc.event_loops is 1.5; right would be a whole number",
                "[grpc]~event_loops = \"2\" | 2: grpc.event_loops is 2; right would be a whole number",
                "[store]~file = true | 2: store.file is true; right would be a text in quotes",
                "audit = 1 | 1: audit is 1; right would be a table",
            })
    void wrongTypesAreRefused(String text, String message) throws IOException {
        assertThat(home.refusal(text.replace('~', '\n') + "\n" + Home.LEAST))
                .isEqualTo("keyhold.toml:" + message);
    }

    @ParameterizedTest
    @CsvSource({
        "daemon, account = \"12345678901\"",
        "daemon, account = \"1234567890123\"",
        "daemon, account = \"\"",
        "daemon, partition = \"azure\"",
        "daemon, partition = \"aws:x\"",
        "daemon, region = \"moon\"",
        "daemon, region = \"us-east-1 \"",
        "grpc, listen = \"7443\"",
        "grpc, listen = \"127.0.0.1:\"",
        "grpc, listen = \"127.0.0.1:65536\"",
        "grpc, listen = \"127.0.0.1:-1\"",
        "grpc, listen = \"::1:7443\"",
        "grpc, event_loops = 0",
        "grpc, event_loops = 257",
        "grpc, event_loops = 4294967297",
        "grpc, certificate = \"\"",
        "aws, listen = \"0.0.0.0:7480\"",
        "aws, listen = \"127.0.0.1:65536\"",
        "aws, listen = \"7480\"",
        "aws, auth = \"none\"",
        "aws, tls = \"yes\"",
        "store, file = \" \"",
        "audit, directory = \"\"",
    })
    void valuesOutOfRangeAreRefusedAtTheirLine(String section, String setting) throws IOException {
        String name = section + "." + setting.substring(0, setting.indexOf(' '));

        assertThat(home.refusal("[" + section + "]\n" + setting + "\n" + Home.LEAST))
                .startsWith("keyhold.toml:2: " + name + " is ")
                .contains("; right would be ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lanes = 1",
                "lanes = 1025",
                "timeout_seconds = 0",
                "timeout_seconds = 301",
                "in_process = 1",
                "environment = { A = 1 }",
                "environment = []",
                "serial = 1",
            })
    void valuesOfTheTokenAreCheckedToo(String setting) throws IOException {
        assertThat(home.refusal(Home.LEAST + setting + "\n"))
                .startsWith("keyhold.toml:8: token." + setting.substring(0, setting.indexOf(' ')));
    }

    @Test
    void awsClientsComeFromElsewhereOnlyByTlsAndWithSignatures() throws IOException {
        String anywhere = "[aws]\nlisten = \"0.0.0.0:1\"\n";
        String insecure = "auth = \"insecure-any\"\ninsecure_account = \"111122223333\"\n";

        assertThat(home.load(anywhere + "tls = true\n" + Home.LEAST).aws()).isPresent();
        assertThat(home.refusal(anywhere + Home.LEAST)).contains("aws.listen is 0.0.0.0:1");
        assertThat(home.refusal(anywhere + "tls = true\n" + insecure + Home.LEAST))
                .contains("aws.listen is 0.0.0.0:1");
        assertThat(home.load(anywhere.replace("0.0.0.0", "[::1]") + insecure + Home.LEAST).aws())
                .hasValueSatisfying(
                        aws -> assertThat(aws.insecureAccount()).contains("111122223333"));
        assertThat(home.refusal("[aws]\nauth = \"insecure-any\"\n" + Home.LEAST))
                .contains("aws.insecure_account is missing");
        assertThat(home.refusal("[aws]\ninsecure_account = \"111122223333\"\n" + Home.LEAST))
                .contains("insecure_account");
    }

    @Test
    void aLabelIsNeededAndHasUpTo32Characters() throws IOException {
        assertThat(home.refusal(Home.LEAST.replace("label = \"keyhold\"", "")))
                .startsWith("keyhold.toml")
                .contains("token.label is missing; right would be a text in quotes");
        assertThat(home.refusal(Home.LEAST.replace("keyhold", "k".repeat(33))))
                .startsWith("keyhold.toml:7: token.label is 'kkk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[1]", "[\"12345678901\"]", "\"123456789012\"", "[[]]"})
    void accountsOfAnAuthorityAreAListOfAccounts(String accounts) throws IOException {
        assertThat(home.refusal(Home.LEAST.replace("[\"123456789012\"]", accounts)))
                .startsWith("keyhold.toml:3: grpc.client_ca.accounts ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "[\"S3.amazonaws.com\"]", "[\"s3\"]", "\"s3.amazonaws.com\""})
    void servicesOfAnAuthorityAreAListOfNames(String services) throws IOException {
        assertThat(home.refusal(authority("services = " + services)))
                .startsWith("keyhold.toml:4: grpc.client_ca.services ");
    }

    @Test
    void anAuthorityNamesAccountsOrServices() throws IOException {
        String services = authority("services = [\"s3.amazonaws.com\"]");
        String accounts = "accounts = [\"123456789012\"]";

        assertThat(home.load(services.replace(accounts, "")).grpc().clientCas().getFirst())
                .satisfies(ca -> assertThat(ca.accounts()).isEmpty());
        assertThat(home.refusal(Home.LEAST.replace(accounts, "services = []")))
                .startsWith("keyhold.toml:1: grpc.client_ca.accounts is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spiffe://a/x | arn:aws:iam::123456789012:role/{x} | 7: uses {x}; right would be a"
                        + " placeholder that the uri has",
                "spiffe://a/{x}/{x} | Service:s3.amazonaws.com | 6: has {x} twice; right would be"
                        + " each placeholder once",
                "https://a/{x} | Service:s3.amazonaws.com | 6: is 'https://a/{x}'; right would be"
                        + " spiffe://",
                "spiffe://a | Service:s3.amazonaws.com | 6: is 'spiffe://a'; right would be",
                "spiffe://a/x{y} | Service:s3.amazonaws.com | 6: is 'spiffe://a/x{y}'; right",
                "spiffe://a/{x-y} | Service:s3.amazonaws.com | 6: is 'spiffe://a/{x-y}'; right",
                "spiffe://a/x | alice | 7: is 'alice'; right would be the ARN of a user, a role, a"
                        + " role session or a root, or Service:<name>",
                "spiffe://a/x | arn:aws:iam::123456789012:group/g | 7: is 'arn:aws:iam",
                "spiffe://a/x | Service:ec2.amazonaws.com | 7: names ec2.amazonaws.com; right would"
                        + " be of services [s3.amazonaws.com]",
                "spiffe://a/x | arn:aws:iam::999999999999:root | 7: names 999999999999; right would"
                        + " be of accounts [123456789012]",
                "spiffe://a/x | arn:aws-cn:iam::123456789012:root | 7: names aws-cn; right would be"
                        + " of daemon.partition [aws]",
                "spiffe://a/{x} | arn:aws:iam::123456789012:role/{x}/y | 7: has a placeholder in the"
                        + " path of a role, which policies do not look at; right would be one in"
                        + " the role's name",
            })
    void mappingsThatCouldLetNobodyInAreRefused(String uri, String principal, String message)
            throws IOException {
        String setting = message.startsWith("6") ? "uri" : "principal";

        assertThat(home.refusal(authority(mapping(uri, principal))))
                .startsWith(
                        "keyhold.toml:"
                                + message.replaceFirst(
                                        ": ", ": grpc.client_ca.mapping." + setting + " "));
    }

    @Test
    void aMappingHasBothTemplatesAndNoMore() throws IOException {
        String good = mapping("spiffe://a/x", "Service:s3.amazonaws.com");

        assertThat(home.refusal(authority(good.replaceAll("uri.*\n", ""))))
                .startsWith("keyhold.toml:5: grpc.client_ca.mapping.uri is missing");
        assertThat(home.refusal(authority(good.replaceAll("principal.*\n", ""))))
                .startsWith("keyhold.toml:5: grpc.client_ca.mapping.principal is missing");
        assertThat(home.refusal(authority(good + "\nservice = true")))
                .contains("grpc.client_ca.mapping.service is not known; ");
    }

    private static String mapping(String uri, String principal) {
        return "services = [\"s3.amazonaws.com\"]\n[[grpc.client_ca.mapping]]\nuri = \""
                + uri
                + "\"\nprincipal = \""
                + principal
                + "\"\n";
    }

    /** The authority with more settings, from line 4 on. */
    private static String authority(String more) {
        return Home.LEAST.replace("[\"123456789012\"]\n", "[\"123456789012\"]\n" + more + "\n");
    }

    @Test
    void oneTokenIsNeededAndNotTwo() throws IOException {
        String token = Home.LEAST.substring(Home.LEAST.indexOf("[[token]]"));
        String none = Home.LEAST.replace(token, "");

        assertThat(home.refusal(none))
                .isEqualTo("keyhold.toml: token is there 0 times; right would be one [[token]]");
        assertThat(home.refusal(Home.LEAST + token)).contains("token is there 2 times");
        assertThat(home.refusal("token = 1\n" + none)).startsWith("keyhold.toml:1: token is 1");
        assertThat(home.refusal("token = [1]\n" + none))
                .isEqualTo(
                        "keyhold.toml:1: token is a plain list; right would be tables: [[token]]");
    }

    @Test
    void anAuthorityIsNeeded() throws IOException {
        String none = Home.LEAST.substring(Home.LEAST.indexOf("[[token]]"));

        assertThat(home.refusal(none))
                .isEqualTo(
                        "keyhold.toml: grpc.client_ca is missing; right would be at least one"
                                + " [[grpc.client_ca]]");
    }

    @Test
    void whatIsNotTomlIsRefusedWithItsLine() throws IOException {
        assertThat(home.refusal(Home.LEAST + "lanes = = 1\n")).startsWith("keyhold.toml:8: ");
        assertThat(home.refusal(Home.LEAST + "label = \"twice\"\n")).startsWith("keyhold.toml:8: ");
    }

    @Test
    void aPathThatNoFileSystemHasIsRefusedWithItsLine() throws IOException {
        assertThat(home.refusal("[store]\nfile = \"a\\u0000b\"\n" + Home.LEAST))
                .startsWith("keyhold.toml:2: store.file ");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("missing.toml");

        assertThatThrownBy(() -> ConfigLoader.load(missing))
                .isInstanceOf(ConfigException.class)
                .hasMessage(missing + " does not exist");
    }
}
