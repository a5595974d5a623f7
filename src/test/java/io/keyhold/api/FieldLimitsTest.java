package io.keyhold.api;

import static io.keyhold.api.Refusals.invalid;
import static io.keyhold.api.Refusals.passes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.ListKeysRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldLimitsTest {

    private static final String ONE = "1 validation error detected: ";

    @Test
    void requestsAtTheirLimitsPass() {
        passes(encrypt("k", 1));
        passes(encrypt("k".repeat(2048), 4096));
        passes(ListKeysRequest.getDefaultInstance());
        passes(ListKeysRequest.newBuilder().setLimit(1).setMarker(" ").build());
        passes(
                ListKeysRequest.newBuilder()
                        .setLimit(1000)
                        .setMarker("\u00ff".repeat(1024))
                        .build());
        passes(CreateKeyRequest.newBuilder().setDescription("d".repeat(8192)).build());
        passes(CreateKeyRequest.newBuilder().setDescription("").build());
        passes(EncryptRequest.newBuilder(encrypt("k", 1)).putEncryptionContext("k", "").build());
    }

    /** Before anybody compares it with policies and grants. */
    @Test
    void anEncryptionContextIsCheckedAtTheDoor() {
        EncryptRequest good = encrypt("k", 1);

        assertThat(invalid(good.toBuilder().putEncryptionContext("k", "v".repeat(8192)).build()))
                .isEqualTo("EncryptionContext takes more than 8192 bytes.");
        assertThat(invalid(good.toBuilder().putEncryptionContext("", "v").build()))
                .isEqualTo("EncryptionContext has an empty key.");
    }

    @Test
    void everyMissingFieldIsNamed() {
        assertThat(invalid(EncryptRequest.getDefaultInstance()))
                .isEqualTo(
                        "2 validation errors detected: "
                                + "Value null at 'keyId' failed to satisfy constraint: "
                                + "Member must not be null; "
                                + "Value at 'plaintext' failed to satisfy constraint: "
                                + "Member must not be null");
    }

    @Test
    void anEmptyTextIsThereButTooShort() {
        assertThat(invalid(DescribeKeyRequest.newBuilder().setKeyId("").build()))
                .isEqualTo(
                        ONE
                                + "Value '' at 'keyId' failed to satisfy constraint: "
                                + "Member must have length greater than or equal to 1");
    }

    @Test
    void textThatIsTooLongIsQuotedOnlyUpTo2048Characters() {
        assertThat(invalid(DescribeKeyRequest.newBuilder().setKeyId("k".repeat(2049)).build()))
                .isEqualTo(
                        ONE
                                + "Value at 'keyId' failed to satisfy constraint: "
                                + "Member must have length less than or equal to 2048");
        assertThat(invalid(ListKeysRequest.newBuilder().setMarker("m".repeat(1025)).build()))
                .isEqualTo(
                        ONE
                                + "Value '"
                                + "m".repeat(1025)
                                + "' at 'marker' failed to satisfy constraint: "
                                + "Member must have length less than or equal to 1024");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1001, Integer.MAX_VALUE})
    void numbersAreQuoted(int limit) {
        assertThat(invalid(ListKeysRequest.newBuilder().setLimit(limit).build()))
                .startsWith(
                        ONE + "Value '" + limit + "' at 'limit' failed to satisfy constraint: ");
    }

    @Test
    void textMustMatchItsPatternAsAWhole() {
        assertThat(invalid(ListKeysRequest.newBuilder().setMarker("ok\u0100").build()))
                .isEqualTo(
                        ONE
                                + "Value 'ok\u0100' at 'marker' failed to satisfy constraint: "
                                + "Member must satisfy regular expression pattern: "
                                + "[\\u0020-\\u00FF]*");
    }

    @Test
    void lengthsOfTextAreUtf16UnitsAsAwsCounts() {
        String pairs = "\ud83d\udd11".repeat(4096);

        passes(CreateKeyRequest.newBuilder().setDescription(pairs).build());
        assertThat(invalid(CreateKeyRequest.newBuilder().setDescription(pairs + "x").build()))
                .contains("'description'");
    }

    @Test
    void bytesAreNeverShown() {
        ByteString secret = ByteString.copyFromUtf8("s3cret".repeat(700));
        DecryptRequest tooLong =
                DecryptRequest.newBuilder().setCiphertextBlob(secret.concat(secret)).build();

        assertThat(invalid(EncryptRequest.newBuilder().setPlaintext(secret).build()))
                .contains("Value at 'plaintext'")
                .doesNotContain("s3cret");
        assertThat(invalid(tooLong)).contains("Value at 'ciphertextBlob'").doesNotContain("s3cret");
    }

    @Test
    void bytesThatAreSetButEmptyAreTooShort() {
        assertThat(invalid(encrypt("k", 0)))
                .isEqualTo(
                        ONE
                                + "Value at 'plaintext' failed to satisfy constraint: "
                                + "Member must have length greater than or equal to 1");
    }

    @Test
    void unknownEnumNumbersAreRefusedAndTheKnownLiteralsNamed() {
        assertThat(
                        invalid(
                                EncryptRequest.newBuilder(encrypt("k", 1))
                                        .setEncryptionAlgorithmValue(77)
                                        .build()))
                .isEqualTo(
                        ONE
                                + "Value '77' at 'encryptionAlgorithm' failed to satisfy constraint: "
                                + "Member must satisfy enum value set: [RSAES_OAEP_SHA_1, "
                                + "RSAES_OAEP_SHA_256, SM2PKE, SYMMETRIC_DEFAULT]");
        passes(
                EncryptRequest.newBuilder(encrypt("k", 1))
                        .setEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.UNSPECIFIED)
                        .build());
    }

    @Test
    void unknownFieldNumbersAreRefusedAndTheFirstTenNamed() {
        assertThat(invalid(withUnknownFields(1)))
                .isEqualTo(
                        "EncryptRequest has fields with numbers that this daemon does not know:"
                                + " [101]");
        assertThat(invalid(withUnknownFields(5000)))
                .endsWith(": [101, 102, 103, 104, 105, 106, 107, 108, 109, 110]");
    }

    private static EncryptRequest encrypt(String keyId, int length) {
        return EncryptRequest.newBuilder()
                .setKeyId(keyId)
                .setPlaintext(ByteString.copyFrom(new byte[length]))
                .build();
    }

    private static EncryptRequest withUnknownFields(int count) {
        UnknownFieldSet.Builder unknown = UnknownFieldSet.newBuilder();
        for (int number = 101; number <= 100 + count; number++) {
            unknown.addField(number, Field.newBuilder().addVarint(1).build());
        }
        return encrypt("k", 1).toBuilder().setUnknownFields(unknown.build()).build();
    }
}
