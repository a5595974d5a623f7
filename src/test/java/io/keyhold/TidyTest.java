package io.keyhold;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The house's measures, over src/main/java: what a formatter and a compiler do not see. */
class TidyTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final int LONGEST_FILE = 500;
    private static final int LONGEST_MEDIAN = 120;
    private static final int LONGEST_90TH_PERCENTILE = 300;
    private static final int LONGEST_METHOD = 70;
    private static final int LONGEST_LINE = 100;
    private static final Pattern URL = Pattern.compile("\\s*(\\*|//).*https?://.*");
    private static final Pattern PROMISE = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
    private static final Pattern CONSOLE = Pattern.compile("\\bSystem\\.(out|err)\\b");
    private static final Pattern STACK_TRACE = Pattern.compile("\\bprintStackTrace\\b");

    private static List<Path> files;

    @BeforeAll
    static void findFiles() throws IOException {
        try (Stream<Path> found = Files.walk(SOURCES)) {
            files = found.filter(f -> f.toString().endsWith(".java")).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(100);
    }

    @Test
    void filesAreShort() throws IOException {
        int[] lengths = new int[files.size()];
        List<String> tooLong = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = Files.readAllLines(files.get(i)).size();
            if (lengths[i] > LONGEST_FILE) {
                tooLong.add(files.get(i) + ": " + lengths[i] + " lines");
            }
        }
        Arrays.sort(lengths);

        assertThat(tooLong).isEmpty();
        assertThat(lengths[lengths.length / 2]).as("median").isLessThanOrEqualTo(LONGEST_MEDIAN);
        assertThat(lengths[lengths.length * 9 / 10])
                .as("90th percentile")
                .isLessThanOrEqualTo(LONGEST_90TH_PERCENTILE);
    }

    @Test
    void methodsAreShort() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> tooLong = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            var units = manager.getJavaFileObjectsFromPaths(files);
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null, manager, null, List.of("-proc:none"), null, units);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            int seen = 0;
            for (CompilationUnitTree unit : task.parse()) {
                Methods methods = new Methods(unit, positions);
                methods.scan(unit, tooLong);
                seen += methods.seen;
            }
            assertThat(seen).as("methods seen").isGreaterThan(files.size());
        }

        assertThat(tooLong).isEmpty();
    }

    @Test
    void linesAreShort() throws IOException {
        assertThat(
                        lines(
                                files,
                                line ->
                                        line.length() > LONGEST_LINE
                                                && !URL.matcher(line).matches()))
                .isEmpty();
    }

    @Test
    void nothingIsIndentedWithTabs() throws IOException {
        assertThat(lines(files, line -> line.contains("\t"))).isEmpty();
    }

    @Test
    void nothingIsLeftToDo() throws IOException {
        assertThat(lines(files, PROMISE.asPredicate())).isEmpty();
    }

    @Test
    void onlyTheCommandLineWritesToTheConsole() throws IOException {
        List<Path> others =
                files.stream()
                        .filter(file -> !file.startsWith(SOURCES.resolve("io/keyhold/cli")))
                        .filter(file -> !file.endsWith("Launcher.java"))
                        .toList();

        assertThat(lines(others, CONSOLE.asPredicate())).isEmpty();
        assertThat(lines(files, STACK_TRACE.asPredicate())).isEmpty();
    }

    private static List<String> lines(List<Path> files, Predicate<String> wrong)
            throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (wrong.test(lines.get(i))) {
                    found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        return found;
    }

    /** Notes the methods that take too many lines. */
    private static final class Methods extends TreeScanner<Void, List<String>> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private int seen;

        Methods(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitMethod(MethodTree method, List<String> tooLong) {
            LineMap lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, method));
            long last = lines.getLineNumber(positions.getEndPosition(unit, method));
            if (last - first + 1 > LONGEST_METHOD) {
                tooLong.add(unit.getSourceFile().getName() + ":" + first + ": " + method.getName());
            }
            seen++;
            return super.visitMethod(method, tooLong);
        }
    }
}
