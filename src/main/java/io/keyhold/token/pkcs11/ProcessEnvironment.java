package io.keyhold.token.pkcs11;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/** Sets variables in this process's own environment, which a library reads with getenv(3). */
final class ProcessEnvironment {

    private ProcessEnvironment() {}

    /** setenv(3) for each pair. Only at start: the C library's environment is not locked. */
    @SuppressWarnings("restricted") // a downcall: this room may
    static void set(Map<String, String> variables) {
        Linker linker = Linker.nativeLinker();
        MethodHandle setenv =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("setenv"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                int failed =
                        (int)
                                setenv.invokeExact(
                                        arena.allocateFrom(variable.getKey()),
                                        arena.allocateFrom(variable.getValue()),
                                        1);
                if (failed != 0) {
                    throw new TokenException("cannot set " + variable.getKey());
                }
            }
        } catch (TokenException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("setenv", e);
        }
    }
}
