package io.keyhold.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A library of {@code src/test/c}, built in a folder of its own, and the page of memory through
 * which a test tells it what to do, in whatever process it is.
 *
 * @param library the built file
 * @param control the file that is the page
 */
public record SharedObject(Path library, Path control, MemorySegment page) {

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    /**
     * Builds one; it is gone with this JVM.
     *
     * @param source name of a file of src/test/c
     * @param size of the page, in bytes
     */
    public static SharedObject build(String source, long size) {
        try {
            Path folder = Files.createTempDirectory("keyhold-shim");
            Path library = folder.resolve("shim.so");
            Path control = folder.resolve("control");
            for (Path path : new Path[] {folder, library, control}) {
                path.toFile().deleteOnExit(); // the last one first
            }
            Command.of(
                            "gcc",
                            "-std=gnu11",
                            "-shared",
                            "-fPIC",
                            "-O2",
                            "-Wall",
                            "-Wextra",
                            "-Werror",
                            "-o",
                            library,
                            Path.of("src", "test", "c", source),
                            "-ldl")
                    .run();
            try (FileChannel file =
                    FileChannel.open(
                            control,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE)) {
                MemorySegment page =
                        file.map(FileChannel.MapMode.READ_WRITE, 0, size, Arena.global());
                return new SharedObject(library, control, page);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number at an offset, as other processes have left it. */
    public long get(long offset) {
        return (long) LONG.getVolatile(page, offset);
    }

    public void set(long offset, long value) {
        LONG.setVolatile(page, offset, value);
    }
}
