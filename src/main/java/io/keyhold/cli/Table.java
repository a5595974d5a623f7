package io.keyhold.cli;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Rows of text for people, or the same as JSON for programs. */
final class Table {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String GAP = "  ";

    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... columns) {
        this.columns = List.of(columns);
    }

    void add(String... row) {
        rows.add(List.of(row));
    }

    /** Columns as wide as they have to be, under their names. */
    String text() {
        StringBuilder out = new StringBuilder();
        line(out, columns.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
        rows.forEach(row -> line(out, row));
        return out.toString();
    }

    private void line(StringBuilder out, List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            line.append(row.get(i)).repeat(' ', width(i) - row.get(i).length()).append(GAP);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private int width(int column) {
        int widest = columns.get(column).length();
        for (List<String> row : rows) {
            widest = Math.max(widest, row.get(column).length());
        }
        return widest;
    }

    /** An array with an object a row, whose members are the columns. */
    String json() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(pretty(), out)) {
            json.writeStartArray();
            for (List<String> row : rows) {
                json.writeStartObject();
                for (int i = 0; i < row.size(); i++) {
                    json.writeStringProperty(columns.get(i), row.get(i));
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return out + "\n";
    }

    private static ObjectWriteContext pretty() {
        return new ObjectWriteContext.Base() {
            @Override
            public DefaultPrettyPrinter getPrettyPrinter() {
                return new DefaultPrettyPrinter();
            }

            @Override
            public boolean hasPrettyPrinter() {
                return true;
            }
        };
    }
}
