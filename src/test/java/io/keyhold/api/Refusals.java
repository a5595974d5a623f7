package io.keyhold.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Message;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;

/** What {@link FieldLimits} says of requests. */
final class Refusals {

    private Refusals() {}

    static void passes(Message request) {
        assertThatCode(() -> new FieldLimits().check(request)).doesNotThrowAnyException();
    }

    /** The text of the ValidationException. */
    static String invalid(Message request) {
        return refusal(request, FaultName.ValidationException);
    }

    /** The text of the UnsupportedOperationException. */
    static String unsupported(Message request) {
        return refusal(request, FaultName.UnsupportedOperationException);
    }

    private static String refusal(Message request, FaultName name) {
        KmsFault fault =
                catchThrowableOfType(KmsFault.class, () -> new FieldLimits().check(request));
        assertThat(fault).as("a fault").isNotNull();
        assertThat(fault.name()).isEqualTo(name);
        return fault.text();
    }
}
