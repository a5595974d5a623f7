package io.keyhold.api;

import static io.keyhold.api.Refusals.invalid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.keyhold.api.aws.JsonReader;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.GenerateMacRequest;
import io.keyhold.v1.SignRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in JSON where a literal should is named with all else that is wrong. */
class LiteralsTest {

    @ParameterizedTest
    @ValueSource(strings = {"INVALID", "UNSPECIFIED", "UNRECOGNIZED", ""})
    void anUnknownOneIsQuotedAndTheKnownOnesNamed(String literal) {
        assertThat(
                        refused(
                                GenerateMacRequest.getDefaultInstance(),
                                """
                                {"KeyId": "k", "Message": "eA==", "MacAlgorithm": "%s"}
                                """
                                        .formatted(literal)))
                .isEqualTo(
                        "1 validation error detected: Value '"
                                + literal
                                + "' at 'macAlgorithm' failed to satisfy constraint: Member must"
                                + " satisfy enum value set: [HMAC_SHA_224, HMAC_SHA_256,"
                                + " HMAC_SHA_384, HMAC_SHA_512]");
    }

    @Test
    void aListIsQuotedAsAWhole() {
        assertThat(
                        refused(
                                CreateGrantRequest.getDefaultInstance(),
                                """
                                {"KeyId": "k", "Operations": ["Decrypt", "Peek"]}
                                """))
                .startsWith(
                        "1 validation error detected: Value '[Decrypt, Peek]' at 'operations'"
                                + " failed to satisfy constraint: Member must satisfy constraint:"
                                + " [Member must satisfy enum value set: [CreateGrant, ")
                .endsWith("]]");
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThat(
                        refused(
                                SignRequest.getDefaultInstance(),
                                """
                                {"MessageType": "X", "SigningAlgorithm": "Y", "Message": "eA=="}
                                """))
                .startsWith("3 validation errors detected: Value null at 'keyId' failed")
                .contains("; Value 'X' at 'messageType' failed")
                .contains("; Value 'Y' at 'signingAlgorithm' failed");
        assertThat(
                        refused(
                                CreateKeyRequest.getDefaultInstance(),
                                """
                                {"KeySpec": "X", "Tags": [{"TagKey": "k"}]}
                                """))
                .startsWith("2 validation errors detected: Value 'X' at 'keySpec' failed")
                .contains("; Value null at 'tags.1.member.tagValue' failed");
    }

    private static String refused(Message prototype, String json) {
        return invalid(new JsonReader().parse(prototype, json.getBytes(UTF_8)));
    }
}
