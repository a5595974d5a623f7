package io.keyhold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.keyhold.v1.CreateKeyRequest;
import org.junit.jupiter.api.Test;

final class RequestJsonTest {

    @Test
    void aPolicyMayStandThereAsTheObjectThatItIs() throws InvalidProtocolBufferException {
        String policy = "{\"Sid\":\n \"a \\\" } \\u0041\", \"Statement\": [{}, {\"Not\": {}}]}";
        CreateKeyRequest request =
                parse("{ \"Policy\" : " + policy + ", \"Description\": \"é {\"}");
        assertThat(request.getPolicy()).isEqualTo(policy);
        assertThat(request.getDescription()).isEqualTo("é {");
        assertThat(parse("{\"Policy\": {}}").getPolicy()).isEqualTo("{}");
        assertThat(parse("{\"Policy\": \"{}\"}").getPolicy()).isEqualTo("{}");
    }

    @Test
    void aLongOneToo() throws InvalidProtocolBufferException {
        String policy = "{" + " ".repeat(100_000) + "}";
        CreateKeyRequest request =
                parse(
                        "{\"Description\": \""
                                + "x".repeat(50_000)
                                + "\", \"Policy\":"
                                + policy
                                + "}");
        assertThat(request.getPolicy()).isEqualTo(policy);
    }

    @Test
    void noOtherObjectIsText() {
        for (String wrong :
                new String[] {
                    "{\"Tags\": [{\"TagKey\": {}}]}",
                    "{\"Policy\": {\"a\": 1, \"a\": 2}}",
                    "{\"Policy\": [{}]}",
                    "[{}]",
                    "{\"MultiRegion\": {}}"
                }) {
            assertThatThrownBy(() -> parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static CreateKeyRequest parse(String json) throws InvalidProtocolBufferException {
        return CreateKeyRequest.parseFrom(
                RequestJson.parse(CreateKeyRequest.getDescriptor(), json).toByteString());
    }
}
