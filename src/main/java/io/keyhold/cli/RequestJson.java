package io.keyhold.cli;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * A request as a person writes it: JSON with AWS's field names. A policy is text that is JSON
 * itself; it may stand there as the object that it is.
 */
final class RequestJson {

    /** Protobuf's own parser would keep the last of two members with one name. */
    private static final JsonFactory STRICT =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private RequestJson() {}

    /**
     * Parses a request.
     *
     * @throws IllegalArgumentException saying what is wrong with the text
     */
    static DynamicMessage parse(Descriptor type, String text) {
        DynamicMessage.Builder request = DynamicMessage.newBuilder(type);
        try {
            JsonFormat.parser().merge(withDocumentsAsText(type, text), request);
            return request.build();
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "%s, line %d, column %d"
                            .formatted(
                                    e.getOriginalMessage(),
                                    e.getLocation().getLineNr(),
                                    e.getLocation().getColumnNr()),
                    e);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e.getMessage() + allowed(type, e), e);
        }
    }

    /** The text, if it is JSON at all, with each object in place of a text quoted. */
    private static String withDocumentsAsText(Descriptor type, String text) {
        StringBuilder quoted = new StringBuilder();
        int done = 0;
        try (JsonParser json = STRICT.createParser(ObjectReadContext.empty(), text)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.START_OBJECT && isText(type, json.streamReadContext())) {
                    int begin = offset(json);
                    json.skipChildren();
                    String document = text.substring(begin, offset(json) + 1);
                    quoted.append(text, done, begin)
                            .append('"')
                            .append(JsonStringEncoder.getInstance().quoteAsCharArray(document))
                            .append('"');
                    done = begin + document.length();
                }
            }
        }
        return quoted.append(text, done, text.length()).toString();
    }

    /** Whether an object that begins is the value of a text field of the request. */
    private static boolean isText(Descriptor type, TokenStreamContext object) {
        TokenStreamContext request = object.getParent();
        return request.inObject()
                && request.getParent().inRoot()
                && type.getFields().stream()
                        .filter(field -> field.getType() == FieldDescriptor.Type.STRING)
                        .filter(field -> !field.isRepeated())
                        .anyMatch(field -> field.getJsonName().equals(request.currentName()));
    }

    private static int offset(JsonParser json) {
        return Math.toIntExact(json.currentTokenLocation().getCharOffset());
    }

    /** What the enum could have been that the message names. */
    private static String allowed(Descriptor type, InvalidProtocolBufferException wrong) {
        return type.getFields().stream()
                .filter(field -> field.getType() == FieldDescriptor.Type.ENUM)
                .map(FieldDescriptor::getEnumType)
                .filter(named -> String.valueOf(wrong.getMessage()).contains(named.getFullName()))
                .findFirst()
                .map(RequestJson::literals)
                .orElse("");
    }

    private static String literals(EnumDescriptor named) {
        return named.getValues().stream()
                .filter(value -> value.getNumber() != 0)
                .map(EnumValueDescriptor::getName)
                .collect(Collectors.joining(", ", "; right would be ", ""));
    }
}
