package io.keyhold.api;

import static io.keyhold.api.Refusals.invalid;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import io.keyhold.testkit.Facts;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.Tag;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** To the letter what the real service was recorded to answer. */
class RecordedMessagesTest {

    private static final List<String> RECORDED = Facts.recordedMessages("ValidationException");

    @Test
    void ofAPlaintextThatIsTooLong() {
        EncryptRequest request =
                EncryptRequest.newBuilder()
                        .setKeyId("alias/x")
                        .setPlaintext(ByteString.copyFrom(new byte[4097]))
                        .build();

        assertThat(RECORDED).contains(invalid(request));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1025})
    void ofANumberOutOfRange(int number) {
        DynamicMessage request =
                Probe.builder().setField(Probe.field("number_of_bytes"), number).build();

        assertThat(RECORDED).contains(invalid(request));
    }

    @Test
    void ofATagWhoseKeyIsTooLong() {
        String key = recorded("'tags.1.member.tagKey'");

        assertThat(key).hasSizeGreaterThan(128);
        assertThat(RECORDED).contains(invalid(tagged(key, "v")));
    }

    @Test
    void ofATagWhoseValueIsTooLong() {
        String value = recorded("'tags.1.member.tagValue'");

        assertThat(value).hasSizeGreaterThan(256);
        assertThat(RECORDED).contains(invalid(tagged("k", value)));
    }

    @Test
    void ofALiteralThatIsUnknownButForTheValuesThatAwsHasAddedSince() {
        String recorded =
                RECORDED.stream()
                        .filter(text -> text.contains("'HMAC_random'"))
                        .findAny()
                        .orElseThrow();
        String ours = invalid(CreateKeyRequest.newBuilder().setKeySpecValue(99).build());

        assertThat(withoutValues(ours))
                .isEqualTo(withoutValues(recorded).replace("HMAC_random", "99"));
        assertThat(values(ours)).containsAll(values(recorded)).doesNotContain("UNSPECIFIED");
    }

    private static DynamicMessage tagged(String key, String value) {
        Tag tag = Tag.newBuilder().setTagKey(key).setTagValue(value).build();
        return Probe.builder().addRepeatedField(Probe.field("tags"), tag).build();
    }

    /** The value that a recorded message quotes. */
    private static String recorded(String field) {
        String message = RECORDED.stream().filter(m -> m.contains(field)).findAny().orElseThrow();
        return message.split("'")[1];
    }

    private static String withoutValues(String message) {
        return message.replaceAll("\\[.*]", "[]");
    }

    private static List<String> values(String message) {
        return List.of(message.replaceAll(".*\\[(.*)]", "$1").split(", "));
    }
}
