package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Forward access as bytes, before they are sealed: a version, then parts, the session first. */
final class ForwardAccessCodec {

    private static final byte VERSION = 1;

    private ForwardAccessCodec() {}

    static byte[] encode(ForwardAccess access) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(SessionCodec.encode(access.session()));
        parts.add(access.service().getBytes(UTF_8));
        parts.add(access.region().getBytes(UTF_8));
        access.actions().forEach(action -> parts.add(action.getBytes(UTF_8)));
        return SessionCodec.join(new byte[] {VERSION}, parts);
    }

    /** What is in bytes that {@link #encode} made; empty if another version made them. */
    static Optional<ForwardAccess> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != VERSION) {
            return Optional.empty();
        }
        Optional<Session> session = SessionCodec.decode(SessionCodec.part(in));
        String service = SessionCodec.text(in);
        String region = SessionCodec.text(in);
        Set<String> actions = new HashSet<>();
        while (in.hasRemaining()) {
            actions.add(SessionCodec.text(in));
        }
        return session.map(whose -> new ForwardAccess(whose, service, region, actions));
    }
}
