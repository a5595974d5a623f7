package io.keyhold.cli;

import io.keyhold.StartException;
import io.keyhold.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What a person sees of a command that failed: one line, and an exit code. */
final class Failures implements IExecutionExceptionHandler {

    private static final int UNAVAILABLE = 69;
    private static final int CONFIG = 78;

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult arguments) throws Exception {
        int code =
                switch (failure) {
                    case ConfigException e -> CONFIG;
                    case StartException e -> CONFIG;
                    case UnreachableException e -> UNAVAILABLE;
                    default -> throw failure;
                };
        command.getErr().println("keyhold: " + failure.getMessage());
        return code;
    }

    /** The daemon is not there. */
    static final class UnreachableException extends RuntimeException {
        UnreachableException(String message) {
            super(message);
        }
    }
}
