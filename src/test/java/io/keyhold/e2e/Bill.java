package io.keyhold.e2e;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What an account would pay for, counted from its audit trail: there is no metering yet.
 *
 * @param trail all that is in the account's trail
 */
record Bill(List<JsonNode> trail) {

    private static final Set<String> CRYPTOGRAPHIC =
            Set.of("Encrypt", "Decrypt", "GenerateDataKey");

    static Bill of(OneDaemon one, String account) {
        return new Bill(one.home().wholeJournal().of(account).events());
    }

    /** The keys that the account made and has not planned to delete. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (JsonNode event : new Journal(trail).calls().events()) {
            if (!event.path("errorCode").isMissingNode()) {
                continue;
            }
            switch (text(event, "/eventName")) {
                case "CreateKey", "CancelKeyDeletion" -> keys.add(arn(event));
                case "ScheduleKeyDeletion" -> keys.remove(arn(event));
                default -> {}
            }
        }
        return keys;
    }

    /** How often somebody called to have something encrypted or a data key made. */
    long requests(String key) {
        return new Journal(trail)
                .calls().events().stream()
                        .filter(event -> arn(event).equals(key))
                        .filter(event -> CRYPTOGRAPHIC.contains(text(event, "/eventName")))
                        .count();
    }

    private static String arn(JsonNode event) {
        return text(event, "/resources/0/ARN");
    }

    private static String text(JsonNode event, String path) {
        return event.at(path).asString("");
    }
}
