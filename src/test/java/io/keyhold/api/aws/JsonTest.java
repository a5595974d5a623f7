package io.keyhold.api.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GetPublicKeyResponse;
import io.keyhold.v1.GrantConstraints;
import io.keyhold.v1.GrantListEntry;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.ImportKeyMaterialRequest;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.ListGrantsResponse;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListKeysResponse;
import io.keyhold.v1.MacAlgorithmSpec;
import io.keyhold.v1.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AWS JSON 1.1 to messages and back. */
class JsonTest {

    private final JsonReader reader = new JsonReader();

    @Test
    void everyKindOfFieldIsRead() {
        EncryptRequest encrypt =
                read(
                        EncryptRequest.getDefaultInstance(),
                        """
                        {"KeyId": "k", "Plaintext": "AQID", "DryRun": false, "GrantTokens": ["a", "b"],
                         "EncryptionContext": {"x": "1", "\\u00e4": ""}, "EncryptionAlgorithm": null}
                        """);
        assertThat(encrypt)
                .isEqualTo(
                        EncryptRequest.newBuilder()
                                .setKeyId("k")
                                .setPlaintext(ByteString.copyFrom(new byte[] {1, 2, 3}))
                                .setDryRun(false)
                                .addGrantTokens("a")
                                .addGrantTokens("b")
                                .putEncryptionContext("x", "1")
                                .putEncryptionContext("\u00e4", "")
                                .build());
        assertThat(
                        read(
                                CreateKeyRequest.getDefaultInstance(),
                                """
                                {"KeySpec": "RSA_2048",
                                 "Tags": [{"TagKey": "a", "TagValue": ""}]}
                                """))
                .isEqualTo(
                        CreateKeyRequest.newBuilder()
                                .setKeySpec(KeySpec.Value.RSA_2048)
                                .addTags(Tag.newBuilder().setTagKey("a").setTagValue(""))
                                .build());
        assertThat(
                        read(
                                CreateGrantRequest.getDefaultInstance(),
                                """
                                {"Operations": ["Decrypt"],
                                 "Constraints": {"EncryptionContextEquals": {"a": "b"}}}
                                """))
                .isEqualTo(
                        CreateGrantRequest.newBuilder()
                                .addOperations(GrantOperation.Value.Decrypt)
                                .setConstraints(
                                        GrantConstraints.newBuilder()
                                                .putEncryptionContextEquals("a", "b"))
                                .build());
        assertThat(read(ListKeysRequest.getDefaultInstance(), "{\"Limit\": 5}").getLimit())
                .isEqualTo(5);
        assertThat(read(ListKeysRequest.getDefaultInstance(), "").hasLimit()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1700000000.25", "1700000000.2500", "1.70000000025E9"})
    void timesAreSecondsSince1970(String number) {
        assertThat(
                        read(
                                        ImportKeyMaterialRequest.getDefaultInstance(),
                                        "{\"ValidTo\": " + number + "}")
                                .getValidTo())
                .isEqualTo(
                        Timestamp.newBuilder()
                                .setSeconds(1_700_000_000)
                                .setNanos(250_000_000)
                                .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "null",
                "{",
                "{} x",
                "{\"KeyId\": \"a\", \"KeyId\": \"a\"}",
                "{\"Plaintext\": \"*\"}",
                "{\"KeyId\": \"\\ud800\"}",
                "{\"EncryptionContext\": {\"\\udc00\": \"\"}}",
                "{\"EncryptionContext\": {\"a\": \"\\ud800x\"}}",
                "{\"EncryptionContext\": {\"a\": \"1\", \"a\": \"2\"}}",
                "{\"EncryptionContext\": {\"a\": {\"b\": {}}}}"
            })
    void whatIsNoSuchMessageIsRefused(String json) {
        KmsFault fault = refused(EncryptRequest.getDefaultInstance(), json);
        assertThat(fault.name()).isEqualTo(FaultName.SerializationException);
    }

    /** As services of AWS were seen to answer; KMS is built with the same framework. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"KeyId\": 1}|NUMBER_VALUE can not be converted to a String",
                "{\"KeyId\": 1.5}|NUMBER_VALUE can not be converted to a String",
                "{\"KeyId\": true}|TRUE_VALUE can not be converted to a String",
                "{\"KeyId\": [\"k\"]}|Start of list found where not expected",
                "{\"KeyId\": {}}|Start of structure or map found where not expected.",
                "{\"EncryptionAlgorithm\": false}|FALSE_VALUE can not be converted to a String",
                "{\"Plaintext\": 1}|NUMBER_VALUE can not be converted to a Blob",
                "{\"DryRun\": \"true\"}|STRING_VALUE can not be converted to a Boolean",
                "{\"GrantTokens\": \"a\"}|Expected list or null",
                "{\"GrantTokens\": {}}|Start of structure or map found where not expected.",
                "{\"GrantTokens\": [1]}|NUMBER_VALUE can not be converted to a String",
                "{\"GrantTokens\": [null]}|NULL_VALUE can not be converted to a String",
                "{\"EncryptionContext\": 1}|Expected map or null",
                "{\"EncryptionContext\": []}|Start of list found where not expected",
                "{\"EncryptionContext\": {\"a\": 1}}|NUMBER_VALUE can not be converted to a String",
                "[]|Start of list found where not expected",
                "' '|The body is no structure"
            })
    void anotherTypeIsRefusedWithAwssWords(String json, String text) {
        KmsFault fault = refused(EncryptRequest.getDefaultInstance(), json);
        assertThat(fault.name()).isEqualTo(FaultName.SerializationException);
        assertThat(fault.text()).isEqualTo(text);
    }

    @Test
    void soAreNumbersTimesAndStructures() {
        assertThat(refused(ListKeysRequest.getDefaultInstance(), "{\"Limit\": \"5\"}").text())
                .isEqualTo("STRING_VALUE can not be converted to an Integer");
        assertThat(
                        refused(
                                        ImportKeyMaterialRequest.getDefaultInstance(),
                                        "{\"ValidTo\": \"2030-01-01\"}")
                                .text())
                .isEqualTo("STRING_VALUE can not be converted to milliseconds since epoch");
        assertThat(refused(CreateGrantRequest.getDefaultInstance(), "{\"Constraints\": 1}").text())
                .isEqualTo("Expected null");
    }

    @Test
    void nullIsNotSet() {
        assertThat(
                        read(
                                EncryptRequest.getDefaultInstance(),
                                "{\"KeyId\": null, \"GrantTokens\": null,"
                                        + " \"EncryptionContext\": null}"))
                .isEqualTo(EncryptRequest.getDefaultInstance());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99", "99999999999999999999", "2147483648", "1.5", "\"5\""})
    void aNumberFits(String number) {
        KmsFault fault =
                refused(ListKeysRequest.getDefaultInstance(), "{\"Limit\": " + number + "}");
        assertThat(fault.name()).isEqualTo(FaultName.SerializationException);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e999999999",
                "1e9999999",
                "1e99999999999",
                "1e-99999999999",
                "-1e20",
                "99999999999999999999"
            })
    void aTimeThatIsFarAwayIsNoTrap(String time) {
        KmsFault fault =
                refused(
                        ImportKeyMaterialRequest.getDefaultInstance(),
                        "{\"ValidTo\": " + time + "}");
        assertThat(fault.name()).isEqualTo(FaultName.SerializationException);
    }

    @Test
    void anUnknownNameIsRefused() {
        KmsFault fault = refused(ListKeysRequest.getDefaultInstance(), "{\"limit\": 5}");
        assertThat(fault.name()).isEqualTo(FaultName.ValidationException);
        assertThat(fault.text()).contains("'limit'");
    }

    @Test
    void answersAreWrittenAsAwsWritesThem() {
        CreateKeyResponse created =
                CreateKeyResponse.newBuilder()
                        .setKeyMetadata(
                                KeyMetadata.newBuilder()
                                        .setKeyId("k")
                                        .setEnabled(false)
                                        .setDescription("")
                                        .addMacAlgorithms(MacAlgorithmSpec.Value.HMAC_SHA_224)
                                        .setCreationDate(
                                                Timestamp.newBuilder()
                                                        .setSeconds(1_700_000_000)
                                                        .setNanos(250_000_000)))
                        .build();
        assertThat(written(JsonWriter.answer(created)))
                .isEqualTo(
                        "{\"KeyMetadata\":{\"KeyId\":\"k\",\"CreationDate\":1700000000.250,"
                                + "\"Enabled\":false,\"Description\":\"\","
                                + "\"MacAlgorithms\":[\"HMAC_SHA_224\"]}}");
        assertThat(written(JsonWriter.answer(ListKeysResponse.getDefaultInstance())))
                .isEqualTo("{\"Keys\":[]}");
        assertThat(written(JsonWriter.answer(GetPublicKeyResponse.getDefaultInstance())))
                .as("only a page has a list that is empty")
                .isEqualTo("{}");
        assertThat(
                        written(
                                JsonWriter.answer(
                                        EncryptResponse.newBuilder()
                                                .setCiphertextBlob(
                                                        ByteString.copyFrom(new byte[] {-1, -2}))
                                                .build())))
                .isEqualTo("{\"CiphertextBlob\":\"//4=\"}");
    }

    @Test
    void mapsAreObjects() {
        GrantConstraints constraints =
                GrantConstraints.newBuilder().putEncryptionContextEquals("a", "b").build();
        assertThat(
                        written(
                                JsonWriter.answer(
                                        ListGrantsResponse.newBuilder()
                                                .addGrants(
                                                        GrantListEntry.newBuilder()
                                                                .setConstraints(constraints))
                                                .build())))
                .isEqualTo(
                        "{\"Grants\":[{\"Constraints\":{\"EncryptionContextEquals\":"
                                + "{\"a\":\"b\"}}}]}");
    }

    @Test
    void someErrorsHaveNoMessage() {
        assertThat(written(JsonWriter.fault(KmsFault.bare(FaultName.InvalidCiphertextException))))
                .isEqualTo("{\"__type\":\"InvalidCiphertextException\"}");
        assertThat(written(JsonWriter.fault(KmsFault.of(FaultName.NotFoundException, "no \"x\""))))
                .isEqualTo("{\"__type\":\"NotFoundException\",\"message\":\"no \\\"x\\\"\"}");
    }

    private <Q extends Message> Q read(Q prototype, String json) {
        return reader.parse(prototype, json.getBytes(UTF_8));
    }

    private KmsFault refused(Message prototype, String json) {
        return catchThrowableOfType(KmsFault.class, () -> read(prototype, json));
    }

    private static String written(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
