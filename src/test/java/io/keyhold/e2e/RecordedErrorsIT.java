package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.keyhold.e2e.Provocations.Provocation;
import io.keyhold.e2e.SignedHttp.Answer;
import io.keyhold.testkit.Facts;
import io.keyhold.testkit.Facts.RecordedError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every error that was recorded from the real service comes about here too, word for word. */
final class RecordedErrorsIT {

    private static final Map<String, List<Provocation>> PROVOCATIONS = Provocations.all();

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static SignedHttp http;
    private static AwsStage stage;

    @BeforeAll
    static void set() {
        http = new SignedHttp(AwsUser.create(one, "recorder", "kms:*"));
        stage = new AwsStage(http);
    }

    @AfterAll
    static void close() {
        http.close();
    }

    @Test
    void everyRowIsAccountedFor() {
        Map<String, Long> rows =
                Facts.recordedErrors().stream()
                        .collect(Collectors.groupingBy(RecordedError::step, Collectors.counting()));
        Map<String, Long> provoked =
                PROVOCATIONS.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, step -> (long) step.getValue().size()));

        assertThat(provoked).isEqualTo(rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("same")
    void theAnswerIsTheRecordedOne(RecordedError recorded, Provocation provocation) {
        Answer answer = provocation.call().on(stage);

        assertThat(answer)
                .as("%s", recorded)
                .returns(recorded.http(), Answer::status)
                .returns(recorded.code(), Answer::type)
                .returns(recorded.message().isEmpty(), sent -> !sent.body().has("message"))
                .matches(sent -> fits(recorded, sent), "has that message");
    }

    /** If one is after all, it can be provoked. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("other")
    void anExemptRowIsStillAnsweredOtherwise(RecordedError recorded, Provocation provocation) {
        Answer answer = provocation.call().on(stage);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.type().equals(recorded.code()) && fits(recorded, answer))
                .as("%s, but %s", provocation.otherwise(), answer.text())
                .isFalse();
    }

    /** Whatever AWS's model requires, and the ciphertext, which only a dry run could do without. */
    @ParameterizedTest
    @MethodSource("io.keyhold.e2e.MatrixStage#verbs")
    void allThatIsMissingIsNamed(String verb) {
        Set<String> missing =
                Facts.api()
                        .path("operations")
                        .path(verb)
                        .path("input")
                        .propertyStream()
                        .filter(
                                field ->
                                        field.getValue().asString().endsWith("!")
                                                || field.getKey().equals("CiphertextBlob"))
                        .map(field -> isNull(field.getKey()))
                        .collect(Collectors.toSet());
        if (missing.isEmpty()) {
            return;
        }
        Answer answer = http.post(verb, "{}");
        String[] said = answer.body().path("message").asString().split(" detected: ", 2);

        assertThat(answer.type()).isEqualTo("ValidationException");
        assertThat(said[0])
                .isEqualTo(missing.size() + " validation error" + (missing.size() > 1 ? "s" : ""));
        assertThat(said[1].split("; ")).containsExactlyInAnyOrderElementsOf(missing);
    }

    /** What AWS's model calls sensitive is not quoted. */
    private static String isNull(String field) {
        String name = Character.toLowerCase(field.charAt(0)) + field.substring(1);
        String value = Set.of("plaintext", "message").contains(name) ? "Value" : "Value null";
        return value + " at '" + name + "' failed to satisfy constraint: Member must not be null";
    }

    @Test
    void whatIsOfAnotherTypeOrUnknownIsSaidToBe() {
        assertThat(http.post("DescribeKey", "{\"KeyId\": null}").text())
                .isEqualTo(http.post("DescribeKey", "{}").text());
        assertThat(http.post("ListKeys", "{\"Limit\": \"5\"}"))
                .returns(400, Answer::status)
                .returns("SerializationException", Answer::type)
                .matches(
                        answer ->
                                answer.text()
                                        .contains(
                                                "STRING_VALUE can not be converted to an Integer"));
        assertThat(http.post("ListKeys", "{\"Limits\": 5}"))
                .returns(400, Answer::status)
                .returns("ValidationException", Answer::type)
                .matches(answer -> answer.text().contains("'Limits'"));
    }

    @Test
    void noOtherMessageFits() {
        String key = "arn:aws:kms:us-east-1:123456789012:key/134f2428-cec1-4b25-a1ae-9048164dba47";
        RecordedShape shape = new RecordedShape("Key '<key-arn>' is x: enum value set: [A, B]");
        String good = "Key '" + key + "' is x: enum value set: [B, NEW, A]";

        assertThat(shape.fits(good, key)).isTrue();
        assertThat(shape.fits(good + " ", key)).isFalse();
        assertThat(shape.fits(good, key.replace('f', 'e'))).isFalse();
        assertThat(shape.fits(good.replace("B, ", ""), key)).isFalse();
        assertThat(shape.fits(good.replace("us-east", "eu-west"), key)).isFalse();
    }

    private static boolean fits(RecordedError recorded, Answer answer) {
        String message = answer.body().path("message").asString("");
        return new RecordedShape(recorded.message()).fits(message, answer.request());
    }

    static Stream<Arguments> same() {
        return rows(true);
    }

    static Stream<Arguments> other() {
        return rows(false);
    }

    /** The rows of a step and its provocations are in the same order. */
    private static Stream<Arguments> rows(boolean same) {
        Map<String, Integer> seen = new HashMap<>();
        return Facts.recordedErrors().stream()
                .map(
                        row -> {
                            int number = seen.merge(row.step(), 1, Integer::sum) - 1;
                            return arguments(row, PROVOCATIONS.get(row.step()).get(number));
                        })
                .filter(row -> ((Provocation) row.get()[1]).otherwise().isEmpty() == same);
    }
}
