package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.keyhold.e2e.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A client that was not made for Keyhold does the main job, with AWS's names, by reflection. */
final class BufCurlIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void theMainJob(Listener listener) {
        JsonNode key =
                call(
                                listener,
                                "CreateKey",
                                """
                                {"Description": "buf", "KeySpec": "SYMMETRIC_DEFAULT",
                                 "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS"}
                                """)
                        .path("KeyMetadata");
        assertThat(key.propertyNames())
                .contains(
                        "AWSAccountId",
                        "KeyId",
                        "Arn",
                        "CreationDate",
                        "Enabled",
                        "Description",
                        "KeyUsage",
                        "KeyState",
                        "Origin",
                        "KeyManager",
                        "CustomerMasterKeySpec",
                        "KeySpec",
                        "EncryptionAlgorithms",
                        "MultiRegion",
                        "CurrentKeyMaterialId");
        assertThat(key.path("KeyState").asString()).isEqualTo("Enabled");
        String keyId = key.path("KeyId").asString();
        assertThat(key.path("Arn").asString())
                .isEqualTo("arn:aws:kms:us-east-1:123456789012:key/" + keyId);

        String plaintext = Base64.getEncoder().encodeToString("by buf".getBytes(UTF_8));
        JsonNode sealed =
                call(
                        listener,
                        "Encrypt",
                        """
                        {"KeyId": "%s", "Plaintext": "%s", "EncryptionContext": {"a": "b"}}
                        """
                                .formatted(keyId, plaintext));
        assertThat(sealed.propertyNames())
                .containsExactlyInAnyOrder("CiphertextBlob", "KeyId", "EncryptionAlgorithm");
        assertThat(sealed.path("EncryptionAlgorithm").asString()).isEqualTo("SYMMETRIC_DEFAULT");

        JsonNode opened =
                call(
                        listener,
                        "Decrypt",
                        """
                        {"CiphertextBlob": "%s", "EncryptionContext": {"a": "b"}}
                        """
                                .formatted(sealed.path("CiphertextBlob").asString()));
        assertThat(opened.path("Plaintext").asString()).isEqualTo(plaintext);
        assertThat(opened.path("KeyId").asString()).isEqualTo(key.path("Arn").asString());
        assertThat(opened.path("KeyMaterialId")).isEqualTo(key.path("CurrentKeyMaterialId"));

        call(listener, "RotateKeyOnDemand", "{\"KeyId\": \"" + keyId + "\"}");
        JsonNode rotations =
                call(
                        listener,
                        "ListKeyRotations",
                        "{\"KeyId\": \""
                                + keyId
                                + "\", \"IncludeKeyMaterial\": \"ALL_KEY_MATERIAL\"}");
        assertThat(rotations.path("Rotations").size()).isEqualTo(2);
        assertThat(rotations.path("Rotations").get(1).path("RotationType").asString())
                .isEqualTo("ON_DEMAND");
        JsonNode keys = call(listener, "ListKeys", "{\"Limit\": 1000}");
        assertThat(keys.path("Keys").findValuesAsString("KeyArn"))
                .contains(key.path("Arn").asString());
    }

    @ParameterizedTest
    @EnumSource
    void theExitCodeIsEightTimesTheStatus(Listener listener) {
        refused(
                listener,
                Status.Code.NOT_FOUND,
                "DescribeKey",
                "{\"KeyId\": \"alias/none\"}",
                "NotFoundException: Alias arn:aws:kms:us-east-1:123456789012:alias/none is not"
                        + " found.");
        refused(
                listener,
                Status.Code.INVALID_ARGUMENT,
                "Decrypt",
                "{\"CiphertextBlob\": \"AAAA\"}",
                "InvalidCiphertextException");
        refused(
                listener,
                Status.Code.INVALID_ARGUMENT,
                "ListKeys",
                "{\"Limit\": 0}",
                "ValidationException: 1 validation error detected: Value '0' at 'limit' failed to"
                        + " satisfy constraint: Member must have value greater than or equal to 1");
        refused(
                listener,
                Status.Code.UNIMPLEMENTED,
                "CreateKey",
                "{\"MultiRegion\": true}",
                "UnsupportedOperationException: MultiRegion is not supported yet.");
    }

    @Test
    void whatTheReadmeSaysWorks() throws IOException {
        String readme = Files.readString(Commands.REPOSITORY.resolve("README.md"));
        List<String> lines =
                readme.replace("\\\n", " ")
                        .lines()
                        .filter(line -> line.contains("npx -y @bufbuild/buf curl"))
                        .filter(line -> line.endsWith("/ListKeys"))
                        .toList();
        assertThat(lines).hasSize(2);
        for (String line : lines) {
            Outcome outcome =
                    Buf.shell(
                            line.replace("var/", one.home().folder() + "/")
                                    .replace("7443", Integer.toString(one.daemon().port())));
            assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
            assertThat(outcome.out()).contains("\"Truncated\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void reflectionListsTheService(Listener listener) {
        Outcome outcome = new Buf(one.daemon(), listener).listMethods();
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        List<String> verbs = Rpc.ALL.stream().map(rpc -> rpc.getFullMethodName()).toList();
        assertThat(outcome.out().lines())
                .containsAll(verbs)
                .contains("grpc.health.v1.Health/Check");
    }

    @ParameterizedTest
    @EnumSource
    void healthSaysServing(Listener listener) {
        for (String service : List.of("", Rpc.SERVICE, "keyhold.v1.Identity")) {
            Outcome outcome =
                    new Buf(one.daemon(), listener)
                            .call(
                                    "grpc.health.v1.Health/Check",
                                    "{\"service\": \"" + service + "\"}");
            assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
            assertThat(JSON.readTree(outcome.out()).path("status").asString()).isEqualTo("SERVING");
        }
        Outcome unknown =
                new Buf(one.daemon(), listener)
                        .call("grpc.health.v1.Health/Check", "{\"service\": \"none\"}");
        assertThat(unknown.exitCode()).isEqualTo(8 * Status.Code.NOT_FOUND.value());
    }

    private static JsonNode call(Listener listener, String verb, String json) {
        Outcome outcome = new Buf(one.daemon(), listener).call(Rpc.SERVICE + "/" + verb, json);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return JSON.readTree(outcome.out());
    }

    private static void refused(
            Listener listener, Status.Code code, String verb, String json, String message) {
        Outcome outcome = new Buf(one.daemon(), listener).call(Rpc.SERVICE + "/" + verb, json);
        assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(8 * code.value());
        JsonNode error = JSON.readTree(outcome.err());
        assertThat(error.path("message").asString()).isEqualTo(message);
        assertThat(error.path("details").get(0).path("type").asString())
                .isEqualTo("google.rpc.ErrorInfo");
    }
}
