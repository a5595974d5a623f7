package io.keyhold.e2e;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The audit records in a home; every line must be one of a call or of a key. */
record Journal(List<JsonNode> events) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every record: those of what the daemon did by itself are AwsServiceEvents. */
    static Journal read(Path file) {
        return new Journal(Commands.text(file).lines().map(JSON::readTree).toList());
    }

    /** The records of calls. */
    Journal calls() {
        return new Journal(
                events.stream()
                        .filter(event -> event.path("eventType").asString().equals("AwsApiCall"))
                        .toList());
    }

    /** An account's trail. */
    Journal of(String account) {
        return new Journal(
                events.stream()
                        .filter(e -> e.path("recipientAccountId").asString("").equals(account))
                        .toList());
    }

    /** The records of a verb that succeeded. */
    List<JsonNode> successes(String verb) {
        return events.stream()
                .filter(event -> event.path("eventName").asString().equals(verb))
                .filter(event -> event.path("errorCode").isMissingNode())
                .toList();
    }

    /** The records after the first ones. */
    Journal since(int first) {
        return new Journal(events.subList(first, events.size()));
    }
}
