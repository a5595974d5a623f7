package io.keyhold.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What can be told from one line of the journal.
 *
 * @param id the event's
 * @param by ARN of the caller, or its service; may be empty
 * @param about ARNs, and other names of what it was done to
 * @param changed whether something was changed; false in the copy for another account
 */
record JournalLine(
        String id, Instant time, String event, String by, List<String> about, boolean changed) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String OTHER_ACCOUNT = "AWSAccount";

    /** Parameters and answers that say what a call was about. */
    private static final Set<String> NAMES =
            Set.of(
                    "arn",
                    "aliasName",
                    "grantId",
                    "grantName",
                    "name",
                    "userName",
                    "roleName",
                    "groupName",
                    "policyName",
                    "policyArn",
                    "accessKeyId",
                    "objectId",
                    "keyId");

    /** The line of a text; empty if it is none. */
    static Optional<JournalLine> parse(String text) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            return json.nextToken() == JsonToken.START_OBJECT
                    ? Optional.of(parse(json))
                    : Optional.empty();
        } catch (JacksonException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static JournalLine parse(JsonParser json) {
        String id = "";
        String time = "";
        String event = "";
        String by = "";
        List<String> resources = List.of();
        List<String> names = new ArrayList<>();
        boolean changed = true;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = json.currentName();
            JsonToken value = json.nextToken();
            switch (member) {
                case "eventID" -> id = json.getString();
                case "eventTime" -> time = json.getString();
                case "eventName" -> event = json.getString();
                case "errorCode" -> changed = false;
                case "readOnly" -> changed &= value == JsonToken.VALUE_FALSE;
                case "userIdentity" -> {
                    Map<String, String> who = firsts(json, Set.of("type", "arn", "invokedBy"));
                    by = who.getOrDefault("arn", who.getOrDefault("invokedBy", ""));
                    changed &= !OTHER_ACCOUNT.equals(who.get("type"));
                }
                case "resources" -> resources = texts(json, Set.of("ARN"));
                case "requestParameters", "responseElements" -> names.addAll(texts(json, NAMES));
                default -> json.skipChildren();
            }
        }
        return new JournalLine(
                id, Instant.parse(time), event, by, together(resources, names), changed);
    }

    /** What says something new beside what comes before it. */
    private static List<String> together(List<String> resources, List<String> names) {
        List<String> all = new ArrayList<>(resources);
        names.stream()
                .sorted((one, other) -> other.length() - one.length())
                .filter(name -> all.stream().noneMatch(known -> isNamedIn(known, name)))
                .forEach(all::add);
        return all;
    }

    /** Whether a text is a name, or an ARN that ends with it. */
    private static boolean isNamedIn(String text, String name) {
        return text.equals(name) || text.endsWith("/" + name) || text.endsWith(":" + name);
    }

    /**
     * The first text of each of these names in the value that the parser is at the beginning of.
     */
    private static Map<String, String> firsts(JsonParser json, Set<String> names) {
        Map<String, String> firsts = new HashMap<>();
        read(json, names, firsts::putIfAbsent);
        return firsts;
    }

    /** All of them. */
    private static List<String> texts(JsonParser json, Set<String> names) {
        List<String> found = new ArrayList<>();
        read(json, names, (name, text) -> found.add(text));
        return found;
    }

    private static void read(JsonParser json, Set<String> names, BiConsumer<String, String> found) {
        for (int depth = json.currentToken().isStructStart() ? 1 : 0; depth > 0; ) {
            JsonToken token = json.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            @Nullable String name = json.currentName(); // none within a list
            if (token == JsonToken.VALUE_STRING && name != null && names.contains(name)) {
                found.accept(name, json.getString());
            }
        }
    }
}
