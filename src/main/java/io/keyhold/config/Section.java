package io.keyhold.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** One table of the file. Whatever has not been asked for by {@link #close} is refused. */
final class Section implements AutoCloseable {

    private final Path file;
    private final String name;
    private final @Nullable TomlTable table;
    private final @Nullable TomlPosition begin;
    private final Set<String> asked = new HashSet<>();

    Section(Path file, String name, @Nullable TomlTable table, @Nullable TomlPosition begin) {
        this.file = file;
        this.name = name;
        this.table = table;
        this.begin = begin;
    }

    String text(String key, Pattern allowed, @Nullable String fallback) {
        String value = optional(key, String.class).orElse(fallback);
        if (value == null) {
            throw wrong(key, "is missing", "a text in quotes");
        }
        if (!allowed.matcher(value).matches()) {
            throw wrong(key, "is '" + value + "'", "a text that matches " + allowed);
        }
        return value;
    }

    /** Whether the file has it. */
    boolean isThere() {
        return table != null;
    }

    Optional<String> optionalText(String key) {
        return optional(key, String.class);
    }

    Optional<String> optionalText(String key, Pattern allowed) {
        return optionalText(key).isEmpty()
                ? Optional.empty()
                : Optional.of(text(key, allowed, null));
    }

    boolean truth(String key, boolean fallback) {
        return optional(key, Boolean.class).orElse(fallback);
    }

    int number(String key, int fallback, int least, int most) {
        long value = optional(key, Long.class).orElse((long) fallback);
        if (value < least || value > most) {
            throw wrong(key, "is " + value, "a number from " + least + " to " + most);
        }
        return (int) value;
    }

    /** A path, relative to the file's folder. */
    Path path(String key, @Nullable String fallback) {
        String value = optional(key, String.class).orElse(fallback);
        if (value == null || value.isBlank()) {
            throw wrong(key, "is missing", "a path, relative to this file's folder");
        }
        return beside(key, value);
    }

    Optional<Path> optionalPath(String key) {
        return optional(key, String.class).map(value -> beside(key, value));
    }

    private Path beside(String key, String value) {
        try {
            return file.resolveSibling(value).normalize();
        } catch (InvalidPathException e) {
            throw wrong(key, "is no path", "a path, relative to this file's folder");
        }
    }

    List<String> texts(String key, Pattern allowed) {
        List<String> values = optionalTexts(key, allowed);
        if (values.isEmpty()) {
            throw wrong(key, "is missing", "a list of texts in quotes");
        }
        return values;
    }

    /** None if the list is not there. */
    List<String> optionalTexts(String key, Pattern allowed) {
        TomlArray array = optional(key, TomlArray.class).orElse(null);
        List<String> values = new ArrayList<>();
        for (int i = 0; array != null && i < array.size(); i++) {
            if (!(array.get(i) instanceof String value) || !allowed.matcher(value).matches()) {
                throw wrong(key, "has " + array.get(i), "texts that match " + allowed);
            }
            if (values.contains(value)) {
                throw wrong(key, "has " + value + " twice", "each text once");
            }
            values.add(value);
        }
        return values;
    }

    /** Others if the list is not there; an empty one is refused. */
    List<String> texts(String key, Pattern allowed, List<String> others) {
        return optional(key, TomlArray.class).isPresent() ? texts(key, allowed) : others;
    }

    /** A table of texts. */
    Map<String, String> map(String key) {
        Map<String, String> values = new TreeMap<>();
        optional(key, TomlTable.class)
                .ifPresent(
                        inner -> {
                            for (String entry : inner.keySet()) {
                                if (!(inner.get(List.of(entry)) instanceof String value)) {
                                    throw wrong(key, "has a value that is no text", "texts");
                                }
                                values.put(entry, value);
                            }
                        });
        return values;
    }

    Section section(String key) {
        TomlPosition at = table == null ? null : table.inputPositionOf(List.of(key));
        return new Section(file, key, optional(key, TomlTable.class).orElse(null), at);
    }

    /** A list of tables, {@code [[key]]}. */
    List<Section> sections(String key) {
        List<Section> sections = new ArrayList<>();
        TomlArray array = optional(key, TomlArray.class).orElse(null);
        for (int i = 0; array != null && i < array.size(); i++) {
            if (!(array.get(i) instanceof TomlTable inner)) {
                throw wrong(key, "is a plain list", "tables: [[" + path(key) + "]]");
            }
            sections.add(new Section(file, path(key), inner, array.inputPositionOf(i)));
        }
        return sections;
    }

    /** What to say of a value that is wrong; a missing one is where its section begins. */
    ConfigException wrong(String key, String what, String right) {
        TomlPosition at = table == null ? null : table.inputPositionOf(List.of(key));
        at = at == null ? begin : at;
        String where = at == null ? file.toString() : file + ":" + at.line();
        return new ConfigException(
                where + ": " + path(key) + " " + what + "; right would be " + right);
    }

    private <T> Optional<T> optional(String key, Class<T> type) {
        asked.add(key);
        Object value = table == null ? null : table.get(List.of(key));
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw wrong(key, "is " + value, Names.of(type));
        }
        return Optional.of(type.cast(value));
    }

    private String path(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    /** Refuses every key that nobody has asked for: it would be ignored. */
    @Override
    public void close() {
        if (table == null) {
            return;
        }
        for (String key : table.keySet()) {
            if (!asked.contains(key)) {
                throw wrong(key, "is not known", "one of " + asked.stream().sorted().toList());
            }
        }
    }

    private static final class Names {
        private static final Map<Class<?>, String> TYPES =
                Map.of(
                        String.class, "a text in quotes",
                        Boolean.class, "true or false",
                        Long.class, "a whole number",
                        TomlArray.class, "a list",
                        TomlTable.class, "a table");

        static String of(Class<?> type) {
            return TYPES.getOrDefault(type, type.getSimpleName());
        }
    }
}
