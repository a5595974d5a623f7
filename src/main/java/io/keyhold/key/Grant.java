package io.keyhold.key;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A permission to use one key, beside its policy.
 *
 * @param id 64 hexadecimal digits
 * @param key the key's ARN
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/grants.html">Grants in AWS
 *     KMS</a>
 */
public record Grant(String id, Arn key, Instant createdAt, GrantTerms terms) {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final String TOKEN = "keyhold-grant-1 ";
    private static final int ID_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new grant. */
    public static Grant of(Arn key, Instant now, GrantTerms terms) {
        byte[] id = new byte[ID_BYTES];
        RANDOM.nextBytes(id);
        return new Grant(HexFormat.of().formatHex(id), key, now, terms);
    }

    /**
     * Passes if a grant can have this ID.
     *
     * @throws KmsFault InvalidGrantIdException
     */
    public static void requireId(String text) {
        if (!ID.matcher(text).matches()) {
            throw KmsFault.of(
                    FaultName.InvalidGrantIdException,
                    "'%s' is not the ID of a grant, which has 64 hexadecimal digits.",
                    text);
        }
    }

    /** Another name of the grant, which carries the key's ARN. It is no secret. */
    public String token() {
        String text = TOKEN + key + " " + id;
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The name of a grant: its key's ARN, and its ID. */
    public record Name(Arn key, String id) {

        /** What a token says; empty if this daemon never made it. */
        public static Optional<Name> ofToken(String token) {
            String text;
            try {
                text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
            int space = text.lastIndexOf(' ');
            if (!text.startsWith(TOKEN) || space < TOKEN.length()) {
                return Optional.empty();
            }
            return Arn.parse(text.substring(TOKEN.length(), space))
                    .map(key -> new Name(key, text.substring(space + 1)));
        }
    }
}
