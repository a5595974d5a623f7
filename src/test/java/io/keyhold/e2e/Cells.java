package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;

/**
 * Comparisons whose cells are tests: a display name is "row | column | what the test shows". The
 * README has the same tables.
 */
final class Cells {

    private final Map<String, Map<String, String>> rows = new TreeMap<>();
    private final List<String> tables = new ArrayList<>();

    private Cells(Class<?> tests) {
        for (Method method : tests.getDeclaredMethods()) {
            DisplayName name = method.getAnnotation(DisplayName.class);
            if (name != null) {
                String[] cell = name.value().split(" \\| ");
                assertThat(cell).as(name.value()).hasSize(3);
                Map<String, String> row = rows.computeIfAbsent(cell[0], key -> new TreeMap<>());
                assertThat(row.put(cell[1], cell[2])).as(name.value()).isNull();
            }
        }
    }

    /** What the tests of a class show. */
    static Cells of(Class<?> tests) {
        return new Cells(tests);
    }

    /** A table of these rows, which have these columns and no others. */
    Cells grid(List<String> columns, String... names) {
        List<List<String>> lines = new ArrayList<>();
        for (String name : names) {
            Map<String, String> row = take(name);
            assertThat(row).as(name).containsOnlyKeys(columns);
            List<String> line = new ArrayList<>(List.of(name));
            columns.forEach(column -> line.add(row.get(column)));
            lines.add(line);
        }
        List<String> head = new ArrayList<>(List.of(""));
        head.addAll(columns);
        return table(head, lines);
    }

    /** A table with a line for each cell, of rows that have columns of their own. */
    Cells list(List<String> head, String... names) {
        List<List<String>> lines = new ArrayList<>();
        for (String name : names) {
            take(name).forEach((column, cell) -> lines.add(List.of(name, column, cell)));
        }
        return table(head, lines);
    }

    /** Every cell is in one of the tables, and they all stand in the README. */
    void areInTheReadme() {
        assertThat(rows).isEmpty();
        assertThat(Commands.text(Commands.REPOSITORY.resolve("README.md"))).contains(tables);
    }

    private Map<String, String> take(String name) {
        assertThat(rows).containsKey(name);
        return rows.remove(name);
    }

    private Cells table(List<String> head, List<List<String>> lines) {
        String[] rule = new String[head.size()];
        Arrays.fill(rule, "---");
        StringBuilder table = new StringBuilder("\n" + line(head));
        table.append("|").append(String.join("|", rule)).append("|\n");
        lines.forEach(line -> table.append(line(line)));
        tables.add(table + "\n");
        return this;
    }

    private static String line(List<String> cells) {
        StringBuilder line = new StringBuilder("|");
        cells.forEach(cell -> line.append(cell.isEmpty() ? " |" : " " + cell + " |"));
        return line.append("\n").toString();
    }
}
