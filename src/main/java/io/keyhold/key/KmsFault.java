package io.keyhold.key;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;

/**
 * The one way an operation fails: an AWS exception name and a message for the caller. The message
 * says what is wrong and what is allowed, and never holds a secret. A cause is for the log only.
 */
public final class KmsFault extends RuntimeException {

    private final FaultName name;

    private KmsFault(FaultName name, String message, boolean traced) {
        super(message, null, false, traced);
        this.name = name;
    }

    private KmsFault(FaultName name, String message, Throwable cause) {
        super(message, cause);
        this.name = name;
    }

    /** A fault of the caller's making: costs no stack trace. */
    @FormatMethod
    public static KmsFault of(FaultName name, String format, Object... arguments) {
        return new KmsFault(name, String.format(Locale.ROOT, format, arguments), false);
    }

    /** A fault that AWS sends without a message. */
    public static KmsFault bare(FaultName name) {
        return new KmsFault(name, "", false);
    }

    /** A fault of ours or of a token; the cause goes to the log, the message to the caller. */
    public static KmsFault caused(FaultName name, String message, Throwable cause) {
        return new KmsFault(name, message, cause);
    }

    /** AWS's exception name. */
    public FaultName name() {
        return name;
    }

    /** The message for the caller; empty where AWS sends none. */
    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
