package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Principal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A session as bytes, before they are sealed: a version, two instants in milliseconds, then texts
 * and the secret, each with its length before it.
 */
final class SessionCodec {

    private static final byte VERSION = 3;
    private static final int INSTANTS = 2 * Long.BYTES;

    private SessionCodec() {}

    /** The caller zeroes the answer after use. */
    static byte[] encode(Session session) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(session.secretAccessKey());
        for (String text :
                List.of(
                        session.issuer().toString(),
                        session.issuerId(),
                        session.name(),
                        session.accessKeyId(),
                        session.issuedTo().toString(),
                        session.issuedTo().uniqueId())) {
            parts.add(text.getBytes(UTF_8));
        }
        session.policies().forEach(policy -> parts.add(policy.getBytes(UTF_8)));
        byte[] head =
                ByteBuffer.allocate(1 + INSTANTS)
                        .put(VERSION)
                        .putLong(session.issuedAt().toEpochMilli())
                        .putLong(session.expiresAt().toEpochMilli())
                        .array();
        return join(head, parts);
    }

    /** The head, then each part with its length before it. */
    static byte[] join(byte[] head, List<byte[]> parts) {
        int size = parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum();
        ByteBuffer out = ByteBuffer.allocate(head.length + size).put(head);
        parts.forEach(part -> out.putInt(part.length).put(part));
        return out.array();
    }

    /** The session in bytes that {@link #encode} made; empty if another version made them. */
    static Optional<Session> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != VERSION) {
            return Optional.empty();
        }
        Instant issuedAt = Instant.ofEpochMilli(in.getLong());
        Instant expiresAt = Instant.ofEpochMilli(in.getLong());
        byte[] secret = part(in);
        Arn issuer = Arn.parse(text(in)).orElseThrow();
        String issuerId = text(in);
        String name = text(in);
        String accessKeyId = text(in);
        Principal holder = Principal.parse(text(in)).orElseThrow();
        BoundPrincipal issuedTo = new BoundPrincipal(holder, text(in));
        List<String> policies = new ArrayList<>();
        while (in.hasRemaining()) {
            policies.add(text(in));
        }
        return Optional.of(
                new Session(
                        issuer,
                        issuerId,
                        name,
                        issuedTo,
                        issuedAt,
                        expiresAt,
                        policies,
                        accessKeyId,
                        secret));
    }

    static String text(ByteBuffer in) {
        return new String(part(in), UTF_8);
    }

    static byte[] part(ByteBuffer in) {
        byte[] part = new byte[in.getInt()];
        in.get(part);
        return part;
    }
}
