package io.keyhold.objects;

import io.grpc.Metadata;
import java.util.Optional;

/**
 * Who calls the store. Keys are cached by all of it: what Keyhold opened for one token is open to
 * nobody without that token.
 *
 * @param principal the ARN in the certificate
 * @param token what Keyhold gave the caller for this store, if the caller sent it along
 */
record Caller(String principal, Optional<String> token) {

    static final Metadata.Key<String> ON_BEHALF_OF =
            Metadata.Key.of("keyhold-on-behalf-of", Metadata.ASCII_STRING_MARSHALLER);

    /**
     * What makes the store's call to Keyhold the caller's. Without a token that is the store's bare
     * word, which Keyhold takes only for accounts that its configuration lists.
     */
    Metadata credentials() {
        Metadata metadata = new Metadata();
        token.ifPresentOrElse(
                given -> metadata.put(ObjectsApi.FORWARD_ACCESS, given),
                () -> metadata.put(ON_BEHALF_OF, principal));
        return metadata;
    }

    /** Without the token: whoever has it can use it. */
    @Override
    public String toString() {
        return principal;
    }
}
