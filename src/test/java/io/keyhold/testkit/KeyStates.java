package io.keyhold.testkit;

import io.keyhold.key.KeyState;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** AWS's key-state table, cell by cell. */
public final class KeyStates {

    private static final Pattern TEXT = Pattern.compile("(\\w+) '<[^>]*> (.*?)'.*");

    /** Notes that are about kinds of keys, whatever their state. */
    private static final Set<String> OF_KINDS = Set.of("6", "7", "8", "9");

    /** Verbs that are newer than the table: each as its nearest relative. */
    private static final Map<String, String> RELATIVES =
            Map.of(
                    "DeriveSharedSecret", "Sign",
                    "Encapsulate", "Sign",
                    "Decapsulate", "Sign",
                    "RotateKeyOnDemand", "Encrypt",
                    "ListKeyRotations", "DescribeKey",
                    "GetKeyLastUsage", "DescribeKey");

    private KeyStates() {}

    /** What happens to a verb when its key is in a state. One column stands for two states. */
    public static Cell cell(String verb, KeyState state) {
        return parse(text(verb, state));
    }

    /** Whether a key that the verb is about can be in a state. */
    public static boolean applies(String verb, KeyState state) {
        return !text(verb, state).equals("n/a");
    }

    private static String text(String verb, KeyState state) {
        String row = RELATIVES.getOrDefault(verb, verb);
        return Facts.keyStates().path("verbs").path(row).properties().stream()
                .filter(column -> column.getKey().matches(".*\\b" + state + "\\b.*"))
                .map(Map.Entry::getValue)
                .map(JsonNode::asString)
                .findFirst()
                .orElseThrow(() -> new AssertionError(verb + " " + state));
    }

    /** {@code yes}, {@code yes 12}, {@code depends 7}, {@code no 2/3}. */
    private static Cell parse(String text) {
        String[] words = text.split(" ");
        boolean works =
                switch (words[0]) {
                    case "yes" -> true;
                    case "no" -> false;
                    // UpdateAlias: it is the new target that counts.
                    case "depends" -> !words[1].equals("10");
                    default -> throw new AssertionError(text);
                };
        if (works) {
            return new Cell(true, Optional.empty());
        }
        return new Cell(false, note(words[1]));
    }

    /** Of "2/3" the last: note 2 says itself that 3 is to be preferred. */
    private static Optional<Note> note(String numbers) {
        if (numbers.equals("10")) {
            return Optional.of(new Note("KMSInvalidStateException", "is pending deletion."));
        }
        if (numbers.equals("8/9")) { // of keys whose material is imported, without AWS's words
            return Optional.of(
                    new Note(
                            "KMSInvalidStateException",
                            "is pending deletion (or pending replica deletion)."));
        }
        String[] each = numbers.split("/");
        String number = each[0].equals("2") ? each[1] : each[0];
        Matcher text = TEXT.matcher(Facts.keyStates().path("notes").path(number).asString());
        return OF_KINDS.contains(number) || !text.matches()
                ? Optional.empty()
                : Optional.of(new Note(text.group(1), text.group(2)));
    }

    /**
     * One cell.
     *
     * @param note what is refused; empty if the table says that of kinds of keys and no message
     */
    public record Cell(boolean works, Optional<Note> note) {}

    /** An exception, and its message after the key's ARN. */
    public record Note(String exception, String rest) {

        /** The whole message. */
        public String message(String keyArn) {
            return keyArn + " " + rest;
        }
    }
}
