package io.keyhold.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An answer as a person reads it: JSON with AWS's field names. */
final class AnswerJson {

    /**
     * Every escape of a JSON text, so that an escaped backslash never begins another; in the group
     * the code of a character that protobuf escapes for HTML only: {@code < > & = '}.
     */
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u00(3c|3e|26|3d|27)|.)");

    private static final int HEXADECIMAL = 16;

    private AnswerJson() {}

    static String print(MessageOrBuilder answer) throws InvalidProtocolBufferException {
        return ESCAPE.matcher(JsonFormat.printer().print(answer))
                .replaceAll(
                        escape ->
                                Matcher.quoteReplacement(
                                        character(escape.group(), escape.group(1))));
    }

    private static String character(String escape, @Nullable String code) {
        return code == null ? escape : Character.toString(Integer.parseInt(code, HEXADECIMAL));
    }
}
