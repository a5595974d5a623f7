package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How calls must fail. */
final class Faults {

    private Faults() {}

    static void assertUnavailable(ThrowingCallable call) {
        assertThat(faultOf(call).name()).isEqualTo(FaultName.KeyUnavailableException);
    }

    /** AWS says no more than the name. */
    static void assertInvalidCiphertext(ThrowingCallable call) {
        KmsFault fault = faultOf(call);
        assertThat(fault.name()).isEqualTo(FaultName.InvalidCiphertextException);
        assertThat(fault.text()).isEmpty();
    }

    static KmsFault faultOf(ThrowingCallable call) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, call);
        assertThat(fault).as("the call must fail").isNotNull();
        return fault;
    }
}
