package io.keyhold.policy;

import com.google.errorprone.annotations.FormatMethod;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.Locale;

/** What a caller hears of a policy document that breaks the grammar. */
final class Malformed {

    /** Documents are quoted, and an answer has not room for a whole one. */
    private static final int LONGEST = 600;

    private Malformed() {}

    /** The document as a whole is wrong. */
    static KmsFault document(String why) {
        return KmsFault.of(
                FaultName.MalformedPolicyDocumentException,
                "The policy document cannot be read: %s.",
                why);
    }

    /** One place of the document is wrong. */
    @FormatMethod
    static KmsFault at(Node place, String format, Object... arguments) {
        String path = place.path();
        String text =
                (path.isEmpty() ? "The policy document" : path)
                        + ": "
                        + String.format(Locale.ROOT, format, arguments);
        return KmsFault.of(
                FaultName.MalformedPolicyDocumentException,
                "%s",
                text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...");
    }
}
