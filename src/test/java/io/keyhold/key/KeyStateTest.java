package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.keyhold.testkit.Facts;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The rows of AWS's key-state table that say whether material may be used. */
class KeyStateTest {

    private static final List<String> VERBS = List.of("Encrypt", "Decrypt");
    private static final Pattern NOTE = Pattern.compile("(\\w+) '<key ARN> (.*)'.*");
    private static final Arn KEY = Arn.key("aws", "us-east-1", "123456789012", KeyId.random());

    @ParameterizedTest(name = "{0} of a key that is {1}: {2}")
    @MethodSource("cells")
    void aKeyIsUsableWhereAwssTableSaysSo(String verb, KeyState state, String cell) {
        if (cell.equals("yes")) {
            assertThatCode(() -> state.requireUsable(KEY)).doesNotThrowAnyException();
            return;
        }
        Matcher note = note(cell);
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> state.requireUsable(KEY));

        assertThat(fault.name().name()).isEqualTo(note.group(1));
        assertThat(fault.text()).isEqualTo(KEY + " " + note.group(2));
    }

    @Test
    void theTableHasEveryState() {
        for (String verb : VERBS) {
            Set<KeyState> seen = EnumSet.noneOf(KeyState.class);
            row(verb).propertyStream().forEach(cell -> seen.addAll(states(cell.getKey())));
            assertThat(seen).containsExactlyInAnyOrder(KeyState.values());
        }
    }

    static List<Arguments> cells() {
        List<Arguments> cells = new ArrayList<>();
        for (String verb : VERBS) {
            for (Map.Entry<String, JsonNode> cell : row(verb).properties()) {
                for (KeyState state : states(cell.getKey())) {
                    cells.add(arguments(verb, state, cell.getValue().asString()));
                }
            }
        }
        return cells;
    }

    private static JsonNode row(String verb) {
        return Facts.keyStates().path("verbs").path(verb);
    }

    /** One column stands for two states. */
    private static List<KeyState> states(String column) {
        return Stream.of(KeyState.values())
                .filter(state -> column.matches(".*\\b" + state + "\\b.*"))
                .toList();
    }

    /** Of "no 2/3" the last: note 2 says itself that 3 is to be preferred. */
    private static Matcher note(String cell) {
        String number = cell.substring(cell.length() - (cell.matches(".*\\d\\d") ? 2 : 1));
        Matcher note = NOTE.matcher(Facts.keyStates().path("notes").path(number).asString());
        assertThat(note.matches()).as("note %s of '%s'", number, cell).isTrue();
        return note;
    }
}
