package io.keyhold.identity;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import java.time.Instant;

/**
 * Believes every signature without a look at it, for emulators: whoever has any access key is an
 * account's root. Temporary credentials of this daemon's own are whose they are.
 */
public final class AnySignature implements SignatureCheck {

    private final Arn root;
    private final Sessions sessions;

    public AnySignature(Arn root, Sessions sessions) {
        this.root = root;
        this.sessions = sessions;
    }

    @Override
    public boolean isQuick(SignedRequest request) {
        return false; // a token may have to be opened
    }

    @Override
    public Caller signer(SignedRequest request, String region, Instant received) {
        Authorization authorization = Authorization.of(request);
        String id = authorization.scope().accessKeyId();
        return authorization
                .token()
                .filter(sessions::isOurs)
                .map(token -> sessions.credential(token, id, received).caller())
                .orElseGet(() -> new Caller(root, Authentication.NOT_CHECKED));
    }
}
