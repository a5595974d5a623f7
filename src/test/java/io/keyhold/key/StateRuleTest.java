package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.keyhold.testkit.KeyStates;
import io.keyhold.testkit.KeyStates.Note;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule against the rows of AWS's key-state table that it stands for, cell by cell. */
class StateRuleTest {

    private static final Map<StateRule, List<String>> VERBS =
            Map.of(
                    StateRule.USE,
                    List.of(
                            "Encrypt",
                            "Decrypt",
                            "ReEncrypt",
                            "GenerateDataKey",
                            "GenerateDataKeyWithoutPlaintext"),
                    StateRule.METADATA,
                    List.of("CreateAlias", "TagResource", "UntagResource", "UpdateKeyDescription"),
                    StateRule.ALIAS_TARGET,
                    List.of("UpdateAlias"),
                    StateRule.GRANT,
                    List.of("CreateGrant"),
                    StateRule.SWITCH,
                    List.of("EnableKey", "DisableKey"),
                    StateRule.ROTATION_SETTING,
                    List.of("EnableKeyRotation", "DisableKeyRotation"),
                    StateRule.DELETION,
                    List.of("ScheduleKeyDeletion"),
                    StateRule.CANCELLATION,
                    List.of("CancelKeyDeletion"));

    private static final Arn KEY = Arn.key("aws", "us-east-1", "123456789012", KeyId.random());

    @ParameterizedTest(name = "{0}, {1} of a key that is {2}")
    @MethodSource("cells")
    void aKeyTakesPartWhereAwssTableSaysSo(StateRule rule, String verb, KeyState state) {
        KeyStates.Cell cell = KeyStates.cell(verb, state);
        if (cell.works()) {
            assertThatCode(() -> rule.require(state, KEY)).doesNotThrowAnyException();
            return;
        }
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> rule.require(state, KEY));

        assertThat(fault).isNotNull();
        // Where the table speaks of kinds of keys, what is said of the state is our own.
        if (cell.note().isPresent()) {
            Note note = cell.note().get();
            assertThat(fault.name().name()).isEqualTo(note.exception());
            assertThat(fault.text()).isEqualTo(note.message(KEY.toString()));
        }
    }

    @Test
    void everyRuleIsThere() {
        assertThat(VERBS).containsOnlyKeys(StateRule.values());
    }

    static Stream<Arguments> cells() {
        return VERBS.entrySet().stream()
                .flatMap(
                        rule ->
                                rule.getValue().stream()
                                        .flatMap(
                                                verb ->
                                                        Arrays.stream(KeyState.values())
                                                                .map(
                                                                        state ->
                                                                                arguments(
                                                                                        rule
                                                                                                .getKey(),
                                                                                        verb,
                                                                                        state))));
    }
}
