package io.keyhold.policy;

import io.keyhold.key.KmsFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/** Strict JSON (RFC 8259): no duplicate names, nothing after the end, not deep. */
final class PolicyJson {

    private static final int DEEPEST = 10;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private PolicyJson() {}

    /**
     * The document as a tree.
     *
     * @throws KmsFault MalformedPolicyDocumentException saying where it is no JSON
     */
    static Node read(String document) {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), document)) {
            JsonToken first = in.nextToken();
            if (first == null) {
                throw Malformed.document("it is empty");
            }
            Node root = node(in, first, "");
            if (in.nextToken() != null) {
                throw Malformed.document("something follows its end");
            }
            return root;
        } catch (StreamConstraintsException e) {
            throw Malformed.document(
                    "it is nested deeper than " + DEEPEST + " levels, or too long");
        } catch (JacksonException e) {
            throw Malformed.document(
                    "it is no JSON, or has a name twice: line %d, column %d: %s"
                            .formatted(
                                    e.getLocation().getLineNr(),
                                    e.getLocation().getColumnNr(),
                                    e.getOriginalMessage()));
        }
    }

    private static Node node(JsonParser in, JsonToken token, String path) {
        return switch (token) {
            case VALUE_STRING -> new Node.Text(path, in.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Node.Numeral(path, in.getString());
            case VALUE_TRUE -> new Node.Flag(path, true);
            case VALUE_FALSE -> new Node.Flag(path, false);
            case START_ARRAY -> items(in, path);
            case START_OBJECT -> members(in, path);
            default -> new Node.Nothing(path);
        };
    }

    private static Node items(JsonParser in, String path) {
        List<Node> elements = new ArrayList<>();
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
            elements.add(node(in, next, path + "[" + elements.size() + "]"));
        }
        return new Node.Items(path, elements);
    }

    private static Node members(JsonParser in, String path) {
        Map<String, Node> byName = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            byName.put(name, node(in, in.nextToken(), path.isEmpty() ? name : path + "." + name));
        }
        return new Node.Members(path, byName);
    }
}
