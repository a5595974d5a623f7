package io.keyhold.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A text of a policy with wildcards ({@code *} any characters, {@code ?} any one) and, from version
 * 2012-10-17 on, policy variables ({@code ${aws:username}}, {@code ${key, 'default'}}, {@code
 * ${*}}, {@code ${?}}, {@code ${$}}). What a variable stands for is taken literally.
 *
 * @see "IAM User Guide, IAM policy elements: Variables and tags"
 */
final class Template {

    private final String written;
    private final List<Part> parts;
    private final boolean fixed;
    private final int[] glob;

    private Template(String written, List<Part> parts) {
        this.written = written;
        this.parts = List.copyOf(parts);
        this.fixed = parts.stream().allMatch(part -> part instanceof Part.Tokens);
        this.glob = fixed ? join(parts, key -> List.of()).orElseThrow() : new int[0];
    }

    /** A text whose wildcards count, without variables. */
    static Template wildcards(String written) {
        return new Template(written, List.of(new Part.Tokens(tokens(written, true))));
    }

    /** Likewise, for values in lower case. */
    static Template wildcardsIgnoringCase(String written) {
        int[] tokens = tokens(written.toLowerCase(Locale.ROOT), true);
        return new Template(written, List.of(new Part.Tokens(tokens)));
    }

    /** A text that stands for itself. */
    static Template literal(String written) {
        return new Template(written, List.of(new Part.Tokens(tokens(written, false))));
    }

    /**
     * A text with variables.
     *
     * @param wildcards whether * and ? count; if not, they stand for themselves
     * @throws IllegalArgumentException if a variable is not closed, or has no name
     */
    static Template variables(String written, boolean wildcards) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        for (int at = written.indexOf("${"); at >= 0; at = written.indexOf("${", from)) {
            int end = written.indexOf('}', at);
            if (end < 0) {
                throw new IllegalArgumentException("a variable is not closed");
            }
            parts.add(new Part.Tokens(tokens(written.substring(from, at), wildcards)));
            parts.add(variable(written.substring(at + 2, end)));
            from = end + 1;
        }
        parts.add(new Part.Tokens(tokens(written.substring(from), wildcards)));
        return new Template(written, parts);
    }

    private static Part variable(String inside) {
        if (inside.equals("*") || inside.equals("?") || inside.equals("$")) {
            return new Part.Tokens(tokens(inside, false));
        }
        String[] halves = inside.split(",", 2);
        String name = halves[0].strip();
        if (!name.contains(":") || name.contains("$") || name.contains("{")) {
            throw new IllegalArgumentException("'" + inside + "' is no policy variable");
        }
        if (halves.length == 1) {
            return new Part.Variable(ContextKey.of(name), Optional.empty());
        }
        String fallback = halves[1].strip();
        if (fallback.length() < 2 || !fallback.startsWith("'") || !fallback.endsWith("'")) {
            throw new IllegalArgumentException(
                    "the default of a policy variable stands in single quotes");
        }
        return new Part.Variable(
                ContextKey.of(name),
                Optional.of(tokens(fallback.substring(1, fallback.length() - 1), false)));
    }

    /** Whether a value matches; a variable without exactly one value matches nothing. */
    boolean matches(String value, ContextKeys keys) {
        if (fixed) {
            return Glob.matches(glob, value);
        }
        Optional<int[]> filled = join(parts, keys);
        return filled.isPresent() && Glob.matches(filled.get(), value);
    }

    /** Whether every variable has a value. */
    boolean isResolved(ContextKeys keys) {
        return fixed || join(parts, keys).isPresent();
    }

    /** The text that this stands for, if it has no wildcard and every variable has a value. */
    Optional<String> fill(ContextKeys keys) {
        return (fixed ? Optional.of(glob) : join(parts, keys)).map(Template::text);
    }

    private static String text(int[] tokens) {
        StringBuilder text = new StringBuilder(tokens.length);
        for (int token : tokens) {
            text.append(token == Glob.ANY ? '*' : token == Glob.ONE ? '?' : (char) token);
        }
        return text.toString();
    }

    private static Optional<int[]> join(List<Part> parts, ContextKeys keys) {
        List<int[]> pieces = new ArrayList<>(parts.size());
        int length = 0;
        for (Part part : parts) {
            int[] piece;
            switch (part) {
                case Part.Tokens literal -> piece = literal.tokens();
                case Part.Variable variable -> {
                    List<String> values = keys.values(variable.key());
                    if (values.size() == 1) {
                        piece = tokens(values.getFirst(), false);
                    } else if (values.isEmpty() && variable.fallback().isPresent()) {
                        piece = variable.fallback().get();
                    } else {
                        return Optional.empty();
                    }
                }
            }
            pieces.add(piece);
            length += piece.length;
        }
        int[] joined = new int[length];
        int at = 0;
        for (int[] piece : pieces) {
            System.arraycopy(piece, 0, joined, at, piece.length);
            at += piece.length;
        }
        return Optional.of(joined);
    }

    private static int[] tokens(String text, boolean wildcards) {
        int[] tokens = new int[text.length()];
        for (int i = 0; i < tokens.length; i++) {
            char c = text.charAt(i);
            tokens[i] = wildcards && c == '*' ? Glob.ANY : wildcards && c == '?' ? Glob.ONE : c;
        }
        return tokens;
    }

    @Override
    public String toString() {
        return written;
    }

    private sealed interface Part {

        // Arrays are compared nowhere: parts are only walked through.
        @SuppressWarnings("ArrayRecordComponent")
        record Tokens(int[] tokens) implements Part {}

        record Variable(ContextKey key, Optional<int[]> fallback) implements Part {}
    }
}
