package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.testkit.Wrapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GrantListEntry;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.KeyState;
import tools.jackson.databind.JsonNode;

/** The AWS CLI and boto3 that this machine has; what they did, AWS's SDK for Java looks at. */
final class AwsCliIT {

    private static final String PLAINTEXT = "attack at dawn";
    private static final String CONTEXT = "purpose=test";
    private static final String GRANTEE = "arn:aws:iam::123456789012:user/grantee";
    private static final String POLICY =
            """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*",
             "Resource": "*", "Principal": {"AWS": "arn:aws:iam::123456789012:user/cli"}}]}
            """;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static Path folder;
    private static AwsUser user;
    private static AwsCli cli;
    private static KmsClient kms;
    private static String key;
    private static byte[] blob;

    @BeforeAll
    static void aKeyWithAnAliasEncrypts() throws IOException {
        folder = Files.createDirectories(one.home().scratch("cli"));
        user = AwsUser.create(one, "cli", "kms:*");
        kms = user.client();
        cli = new AwsCli(user, folder);
        key = cli.kms("create-key", "--description", "by the CLI", "--query", "KeyMetadata.KeyId");
        cli.kms("create-alias", "--alias-name", "alias/cli", "--target-key-id", key);
        String plaintext = cli.bytes("plaintext", PLAINTEXT.getBytes(UTF_8));
        blob =
                AwsCli.decoded(
                        cli.kms(
                                "encrypt",
                                "--key-id=alias/cli",
                                "--plaintext=" + plaintext,
                                "--encryption-context=" + CONTEXT,
                                "--query=CiphertextBlob"));
    }

    @AfterAll
    static void close() {
        kms.close();
    }

    @Test
    void whatItEncryptedDecrypts() {
        String opened =
                cli.kms(
                        "decrypt",
                        "--ciphertext-blob=" + cli.bytes("blob", blob),
                        "--encryption-context=" + CONTEXT,
                        "--query=Plaintext");
        assertThat(AwsCli.decoded(opened)).asString(UTF_8).isEqualTo(PLAINTEXT);
        JsonNode event = one.home().journal().successes("Decrypt").getLast();
        assertThat(event.path("userAgent").asString()).startsWith("aws-cli/");
        assertThat(kms.describeKey(r -> r.keyId("alias/cli")).keyMetadata().description())
                .isEqualTo("by the CLI");
    }

    @Test
    void refusalsHaveTheirNames() {
        assertThat(cli.refusal("decrypt", "--ciphertext-blob=" + cli.bytes("blob", blob)))
                .contains("(InvalidCiphertextException) when calling the Decrypt operation");
    }

    @Test
    void aKeyRotates() {
        cli.kms("rotate-key-on-demand", "--key-id", key);
        assertThat(kms.listKeyRotations(r -> r.keyId(key)).rotations()).hasSize(1);
    }

    @Test
    void aKeyHasAPolicyAndAGrant() {
        String made = AwsKeys.id(kms);
        cli.kms("put-key-policy", "--key-id", made, "--policy", POLICY, "--policy-name=default");
        String id =
                cli.kms(
                        "create-grant",
                        "--key-id=" + made,
                        "--grantee-principal=" + GRANTEE,
                        "--operations=Decrypt",
                        "--constraints=EncryptionContextSubset={" + CONTEXT + "}",
                        "--query=GrantId");

        assertThat(kms.getKeyPolicy(r -> r.keyId(made)).policy()).isEqualTo(POLICY);
        GrantListEntry grant = kms.listGrants(r -> r.keyId(made)).grants().getFirst();
        assertThat(grant.grantId()).isEqualTo(id);
        assertThat(grant.granteePrincipal()).isEqualTo(GRANTEE);
        assertThat(grant.operations()).containsExactly(GrantOperation.DECRYPT);
        assertThat(grant.constraints().encryptionContextSubset()).containsEntry("purpose", "test");
    }

    @Test
    void aDeletionIsPlannedAndCalledOff() {
        String made = AwsKeys.id(kms);
        cli.kms("schedule-key-deletion", "--key-id", made, "--pending-window-in-days", "7");
        assertThat(state(made)).isEqualTo(KeyState.PENDING_DELETION);
        cli.kms("cancel-key-deletion", "--key-id", made);
        assertThat(state(made)).isEqualTo(KeyState.DISABLED);
    }

    @Test
    void materialIsImported() {
        String made = AwsKeys.external(kms);
        String[] parameters =
                cli.kms(
                                "get-parameters-for-import",
                                "--key-id=" + made,
                                "--wrapping-algorithm=RSAES_OAEP_SHA_256",
                                "--wrapping-key-spec=RSA_2048",
                                "--query=[ImportToken,PublicKey]")
                        .split("\t");
        byte[] wrapped =
                Wrapping.wrap(
                        AwsCli.decoded(parameters[1]),
                        WrappingAlgorithm.RSAES_OAEP_SHA_256,
                        Wrapping.random(32));
        cli.kms(
                "import-key-material",
                "--key-id=" + made,
                "--import-token=" + cli.bytes("token", AwsCli.decoded(parameters[0])),
                "--encrypted-key-material=" + cli.bytes("material", wrapped),
                "--expiration-model=KEY_MATERIAL_DOES_NOT_EXPIRE");
        assertThat(state(made)).isEqualTo(KeyState.ENABLED);
    }

    private static KeyState state(String id) {
        return kms.describeKey(r -> r.keyId(id)).keyMetadata().keyState();
    }

    @Test
    void boto3OpensItsOwnAndWhatTheCliEncrypted() throws IOException {
        Files.write(folder.resolve("ofTheCli"), blob);
        JsonNode seen = Boto3.run(user, folder, "round_trip.py", "ofTheCli");

        assertThat(seen.path("plaintext").asString()).isEqualTo(PLAINTEXT);
        assertThat(seen.path("theirs").asString()).isEqualTo(PLAINTEXT);
        assertThat(seen.path("keyOfCiphertext")).isEqualTo(seen.path("arn"));
        assertThat(seen.path("age").asDouble()).isBetween(-1.0, 60.0);
        assertRefused(seen.path("unknown"), "NotFoundException", "NotFoundException");
        assertRefused(
                seen.path("withoutContext"),
                "InvalidCiphertextException",
                "InvalidCiphertextException");
        assertRefused(seen.path("tooMuch"), "ClientError", "ValidationException");
        JsonNode event = one.home().journal().successes("Decrypt").getLast();
        assertThat(event.path("userAgent").asString()).startsWith("Boto3/");
    }

    private static void assertRefused(JsonNode refusal, String type, String code) {
        assertThat(refusal.toString()).isEqualTo("[\"%s\",\"%s\",400]".formatted(type, code));
    }
}
