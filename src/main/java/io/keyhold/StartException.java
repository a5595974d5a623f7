package io.keyhold;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** The daemon cannot start; the message says what an operator has to do. */
public final class StartException extends RuntimeException {

    StartException(String message) {
        super(message);
    }

    /** In one line what failed and why, down to the first cause. */
    public static StartException because(Exception e) {
        StringBuilder line = new StringBuilder(reason(e));
        for (@Nullable Throwable why = e.getCause(); why != null; why = why.getCause()) {
            String more = reason(why);
            if (line.indexOf(more) < 0) {
                line.append(": ").append(more);
            }
        }
        return new StartException(line.toString());
    }

    /** The message; Java's exceptions about files have only a path as theirs. */
    private static String reason(Throwable e) {
        return switch (e) {
            case NoSuchFileException f -> f.getFile() + " does not exist";
            case AccessDeniedException f -> f.getFile() + " is closed to this user";
            case FileAlreadyExistsException f -> f.getFile() + " is in the way";
            case FileSystemException f -> f.getFile() + ": " + f.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
