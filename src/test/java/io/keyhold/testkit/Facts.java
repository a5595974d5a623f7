package io.keyhold.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is known of AWS KMS: its model, its key-state table, answers recorded from it. */
public final class Facts {

    private static final JsonMapper JSON = new JsonMapper();

    private Facts() {}

    /** AWS's model: operations, nested shapes, enums, errors, limits. */
    public static JsonNode api() {
        return read("aws-kms-api.json");
    }

    /** Which verb works in which key state. */
    public static JsonNode keyStates() {
        return read("key-states.json");
    }

    /** An error that the real service was seen to answer; what differs each time is in angles. */
    public record RecordedError(String step, int http, String code, String message) {}

    /** Every error that the real service was seen to answer. */
    public static List<RecordedError> recordedErrors() {
        return read("aws-recorded-errors.json")
                .path("errors")
                .valueStream()
                .map(
                        error ->
                                new RecordedError(
                                        error.path("step").asString(),
                                        error.path("http").asInt(),
                                        error.path("code").asString(),
                                        error.path("message").asString()))
                .toList();
    }

    /** Every message that the real service was seen to answer with this exception. */
    public static List<String> recordedMessages(String exception) {
        return recordedErrors().stream()
                .filter(error -> error.code().equals(exception))
                .map(RecordedError::message)
                .toList();
    }

    private static JsonNode read(String name) {
        try (InputStream in = Facts.class.getResourceAsStream("/facts/" + name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
