package io.keyhold.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 at as little cost as can be: the load client must not be what is
 * measured. For one thread.
 *
 * @see "AWS General Reference, Signature Version 4 signing process"
 */
final class SigningKey {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private static final String HMAC = "HmacSHA256";
    private static final String SERVICE = "kms";
    private static final String TERMINATOR = "aws4_request";
    private static final HexFormat HEX = HexFormat.of();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DATE = "uuuuMMdd".length();

    private final String secret;
    private final String region;
    private final Mac mac;
    private final MessageDigest sha256;
    private long second;
    private String time = "";
    private String scope = "";

    SigningKey(String secret, String region) {
        this.secret = secret;
        this.region = region;
        try {
            this.mac = Mac.getInstance(HMAC);
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has both", e);
        }
    }

    /** When requests are made from now on. */
    void tick() {
        Instant now = Instant.now();
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            time = TIME.format(now);
            String date = time.substring(0, DATE);
            if (!scope.startsWith(date)) {
                scope = String.join("/", date, region, SERVICE, TERMINATOR);
                derive(date);
            }
        }
    }

    /** As it is signed. */
    String time() {
        return time;
    }

    /** What the key is good for. */
    String scope() {
        return scope;
    }

    String sign(String canonicalRequest) {
        String text =
                ALGORITHM
                        + "\n"
                        + time
                        + "\n"
                        + scope
                        + "\n"
                        + hash(canonicalRequest.getBytes(UTF_8));
        return HEX.formatHex(mac.doFinal(text.getBytes(UTF_8)));
    }

    String hash(byte[] bytes) {
        return HEX.formatHex(sha256.digest(bytes));
    }

    private void derive(String date) {
        use(("AWS4" + secret).getBytes(UTF_8));
        for (String part : new String[] {date, region, SERVICE, TERMINATOR}) {
            use(mac.doFinal(part.getBytes(UTF_8)));
        }
    }

    private void use(byte[] key) {
        try {
            mac.init(new SecretKeySpec(key, HMAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("any key will do", e);
        }
    }
}
