package io.keyhold.operation.crypto;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.v1.DataKeySpec;

/** The two ways to say how long a data key shall be. */
final class DataKeyLength {

    private static final int AES_128_BYTES = 16;
    private static final int AES_256_BYTES = 32;

    private DataKeyLength() {}

    /**
     * The length in bytes.
     *
     * @param numberOfBytes 0 if it is not set
     * @throws KmsFault ValidationException unless exactly one is set
     */
    static int of(DataKeySpec.Value spec, int numberOfBytes) {
        boolean bySpec = spec != DataKeySpec.Value.UNSPECIFIED;
        if (bySpec == (numberOfBytes != 0)) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "Please specify either number of bytes or key spec.");
        }
        if (!bySpec) {
            return numberOfBytes;
        }
        return spec == DataKeySpec.Value.AES_128 ? AES_128_BYTES : AES_256_BYTES;
    }
}
