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
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** A request as a person writes it: JSON with AWS's field names. */
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
            requireJson(text);
            JsonFormat.parser().merge(text, request);
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

    private static void requireJson(String text) {
        try (JsonParser json = STRICT.createParser(ObjectReadContext.empty(), text)) {
            while (json.nextToken() != null) {
                // The tokens themselves are the next parser's.
            }
        }
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
