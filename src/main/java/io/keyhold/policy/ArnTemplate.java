package io.keyhold.policy;

import java.util.ArrayList;
import java.util.List;

/** An ARN with wildcards, compared part by part: no wildcard crosses one of the first colons. */
final class ArnTemplate {

    private static final int PARTS = 6;

    private final List<Template> parts;

    private ArnTemplate(List<Template> parts) {
        this.parts = parts;
    }

    /**
     * @throws IllegalArgumentException if the text has not the shape of an ARN
     */
    static ArnTemplate parse(Comparand.Text text) {
        List<String> pieces = split(text.value());
        if (pieces.size() < PARTS || !pieces.getFirst().equals("arn")) {
            throw new IllegalArgumentException(
                    "an ARN has six parts, arn:partition:service:region:account:resource");
        }
        return new ArnTemplate(
                pieces.stream()
                        .map(piece -> new Comparand.Text(piece, text.variables()).template(true))
                        .toList());
    }

    boolean matches(String arn, ContextKeys keys) {
        String[] actual = arn.split(":", PARTS);
        if (actual.length != PARTS) {
            return false;
        }
        for (int i = 0; i < PARTS; i++) {
            if (!parts.get(i).matches(actual[i], keys)) {
                return false;
            }
        }
        return true;
    }

    /** At the first five colons that stand outside of a variable. */
    private static List<String> split(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        int variables = 0;
        for (int i = 0; i < text.length() && pieces.size() < PARTS - 1; i++) {
            if (text.startsWith("${", i)) {
                variables++;
            } else if (text.charAt(i) == '}') {
                variables = Math.max(0, variables - 1);
            } else if (text.charAt(i) == ':' && variables == 0) {
                pieces.add(text.substring(from, i));
                from = i + 1;
            }
        }
        pieces.add(text.substring(from));
        return pieces;
    }
}
