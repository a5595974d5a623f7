package io.keyhold.cli;

import io.keyhold.StartException;
import io.keyhold.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
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

    /** One line for what is wrong, one for how to go on. */
    static int wrongUsage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("keyhold: " + failure.getMessage());
        command.getErr().println("Try '" + name + " --help'.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** The daemon is not there. */
    static final class UnreachableException extends RuntimeException {
        UnreachableException(String message) {
            super(message);
        }
    }
}
