package io.keyhold.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code [[service]]} must not say. */
class ServiceSectionsTest {

    private static final String S3 = "[[service]]\nprincipal = \"s3.amazonaws.com\"\n";
    private static final String OWNED = "keys = [\"service-owned\"]\n";

    private static final String EMULATOR =
            """
            [aws]
            listen = "127.0.0.1:7480"
            auth = "insecure-any"
            insecure_account = "222222222222"
            """;

    @TempDir Path folder;
    private Home home;

    @BeforeEach
    void open() {
        home = new Home(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keys = [\"aws-managed\"] | 3: service.keys has aws-managed; right would be texts"
                        + " that match customer-managed|service-managed|service-owned",
                "keys = [\"service-owned\"] | 1: service.account is missing; right would be 12"
                        + " digits, where the keys are that the service owns",
                "account = \"222222222222\" | 3: service.account is there, and keys has no"
                        + " service-owned; right would be both or none of them",
                "keys = [] | 3: service.keys is missing; right would be a list of texts in quotes",
                "keys = [\"service-managed\", \"service-managed\"] | 3: service.keys has"
                        + " service-managed twice; right would be each text once",
                "account = \"22\" | 3: service.account is '22'; right would be a text that matches",
                "name = \"S3\" | 3: service.name is 'S3'; right would be a text that matches",
                "may_assert_accounts = [\"1\"] | 3: service.may_assert_accounts has 1; right",
                "uses = \"keys\" | 3: service.uses is not known; right would be one of [account,"
                        + " keys, may_assert_accounts, name, principal]",
            },
            quoteCharacter = '\'')
    void whatIsWrongIsSaidWithItsLine(String line, String refusal) throws IOException {
        assertThat(home.refusal(S3 + line + "\n" + Home.LEAST))
                .startsWith("keyhold.toml:" + refusal);
    }

    /** Nobody's keys become a service's, and no service's another's. */
    @ParameterizedTest
    @CsvSource({"123456789012", "222222222222", "333333333333", "444444444444", "555555555555"})
    void anAccountIsOneServicesAlone(String account) throws IOException {
        String others =
                """
                [[service]]
                principal = "sns.amazonaws.com"
                account = "444444444444"
                keys = ["service-owned"]
                may_assert_accounts = ["333333333333"]
                """;
        String own = S3 + OWNED + "account = \"" + account + "\"\n";

        String named = Home.LEAST.replace("[\"123456789012\"]", "[\"555555555555\"]");

        assertThat(home.refusal(others + own + EMULATOR + named))
                .startsWith("keyhold.toml:9: service.account is " + account)
                .contains("somebody else's");
    }

    @Test
    void eachServiceIsThereOnce() throws IOException {
        assertThat(home.refusal(S3 + S3 + Home.LEAST)).contains("service.name is there twice: s3");
        assertThat(home.refusal(S3 + S3 + "name = \"other\"\n" + Home.LEAST))
                .startsWith(
                        "keyhold.toml:4: service.principal is the second one that begins with s3;");
    }
}
