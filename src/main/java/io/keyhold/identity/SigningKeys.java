package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.keyhold.identity.Authorization.Scope;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What signatures are checked with. A key is derived once a day for each access key, Region and
 * service, and only good as long as the access key is.
 */
final class SigningKeys {

    private static final int REMEMBERED = 10_000;
    private static final String HMAC = "HmacSHA256";
    private static final byte[] PREFIX = "AWS4".getBytes(US_ASCII);

    private final ConcurrentMap<Scope, SigningKey> keys = new ConcurrentHashMap<>();

    /** Whether the key of a scope has been derived. */
    boolean have(Scope scope) {
        return keys.containsKey(scope);
    }

    byte[] of(Scope scope, SigningCredential credential) {
        return known(scope, credential).orElseGet(() -> derive(scope, credential));
    }

    /** Keeps a key that has shown itself to be right: others could be anybody's invention. */
    void remember(Scope scope, SigningCredential credential, byte[] key) {
        if (known(scope, credential).isPresent()) {
            return;
        }
        if (keys.size() >= REMEMBERED) {
            keys.clear();
        }
        keys.put(scope, new SigningKey(credential.version(), key));
    }

    private Optional<byte[]> known(Scope scope, SigningCredential credential) {
        SigningKey known = keys.get(scope);
        return known != null && known.version.equals(credential.version())
                ? Optional.of(known.bytes)
                : Optional.empty();
    }

    /** The access key is none any more. */
    void forget(String accessKeyId) {
        keys.keySet().removeIf(scope -> scope.accessKeyId().equals(accessKeyId));
    }

    private static byte[] derive(Scope scope, SigningCredential credential) {
        byte[] secret = credential.secret().get();
        byte[] first = Arrays.copyOf(PREFIX, PREFIX.length + secret.length);
        System.arraycopy(secret, 0, first, PREFIX.length, secret.length);
        try {
            byte[] ofDay = hmac(first, scope.date());
            byte[] ofRegion = hmac(ofDay, scope.region());
            return hmac(hmac(ofRegion, scope.service()), Authorization.TERMINATOR);
        } finally {
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(first, (byte) 0);
        }
    }

    static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    private record SigningKey(String version, byte[] bytes) {}
}
