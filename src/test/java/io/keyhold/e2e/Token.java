package io.keyhold.e2e;

import io.keyhold.e2e.Commands.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The SoftHSM token of a home, seen with pkcs11-tool. */
final class Token {

    private static final Pattern LIBRARY = Pattern.compile("(?m)^library *= *(.+)$");
    private static final Pattern OBJECT =
            Pattern.compile("(?m)^(\\w[\\w ]*) [Oo]bject[;,:]?.*\\n((?:^ .*\\n)*)");
    private static final Pattern LABEL = Pattern.compile("(?m)^ +label: +'?(.*?)'?$");
    private static final Pattern ID = Pattern.compile("(?m)^ +ID: +([0-9a-f]*)$");

    private final Home home;

    Token(Home home) {
        this.home = home;
    }

    /** Every object that the user sees. */
    List<TokenObject> objects() {
        Outcome listing = tool("--list-objects");
        if (listing.exitCode() != 0) {
            throw new AssertionError("pkcs11-tool: " + listing);
        }
        List<TokenObject> objects = new ArrayList<>();
        Matcher object = OBJECT.matcher(listing.out());
        while (object.find()) {
            objects.add(
                    new TokenObject(
                            object.group(1),
                            group(LABEL, object.group(2)).replace("<empty>", ""),
                            group(ID, object.group(2))));
        }
        return objects;
    }

    /** Runs pkcs11-tool, logged in to the token. */
    Outcome tool(String... arguments) {
        String[] command =
                Stream.concat(
                                Stream.of(
                                        "pkcs11-tool",
                                        "--module",
                                        library(),
                                        "--token-label",
                                        "keyhold",
                                        "--login",
                                        "--pin",
                                        "env:TEST_PIN"),
                                Stream.of(arguments))
                        .toArray(String[]::new);
        return Commands.run(home.tokenEnvironment(), command);
    }

    /** Path of the PKCS#11 library. */
    String library() {
        return group(LIBRARY, Commands.text(home.path("hsm/softhsm.cfg")));
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    /**
     * One object.
     *
     * @param kind as pkcs11-tool calls it, such as {@code Secret Key}
     * @param id CKA_ID in hexadecimal digits; empty if it has none
     */
    record TokenObject(String kind, String label, String id) {}
}
