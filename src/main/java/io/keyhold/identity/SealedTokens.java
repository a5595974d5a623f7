package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keyhold.key.Sha256;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** Texts that say all there is to know, sealed, so that nobody has to remember anything. */
final class SealedTokens<T> {

    private static final int REMEMBERED = 10_000;

    private final Seal seal;
    private final String purpose;
    private final Function<byte[], Optional<T>> decode;
    private final ConcurrentMap<ByteBuffer, T> openedByHash = new ConcurrentHashMap<>();

    /**
     * @param purpose theirs and nothing else's
     * @param decode reads what was sealed; what it answers is remembered, and must hold no secret
     */
    SealedTokens(Seal seal, String purpose, Function<byte[], Optional<T>> decode) {
        this.seal = seal;
        this.purpose = purpose;
        this.decode = decode;
    }

    /** A token of these bytes, which are zeroed. */
    String seal(byte[] bytes) {
        try {
            return Base64.getEncoder().encodeToString(seal.seal(purpose, bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** What a token says; empty if this daemon did not make it for this. */
    Optional<T> open(String token) {
        T known = openedByHash.get(hash(token));
        if (known != null) {
            return Optional.of(known);
        }
        Optional<T> opened = unsealed(token, decode);
        opened.ifPresent(fresh -> remember(token, fresh));
        return opened;
    }

    /** Whether that has been done already. */
    boolean isOpen(String token) {
        return openedByHash.containsKey(hash(token));
    }

    /** What one reads in a token's bytes, which are zeroed; nothing is remembered. */
    <R> Optional<R> unsealed(String token, Function<byte[], Optional<R>> reader) {
        Optional<byte[]> bytes = decoded(token).flatMap(blob -> seal.open(purpose, blob));
        try {
            return bytes.flatMap(reader);
        } finally {
            bytes.ifPresent(secret -> Arrays.fill(secret, (byte) 0));
        }
    }

    private void remember(String token, T opened) {
        if (openedByHash.size() >= REMEMBERED) {
            openedByHash.clear();
        }
        openedByHash.put(hash(token), opened);
    }

    private static ByteBuffer hash(String token) {
        return ByteBuffer.wrap(Sha256.of(token.getBytes(UTF_8)));
    }

    private static Optional<byte[]> decoded(String token) {
        try {
            return Optional.of(Base64.getDecoder().decode(token));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
