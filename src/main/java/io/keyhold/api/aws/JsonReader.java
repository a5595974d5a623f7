package io.keyhold.api.aws;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.api.Format;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.operation.JsonNames;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * AWS JSON 1.1 to messages, by their descriptors: names are AWS's, bytes are Base64, times are
 * seconds since 1970, null is not set. A name that is not the message's is refused, like an unknown
 * number in protobuf's format; what is no literal is left to who checks the limits.
 */
public final class JsonReader implements Format {

    private static final int DEEPEST = 16;
    private static final int NANOS = 9;
    private static final int FARTHEST = 18; // digits before the point

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    @Override
    @SuppressWarnings("unchecked") // a prototype's builder builds its own type
    public <Q extends Message> Q parse(Q prototype, byte[] bytes) {
        Message.Builder builder = prototype.newBuilderForType();
        if (bytes.length > 0) {
            CharBuffer text = Utf8.decoded(bytes);
            read(text, builder);
            Arrays.fill(text.array(), (char) 0);
        }
        return (Q) builder.build();
    }

    private static void read(CharBuffer text, Message.Builder builder) {
        try (JsonParser in =
                JSON.createParser(ObjectReadContext.empty(), text.array(), 0, text.remaining())) {
            JsonToken first = in.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw Mismatch.ofBody(first);
            }
            fill(in, builder);
            if (in.nextToken() != null) {
                throw wrong("Something follows the end of the body");
            }
        } catch (JacksonException e) {
            throw wrong("The body is no JSON, has a name twice or is too deep");
        }
    }

    private static void fill(JsonParser in, Message.Builder builder) {
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            FieldDescriptor field = JsonNames.find(builder.getDescriptorForType(), name);
            if (field == null) {
                throw KmsFault.of(
                        FaultName.ValidationException,
                        "%s has no parameter '%s' that this daemon knows",
                        builder.getDescriptorForType().getName(),
                        name);
            }
            JsonToken token = in.nextToken();
            if (token == JsonToken.VALUE_NULL) {
                continue;
            }
            if (field.isMapField()) {
                entries(in, token, builder, field);
            } else if (field.getJavaType() == JavaType.ENUM) {
                Literals.set(texts(in, token, field), builder, field);
            } else if (field.isRepeated()) {
                elements(in, token, builder, field);
            } else {
                builder.setField(field, value(in, token, builder, field));
            }
        }
    }

    private static void entries(
            JsonParser in, JsonToken first, Message.Builder builder, FieldDescriptor field) {
        require(first, JsonToken.START_OBJECT, field);
        while (in.nextToken() != JsonToken.END_OBJECT) {
            Message.Builder entry = builder.newBuilderForField(field);
            List<FieldDescriptor> pair = field.getMessageType().getFields();
            entry.setField(pair.getFirst(), unicode(in.currentName(), field));
            requireValue(in.nextToken(), JsonToken.VALUE_STRING, pair.getLast());
            entry.setField(pair.getLast(), unicode(in.getString(), field));
            builder.addRepeatedField(field, entry.build());
        }
    }

    private static void elements(
            JsonParser in, JsonToken first, Message.Builder builder, FieldDescriptor field) {
        require(first, JsonToken.START_ARRAY, field);
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
            builder.addRepeatedField(field, value(in, next, builder, field));
        }
    }

    private static Object value(
            JsonParser in, JsonToken token, Message.Builder builder, FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING -> text(in, token, field);
            case BOOLEAN -> truth(token, field);
            case INT -> number(in, token, field).intValue();
            case LONG -> number(in, token, field).longValue();
            case BYTE_STRING -> bytes(text(in, token, field), field);
            case MESSAGE -> message(in, token, builder, field);
            default -> throw new IllegalStateException(field.getFullName());
        };
    }

    private static String text(JsonParser in, JsonToken token, FieldDescriptor field) {
        requireValue(token, JsonToken.VALUE_STRING, field);
        return unicode(in.getString(), field);
    }

    /** A surrogate alone, by an escape, is none; in protobuf's format it cannot be at all. */
    private static String unicode(String text, FieldDescriptor field) {
        boolean broken =
                text.codePoints()
                        .anyMatch(
                                c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (broken) {
            throw wrong(field.getJsonName() + " is no Unicode text");
        }
        return text;
    }

    private static boolean truth(JsonToken token, FieldDescriptor field) {
        if (token != JsonToken.VALUE_TRUE) {
            requireValue(token, JsonToken.VALUE_FALSE, field);
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private static Integer number(JsonParser in, JsonToken token, FieldDescriptor field) {
        requireValue(token, JsonToken.VALUE_NUMBER_INT, field);
        try {
            return new BigDecimal(in.getString()).intValueExact();
        } catch (ArithmeticException e) {
            throw wrong(field.getJsonName() + " has more than 32 bits");
        }
    }

    private static ByteString bytes(String base64, FieldDescriptor field) {
        try {
            return UnsafeByteOperations.unsafeWrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw wrong(field.getJsonName() + " is not Base64");
        }
    }

    private static List<String> texts(JsonParser in, JsonToken first, FieldDescriptor field) {
        if (!field.isRepeated()) {
            return List.of(text(in, first, field));
        }
        require(first, JsonToken.START_ARRAY, field);
        List<String> texts = new ArrayList<>();
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
            texts.add(text(in, next, field));
        }
        return texts;
    }

    private static Message message(
            JsonParser in, JsonToken token, Message.Builder builder, FieldDescriptor field) {
        if (field.getMessageType().equals(Timestamp.getDescriptor())) {
            return time(in, token, field);
        }
        requireValue(token, JsonToken.START_OBJECT, field);
        Message.Builder nested = builder.newBuilderForField(field);
        fill(in, nested);
        return nested.build();
    }

    private static Timestamp time(JsonParser in, JsonToken token, FieldDescriptor field) {
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw Mismatch.ofValue(token, field);
        }
        try {
            return timestamp(new BigDecimal(in.getString()));
        } catch (ArithmeticException | NumberFormatException e) { // an exponent may be anything
            throw wrong(field.getJsonName() + " is too far away");
        }
    }

    private static Timestamp timestamp(BigDecimal seconds) {
        if (seconds.precision() - (long) seconds.scale() > FARTHEST) {
            throw new ArithmeticException("it would be expanded");
        }
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        return Timestamp.newBuilder()
                .setSeconds(whole.longValueExact())
                .setNanos(
                        seconds.subtract(whole)
                                .movePointRight(NANOS)
                                .setScale(0, RoundingMode.DOWN)
                                .intValueExact())
                .build();
    }

    private static void require(JsonToken token, JsonToken wanted, FieldDescriptor field) {
        if (token != wanted) {
            throw Mismatch.of(token, field);
        }
    }

    private static void requireValue(JsonToken token, JsonToken wanted, FieldDescriptor field) {
        if (token != wanted) {
            throw Mismatch.ofValue(token, field);
        }
    }

    private static KmsFault wrong(String text) {
        return KmsFault.of(FaultName.SerializationException, "%s.", text);
    }
}
