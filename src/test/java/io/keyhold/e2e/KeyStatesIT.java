package io.keyhold.e2e;

import static io.keyhold.e2e.MatrixStage.ROOT;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.grpc.StatusRuntimeException;
import io.keyhold.key.KeyState;
import io.keyhold.testkit.KeyStates;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AWS's key-state table through the door: every verb that is about a key, in every state. States
 * that no verb leads to yet are put into the database, with the origin of the keys that have them;
 * so are the spec and usage that no token can make a key for.
 */
final class KeyStatesIT {

    private static final Set<String> OF_NO_KEY =
            Set.of("CreateKey", "GenerateRandom", "ListAliases", "ListKeys", "ListRetirableGrants");

    private static final Map<KeyState, String> ORIGINS =
            Map.of(KeyState.PendingImport, "EXTERNAL", KeyState.Unavailable, "AWS_CLOUDHSM");

    private static final Refusal NO_TOKEN =
            new Refusal(
                    "UnsupportedOperationException",
                    "KeySpec ML_KEM_768 is not supported: SunPKCS11 cannot carry CKM_ML_KEM.");

    private static final Map<String, MatrixStage> stages = new HashMap<>();

    @RegisterExtension static final OneDaemon one = new OneDaemon(KeyStatesIT::arrange);

    @ParameterizedTest(name = "{0} of a key that is {1}")
    @MethodSource("cells")
    void cell(String verb, KeyState state) {
        KeyStates.Cell cell = KeyStates.cell(verb, state);
        MatrixStage stage = stages.get(name(verb, state));

        Refusal refusal = refusal(verb, stage);

        if (cell.works()) {
            assertThat(refusal).isEqualTo(MatrixStage.OF_NO_TOKEN.contains(verb) ? NO_TOKEN : null);
            return;
        }
        assertThat(refusal).isNotNull();
        assertThat(refusal.name())
                .isEqualTo(
                        cell.note()
                                .map(KeyStates.Note::exception)
                                .orElse("UnsupportedOperationException"));
        assertThat(refusal.text())
                .isEqualTo(
                        cell.note()
                                .map(note -> note.message(stage.key()))
                                .orElse(
                                        stage.key()
                                                + " origin is "
                                                + origin(verb, state)
                                                + " which is not valid for this operation."));
    }

    private static Refusal refusal(String verb, MatrixStage stage) {
        try {
            one.client().callAs(ROOT, Request.of(stage.request(verb)));
            return null;
        } catch (StatusRuntimeException e) {
            return Refusal.of(e);
        }
    }

    static Stream<Arguments> cells() {
        return MatrixStage.verbs().stream()
                .filter(verb -> !OF_NO_KEY.contains(verb))
                .flatMap(
                        verb ->
                                Stream.of(KeyState.values())
                                        .filter(state -> KeyStates.applies(verb, state))
                                        .map(state -> arguments(verb, state)));
    }

    private static String name(Object verb, Object state) {
        return verb + "/" + state;
    }

    private static String origin(String verb, KeyState state) {
        return ORIGINS.getOrDefault(state, verb.contains("Import") ? "EXTERNAL" : "AWS_KMS");
    }

    private static void arrange(Home home) {
        home.addAccounts(MatrixStage.ACCOUNT);
        String policy = MatrixStage.policy("{\"AWS\": \"" + ROOT + "\"}", "Allow");
        Database database = new Database(home);
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client operator = Listener.UNIX.connect(daemon)) {
            cells().map(cell -> name(cell.get()[0], cell.get()[1]))
                    .forEach(name -> stages.put(name, MatrixStage.set(operator, name, policy)));
            daemon.terminate();
        }
        for (KeyState state : KeyState.values()) {
            stages.entrySet().stream()
                    .filter(stage -> stage.getKey().endsWith("/" + state))
                    .collect(
                            groupingBy(
                                    stage -> origin(stage.getKey(), state),
                                    mapping(stage -> stage.getValue().key(), toList())))
                    .forEach(
                            (origin, keys) -> {
                                database.set("state", state.name(), keys);
                                database.set("origin", origin, keys);
                            });
        }
        List<String> keys = keys(name -> MatrixStage.OF_NO_TOKEN.contains(name.split("/")[0]));
        database.set("spec", "ML_KEM_768", keys);
        database.set("key_usage", "ENCAPSULATE_DECAPSULATE", keys);
    }

    private static List<String> keys(Predicate<String> name) {
        return stages.entrySet().stream()
                .filter(stage -> name.test(stage.getKey()))
                .map(stage -> stage.getValue().key())
                .toList();
    }
}
