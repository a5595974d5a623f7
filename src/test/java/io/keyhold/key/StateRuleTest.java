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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule against the rows of AWS's key-state table that it stands for, cell by cell. */
class StateRuleTest {

    private static final Map<StateRule, List<String>> VERBS =
            Map.ofEntries(
                    Map.entry(
                            StateRule.USE,
                            List.of(
                                    "Encrypt",
                                    "Decrypt",
                                    "ReEncrypt",
                                    "GenerateDataKey",
                                    "GenerateDataKeyWithoutPlaintext")),
                    Map.entry(
                            StateRule.METADATA,
                            List.of(
                                    "CreateAlias",
                                    "TagResource",
                                    "UntagResource",
                                    "UpdateKeyDescription")),
                    Map.entry(StateRule.ALIAS_TARGET, List.of("UpdateAlias")),
                    Map.entry(StateRule.GRANT, List.of("CreateGrant")),
                    Map.entry(StateRule.SWITCH, List.of("EnableKey", "DisableKey")),
                    Map.entry(
                            StateRule.ROTATION_SETTING,
                            List.of("EnableKeyRotation", "DisableKeyRotation")),
                    Map.entry(StateRule.IMPORT_PARAMETERS, List.of("GetParametersForImport")),
                    Map.entry(StateRule.IMPORT, List.of("ImportKeyMaterial")),
                    Map.entry(StateRule.MATERIAL_DELETION, List.of("DeleteImportedKeyMaterial")),
                    Map.entry(StateRule.DELETION, List.of("ScheduleKeyDeletion")),
                    Map.entry(StateRule.CANCELLATION, List.of("CancelKeyDeletion")));

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
                                        .flatMap(verb -> cells(rule.getKey(), verb)));
    }

    private static Stream<Arguments> cells(StateRule rule, String verb) {
        return Arrays.stream(KeyState.values())
                .filter(state -> !(state == KeyState.Unavailable && verb.contains("Import")))
                .map(state -> arguments(rule, verb, state));
    }

    /** AWS has no such key: unavailable are those of custom key stores. */
    @ParameterizedTest
    @EnumSource(names = {"IMPORT_PARAMETERS", "IMPORT", "MATERIAL_DELETION"})
    void whatTheTokenLostCanBeImportedAgain(StateRule rule) {
        assertThatCode(() -> rule.require(KeyState.Unavailable, KEY)).doesNotThrowAnyException();
    }
}
