package io.keyhold.key;

import java.util.Optional;

/** How a key makes authentication codes, by AWS's names ({@code MacAlgorithmSpec}). */
public enum MacAlgorithm {
    HMAC_SHA_224,
    HMAC_SHA_256,
    HMAC_SHA_384,
    HMAC_SHA_512;

    /** The one of a key spec. */
    public static Optional<MacAlgorithm> of(KeySpec spec) {
        return switch (spec) {
            case HMAC_224 -> Optional.of(HMAC_SHA_224);
            case HMAC_256 -> Optional.of(HMAC_SHA_256);
            case HMAC_384 -> Optional.of(HMAC_SHA_384);
            case HMAC_512 -> Optional.of(HMAC_SHA_512);
            default -> Optional.empty();
        };
    }
}
