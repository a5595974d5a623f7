package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.keyhold.identity.AccessKeySecrets.Known;
import io.keyhold.identity.Authorization.Scope;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Sha256;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks AWS Signature Version 4. A signing key is derived once a day for each access key, region
 * and service, and only good as long as the access key is.
 *
 * @see "AWS General Reference, Signature Version 4 signing process"
 */
public final class Signatures {

    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final int REMEMBERED = 10_000;
    private static final String SERVICE = "kms";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Whatever they are, they are signed: else somebody on the way could change them. */
    private static final List<String> MUST_BE_SIGNED = List.of("host", "x-amz-date");

    private final AccessKeySecrets secrets;
    private final ConcurrentMap<Scope, SigningKey> keys = new ConcurrentHashMap<>();

    public Signatures(AccessKeySecrets secrets) {
        this.secrets = secrets;
    }

    /** Whether a signature can be checked without opening a secret. */
    boolean isQuick(SignedRequest request) {
        try {
            return keys.containsKey(Authorization.of(request).scope());
        } catch (KmsFault e) {
            return true; // it will be refused at once
        }
    }

    /**
     * Who signed a request.
     *
     * @param region that the request is for
     * @throws KmsFault MissingAuthenticationTokenException, IncompleteSignatureException,
     *     UnrecognizedClientException or InvalidSignatureException
     */
    Caller signer(SignedRequest request, String region, Instant received) {
        Authorization authorization = Authorization.of(request);
        Scope scope = authorization.scope();
        requireScope(scope, region);
        requireSigned(request, authorization);
        String time = time(request, scope, received);
        Known known = secrets.find(scope.accessKeyId()).orElseThrow(Signatures::unknown);
        String canonical = CanonicalRequest.of(request, authorization.signedHeaders());
        String text =
                String.join(
                        "\n",
                        Authorization.ALGORITHM,
                        time,
                        scope.text(),
                        Sha256.hex(canonical.getBytes(UTF_8)));
        byte[] right = hmac(signingKey(scope, known), text);
        byte[] given = authorization.signature().getBytes(UTF_8);
        if (!MessageDigest.isEqual(HexFormat.of().formatHex(right).getBytes(US_ASCII), given)) {
            throw invalid(
                    "The request signature we calculated does not match the signature you provided."
                            + " Check your AWS Secret Access Key and signing method. Consult the"
                            + " service documentation for details.");
        }
        return new Caller(known.owner(), Authentication.SIGNATURE);
    }

    private static void requireScope(Scope scope, String region) {
        if (!scope.service().equals(SERVICE)) {
            throw invalid("Credential should be scoped to correct service: '" + SERVICE + "'.");
        }
        if (!scope.region().equals(region)) {
            throw invalid("Credential should be scoped to a valid region.");
        }
    }

    private static void requireSigned(SignedRequest request, Authorization authorization) {
        for (String name : MUST_BE_SIGNED) {
            if (!authorization.signedHeaders().contains(name)) {
                throw Authorization.incomplete(
                        "'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
        for (String name : authorization.signedHeaders()) {
            if (request.values(name).isEmpty()) {
                throw Authorization.incomplete(
                        "The signed header '" + name + "' is not in the request.");
            }
        }
        boolean unsigned =
                request.values("x-amz-content-sha256").stream()
                        .anyMatch(hash -> !hash.equals(request.payloadHash()));
        if (unsigned) {
            throw invalid("The payload is not the one whose hash x-amz-content-sha256 gives.");
        }
    }

    /** As it was signed, if that was not long ago and on the day of the scope. */
    private static String time(SignedRequest request, Scope scope, Instant received) {
        List<String> times = request.values("x-amz-date");
        Instant time = times.size() == 1 ? parse(times.getFirst()) : Instant.MIN;
        if (time.equals(Instant.MIN) || !times.getFirst().startsWith(scope.date() + "T")) {
            throw Authorization.incomplete(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of"
                            + " date from HTTP.");
        }
        if (time.isBefore(received.minus(SKEW))) {
            throw invalid(
                    "Signature expired: %s is now earlier than %s (%s - 5 min.)",
                    TIME.format(time), TIME.format(received.minus(SKEW)), TIME.format(received));
        }
        if (time.isAfter(received.plus(SKEW))) {
            throw invalid(
                    "Signature not yet current: %s is still later than %s (%s + 5 min.)",
                    TIME.format(time), TIME.format(received.plus(SKEW)), TIME.format(received));
        }
        return times.getFirst();
    }

    private static Instant parse(String time) {
        try {
            return TIME.parse(time, Instant::from);
        } catch (DateTimeException e) {
            return Instant.MIN;
        }
    }

    private byte[] signingKey(Scope scope, Known known) {
        SigningKey cached = keys.get(scope);
        if (cached != null && cached.version.equals(known.version())) {
            return cached.bytes;
        }
        byte[] derived = derive(scope, known);
        if (keys.size() >= REMEMBERED) {
            keys.clear();
        }
        keys.put(scope, new SigningKey(known.version(), derived));
        return derived;
    }

    private static byte[] derive(Scope scope, Known known) {
        byte[] secret = known.secret().get();
        byte[] first = Arrays.copyOf("AWS4".getBytes(US_ASCII), 4 + secret.length);
        System.arraycopy(secret, 0, first, 4, secret.length);
        try {
            byte[] ofDay = hmac(first, scope.date());
            byte[] ofRegion = hmac(ofDay, scope.region());
            return hmac(hmac(ofRegion, scope.service()), Authorization.TERMINATOR);
        } finally {
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(first, (byte) 0);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    private static KmsFault unknown() {
        return KmsFault.of(
                FaultName.UnrecognizedClientException,
                "The security token included in the request is invalid.");
    }

    @FormatMethod
    private static KmsFault invalid(@FormatString String text, Object... values) {
        return KmsFault.of(FaultName.InvalidSignatureException, text, values);
    }

    private record SigningKey(String version, byte[] bytes) {}
}
