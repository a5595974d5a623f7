package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.SignedHttp.Answer;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.testkit.Wrapping;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keys that are asked for over AWS's protocol, and made once where one does. */
final class AwsStage {

    private static final JsonMapper JSON = new JsonMapper();

    private final SignedHttp http;
    private final Map<String, String> keys = new HashMap<>();

    AwsStage(SignedHttp http) {
        this.http = http;
    }

    /** What a parameter is, as soon as it is needed. */
    interface Value {

        Object on(AwsStage stage);
    }

    /**
     * Sends a request.
     *
     * @param parameters names and values in turn
     */
    Answer ask(String verb, Object... parameters) {
        Map<String, Object> body = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            Object value = parameters[i + 1];
            body.put((String) parameters[i], value instanceof Value later ? later.on(this) : value);
        }
        return http.post(verb, JSON.writeValueAsString(body));
    }

    /** The answer to a request that is a good one. */
    JsonNode get(String verb, Object... parameters) {
        Answer answer = ask(verb, parameters);
        assertThat(answer.status()).as("%s: %s", verb, answer.text()).isEqualTo(200);
        return answer.body();
    }

    /** Bytes of such an answer. */
    byte[] bytes(String name, String verb, Object... parameters) {
        try {
            return get(verb, parameters).path(name).binaryValue();
        } catch (UncheckedIOException e) {
            throw new AssertionError(name, e);
        }
    }

    /** The ARN of a new key. */
    String newKey(Object... parameters) {
        return get("CreateKey", parameters).path("KeyMetadata").path("Arn").asString();
    }

    /** The ARN of the key of a kind, which is only used. */
    String key(String spec, String usage) {
        return keys.computeIfAbsent(
                spec + " " + usage, kind -> newKey("KeySpec", spec, "KeyUsage", usage));
    }

    /** Imports new bytes. */
    Answer importInto(String key, Object... more) {
        JsonNode parameters =
                get(
                        "GetParametersForImport",
                        "KeyId",
                        key,
                        "WrappingAlgorithm",
                        "RSAES_OAEP_SHA_1",
                        "WrappingKeySpec",
                        "RSA_2048");
        byte[] wrapped =
                Wrapping.wrap(
                        parameters.path("PublicKey").binaryValue(),
                        WrappingAlgorithm.RSAES_OAEP_SHA_1,
                        Wrapping.random(32));
        Object[] first = {
            "KeyId", key,
            "ImportToken", parameters.path("ImportToken").asString(),
            "EncryptedKeyMaterial", wrapped
        };
        Object[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return ask("ImportKeyMaterial", all);
    }
}
