package io.keyhold.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.v1.Limits;
import io.keyhold.v1.Options;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one field.
 *
 * @param name as AWS's messages write it, with a small first letter
 */
record FieldLimit(FieldDescriptor field, String name, Limits limits, @Nullable Pattern pattern) {

    private static final int LONGEST_QUOTED = 2048;

    static FieldLimit of(FieldDescriptor field) {
        Limits limits = field.getOptions().getExtension(Options.limits);
        String json = field.getJsonName();
        return new FieldLimit(
                field,
                Character.toLowerCase(json.charAt(0)) + json.substring(1),
                limits,
                limits.getPattern().isEmpty() ? null : Pattern.compile(limits.getPattern()));
    }

    void checkAbsent(String path, List<String> broken) {
        if (limits.getRequired()) {
            String nothing = field.getOptions().getExtension(Options.secret) ? "" : " null";
            broken.add(constraint(nothing, path + name, "not be null"));
        }
    }

    void check(Object value, String path, List<String> broken) {
        if (limits.getUnsupported() && !declines(value)) {
            throw KmsFault.of(
                    FaultName.UnsupportedOperationException,
                    "%s is not supported yet.",
                    field.getJsonName());
        }
        String at = path + name;
        checkLiteral(value, at, broken);
        switch (value) {
            case Integer number -> checkSize(number, "value", value, at, broken);
            case ByteString bytes -> checkSize(bytes.size(), "length", value, at, broken);
            case Collection<?> elements -> checkSize(elements.size(), "length", value, at, broken);
            case String text -> {
                checkSize(text.length(), "length", value, at, broken);
                if (pattern != null && !pattern.matcher(text).matches()) {
                    String regex = "satisfy regular expression pattern: " + pattern;
                    broken.add(constraint(quoted(value), at, regex));
                }
            }
            case Timestamp time when !Timestamps.isValid(time) ->
                    broken.add(constraint("", at, "be a time in the years 1 to 9999"));
            default -> {} // the other types have no size
        }
    }

    /** A number that stands for none of the enum's values. */
    static void checkLiteral(Object value, String at, List<String> broken) {
        if (value instanceof EnumValueDescriptor literal && literal.getIndex() < 0) {
            String number = " '" + literal.getNumber() + "'";
            broken.add(constraint(number, at, beOneOf(literal.getType())));
        }
    }

    /** Texts, of which not each is a literal; a list is quoted as a whole. */
    void checkTexts(List<String> texts, String path, List<String> broken) {
        String must = beOneOf(field.getEnumType());
        broken.add(
                field.isRepeated()
                        ? constraint(
                                quoted(texts.toString()),
                                path + name,
                                "satisfy constraint: [Member must " + must + "]")
                        : constraint(quoted(texts.getFirst()), path + name, must));
    }

    private static String beOneOf(EnumDescriptor type) {
        List<String> known =
                type.getValues().stream()
                        .filter(one -> one.getNumber() != 0)
                        .map(EnumValueDescriptor::getName)
                        .toList();
        return "satisfy enum value set: " + known;
    }

    private void checkSize(long size, String what, Object value, String at, List<String> broken) {
        if (limits.hasMin() && size < limits.getMin()) {
            String least = "have " + what + " greater than or equal to " + limits.getMin();
            broken.add(constraint(quoted(value), at, least));
        }
        if (limits.hasMax() && size > limits.getMax()) {
            String most = "have " + what + " less than or equal to " + limits.getMax();
            broken.add(constraint(quoted(value), at, most));
        }
    }

    private static String constraint(String value, String at, String must) {
        return "Value"
                + value
                + " at '"
                + at
                + "' failed to satisfy constraint: Member must "
                + must;
    }

    /** Whether a feature is asked not to be used, which is as good as not set. */
    private static boolean declines(Object value) {
        return value.equals(false)
                || (value instanceof EnumValueDescriptor literal && literal.getNumber() == 0);
    }

    /** Bytes are never shown: they may be a plaintext. */
    private static String quoted(Object value) {
        return switch (value) {
            case String text when text.length() <= LONGEST_QUOTED -> " '" + text + "'";
            case Integer number -> " '" + number + "'";
            default -> "";
        };
    }
}
