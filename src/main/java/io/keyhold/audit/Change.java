package io.keyhold.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A record of something that was changed, as the journal has it.
 *
 * @param time when, in ISO 8601
 * @param event the verb, or what the daemon did by itself
 * @param by ARN of the caller, or its service
 * @param about ARNs of keys, aliases and identities
 */
public record Change(String time, String event, String by, List<String> about) {

    private static final JsonFactory JSON = new JsonFactory();

    /** How many bytes the journal in a folder has; 0 if there is none. */
    public static long journalLength(Path folder) throws IOException {
        Path file = JournalFile.in(folder);
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /**
     * Everything that was changed according to the records behind a place in the journal.
     *
     * @param from a length that the journal once had
     * @return empty if it is not so long any more
     */
    public static Optional<List<Change>> since(Path folder, long from) throws IOException {
        if (journalLength(folder) < from) {
            return Optional.empty();
        }
        List<Change> changes = new ArrayList<>();
        if (journalLength(folder) == 0) {
            return Optional.of(changes);
        }
        try (FileChannel channel = FileChannel.open(JournalFile.in(folder)).position(from);
                InputStream bytes = Channels.newInputStream(channel);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                parse(line).ifPresent(changes::add);
            }
        }
        return Optional.of(changes);
    }

    /** The change that a record tells of, if it tells of one. */
    private static Optional<Change> parse(String line) {
        String time = "";
        String event = "";
        String by = "";
        List<String> about = List.of();
        boolean changed = true;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "eventTime" -> time = json.getString();
                    case "eventName" -> event = json.getString();
                    case "errorCode" -> changed = false;
                    case "readOnly" -> changed &= value == JsonToken.VALUE_FALSE;
                    case "userIdentity" ->
                            by = texts(json, "arn", "invokedBy").stream().findFirst().orElse("");
                    case "resources" -> about = texts(json, "ARN");
                    default -> json.skipChildren();
                }
            }
        } catch (JacksonException e) {
            return Optional.of(new Change("", "a record that cannot be read", "", List.of()));
        }
        return changed ? Optional.of(new Change(time, event, by, about)) : Optional.empty();
    }

    /** The texts of these names in the structure that the parser is at the beginning of. */
    private static List<String> texts(JsonParser json, String... names) {
        List<String> found = new ArrayList<>();
        for (int depth = 1; depth > 0; ) {
            JsonToken token = json.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.VALUE_STRING && List.of(names).contains(json.currentName())) {
                found.add(json.getString());
            }
        }
        return found;
    }
}
