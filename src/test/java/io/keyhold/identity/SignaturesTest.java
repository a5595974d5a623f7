package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner.REGION_NAME;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.testkit.NoSessions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures as the AWS SDK makes them, and all that may be wrong with one. */
class SignaturesTest {

    private static final Instant NOW = Instant.parse("2026-11-27T03:04:05Z");
    private static final Arn OWNER = Arn.parse("arn:aws:iam::123456789012:user/a").orElseThrow();

    private int opened;
    private Optional<SigningCredential> known = known("1", SdkSigner.SECRET);
    private final Signatures signatures =
            new Signatures(
                    id -> id.equals(SdkSigner.ID) ? known : Optional.empty(),
                    NoSessions.EXPECTED,
                    "us-east-1");

    private Optional<SigningCredential> known(String version, String secret) {
        return Optional.of(
                new SigningCredential(
                        new Caller(OWNER, Authentication.SIGNATURE),
                        version,
                        () -> {
                            opened++;
                            return secret.getBytes(UTF_8);
                        }));
    }

    @Test
    void whoHasTheSecretIsItsOwner() {
        SignedRequest request = signed(NOW, "us-east-1", "kms");
        assertThat(request.region()).contains("us-east-1");
        assertThat(signatures.isQuick(request)).isFalse();

        Caller caller = signatures.signer(request, "us-east-1", NOW);

        assertThat(caller.arn()).contains(OWNER);
        assertThat(caller.how()).isEqualTo(Authentication.SIGNATURE);
        assertThat(caller.isOperator()).isFalse();
        assertThat(signatures.isQuick(request)).isTrue();
        signatures.signer(signed(NOW.plusSeconds(1), "us-east-1", "kms"), "us-east-1", NOW);
        assertThat(opened).as("once a day").isEqualTo(1);
    }

    @Test
    void anotherSecretMakesAnotherKey() {
        SignedRequest request = signed(NOW, "us-east-1", "kms");
        signatures.signer(request, "us-east-1", NOW);
        known = known("2", "t".repeat(40));
        assertRefused(FaultName.InvalidSignatureException, request);
        known = Optional.empty();
        assertRefused(FaultName.UnrecognizedClientException, request);
        assertThat(signatures.isQuick(request)).as("its key is forgotten").isFalse();
    }

    @Test
    void nothingThatIsSignedCanBeChanged() {
        SignedRequest good = signed(NOW, "us-east-1", "kms");
        List<SignedRequest> bad = new ArrayList<>();
        String hash = good.payloadHash();
        List<Map.Entry<String, String>> none = List.of();
        List<Map.Entry<String, String>> query = List.of(Map.entry("a", "b"));
        bad.add(new SignedRequest("kms", "PUT", "/", none, good.headers(), hash));
        bad.add(new SignedRequest("kms", "POST", "/x", none, good.headers(), hash));
        bad.add(new SignedRequest("kms", "POST", "/", query, good.headers(), hash));
        bad.add(new SignedRequest("kms", "POST", "/", none, good.headers(), "0".repeat(64)));
        for (String name : List.of("host", "x-amz-target", "content-type")) {
            bad.add(with(good, name, value -> value + "x"));
        }
        bad.add(with(good, "x-amz-date", value -> value.replace("05Z", "06Z")));
        bad.add(with(good, "authorization", value -> flipped(value)));
        bad.add(with(good, "authorization", value -> value.substring(0, value.length() - 1)));
        for (SignedRequest request : bad) {
            assertRefused(FaultName.InvalidSignatureException, request);
        }
        signatures.signer(good, "us-east-1", NOW);
    }

    private static String flipped(String value) {
        char last = value.charAt(value.length() - 1);
        return value.substring(0, value.length() - 1) + (last == '0' ? '1' : '0');
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -299, 0, 299, 300})
    void aClockMayBeWrongByFiveMinutes(long seconds) {
        signatures.signer(signed(NOW.plusSeconds(seconds), "us-east-1", "kms"), "us-east-1", NOW);
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301, -86400, 86400})
    void andByNoMore(long seconds) {
        SignedRequest request = signed(NOW.plusSeconds(seconds), "us-east-1", "kms");
        KmsFault fault = assertRefused(FaultName.InvalidSignatureException, request);
        assertThat(fault.text())
                .startsWith(
                        seconds < 0 ? "Signature expired: 2026112" : "Signature not yet current: ");
    }

    @Test
    void itsScopeIsTheServiceAndTheRegion() {
        assertRefused(FaultName.InvalidSignatureException, signed(NOW, "us-east-1", "sts"));
        assertRefused(FaultName.InvalidSignatureException, signed(NOW, "eu-west-1", "kms"));
    }

    @Test
    void withoutOneNobodyComesIn() {
        SignedRequest good = signed(NOW, "us-east-1", "kms");
        List<Map.Entry<String, String>> none =
                good.headers().stream()
                        .filter(header -> !header.getKey().equals("authorization"))
                        .toList();
        assertRefused(
                FaultName.MissingAuthenticationTokenException,
                new SignedRequest("kms", "POST", "/", List.of(), none, good.payloadHash()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer x",
                "AWS4-HMAC-SHA256",
                "AWS4-HMAC-SHA256 ",
                "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request",
                "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host;x-amz-date",
                "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host;x-amz-date, Signature=0",
                "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0",
                "AWS4-HMAC-SHA256 Credential=a/20261127/us-east-1/kms/aws4_request,"
                        + " SignedHeaders=x-amz-date, Signature=0",
                "AWS4-HMAC-SHA256 Credential=a/20261127/us-east-1/kms/aws4_request,"
                        + " SignedHeaders=host;x-amz-date;x-other, Signature=0",
                "AWS4-HMAC-SHA256 Credential=a/20261126/us-east-1/kms/aws4_request,"
                        + " SignedHeaders=host;x-amz-date, Signature=0",
                "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, Credential=a/b/c/d/aws4_request,"
                        + " SignedHeaders=host;x-amz-date, Signature=0"
            })
    void whatIsNoSignatureIsIncomplete(String header) {
        SignedRequest good = signed(NOW, "us-east-1", "kms");
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class,
                        () ->
                                signatures.signer(
                                        with(good, "authorization", v -> header),
                                        region(header),
                                        NOW));
        assertThat(fault.name())
                .as(fault.text())
                .isIn(FaultName.IncompleteSignatureException, FaultName.InvalidSignatureException);
    }

    private static String region(String header) {
        return header.contains("us-east-1") ? "us-east-1" : "c";
    }

    private KmsFault assertRefused(FaultName name, SignedRequest request) {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class, () -> signatures.signer(request, "us-east-1", NOW));
        assertThat(fault).as(request.toString()).isNotNull();
        assertThat(fault.name()).as(fault.text()).isEqualTo(name);
        return fault;
    }

    private static SignedRequest with(
            SignedRequest request, String name, UnaryOperator<String> change) {
        List<Map.Entry<String, String>> headers =
                request.headers().stream()
                        .map(
                                header ->
                                        header.getKey().equals(name)
                                                ? Map.entry(name, change.apply(header.getValue()))
                                                : header)
                        .toList();
        assertThat(headers).isNotEqualTo(request.headers());
        return new SignedRequest(
                "kms", "POST", "/", request.query(), headers, request.payloadHash());
    }

    private static SignedRequest signed(Instant time, String region, String service) {
        return SdkSigner.signed(
                SdkSigner.LONG_TERM, time, r -> r.putProperty(REGION_NAME, region), service);
    }
}
