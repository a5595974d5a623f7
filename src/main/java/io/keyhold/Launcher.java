package io.keyhold;

import java.lang.reflect.InvocationTargetException;

/**
 * The jar's entry point, compiled for Java 17, so that an older Java says in one line what is
 * needed instead of failing to load a class.
 */
public final class Launcher {

    private static final int NEEDED = 25;
    private static final int UNUSABLE = 69;

    private Launcher() {}

    /** Hands over to the command line. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        int here = Runtime.version().feature();
        if (here < NEEDED) {
            System.err.println(
                    "keyhold needs Java "
                            + NEEDED
                            + " or newer; this is Java "
                            + here
                            + " ("
                            + System.getProperty("java.home")
                            + ")");
            System.exit(UNUSABLE);
        }
        try {
            Class.forName("io.keyhold.cli.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
