package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner.AUTH_LOCATION;
import static software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner.EXPIRATION_DURATION;
import static software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner.REGION_NAME;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.testkit.NoSessions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests that the AWS SDK has signed for later, in their query. */
class PresignedTest {

    private static final Instant NOW = Instant.parse("2026-11-27T03:04:05Z");
    private static final Arn OWNER = Arn.parse("arn:aws:iam::123456789012:user/a").orElseThrow();

    private final Signatures signatures =
            new Signatures(
                    id ->
                            Optional.of(
                                    new SigningCredential(
                                            new Caller(OWNER, Authentication.SIGNATURE),
                                            "1",
                                            () -> SdkSigner.SECRET.getBytes(UTF_8))),
                    NoSessions.EXPECTED,
                    "us-east-1");

    @ParameterizedTest
    @CsvSource({"60, 0", "60, 60", "60, -300", "3600, 900", "604800, 900"})
    void isGoodForAsLongAsItSaysAndAQuarterOfAnHour(long seconds, long later) {
        SignedRequest request = presigned(Duration.ofSeconds(seconds));

        Caller caller = signatures.signer(request, "us-east-1", NOW.plusSeconds(later));

        assertThat(caller.arn()).contains(OWNER);
        assertThat(request.region()).contains("us-east-1");
    }

    @ParameterizedTest
    @CsvSource({"60, 61", "60, -301", "3600, 901", "604800, 901"})
    void andNoLonger(long seconds, long later) {
        SignedRequest request = presigned(Duration.ofSeconds(seconds));

        assertRefused(FaultName.InvalidSignatureException, request, NOW.plusSeconds(later));
    }

    @Test
    void nothingThatIsSignedCanBeChanged() {
        SignedRequest good = presigned(Duration.ofSeconds(60));
        for (String name : List.of("a", "a-b", "X-Amz-Signature")) {
            assertRefused(FaultName.InvalidSignatureException, with(good, name, v -> v + "0"), NOW);
        }
        assertRefused(
                FaultName.InvalidSignatureException, with(good, "X-Amz-Expires", v -> "61"), NOW);
        signatures.signer(good, "us-east-1", NOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-SignedHeaders",
                "X-Amz-Signature"
            })
    void eachPartMustBeThereOnce(String name) {
        SignedRequest good = presigned(Duration.ofSeconds(60));
        List<Map.Entry<String, String>> twice = new ArrayList<>(good.query());
        twice.add(Map.entry(name, "x"));

        assertRefused(FaultName.IncompleteSignatureException, with(good, name, v -> ""), NOW);
        assertRefused(FaultName.IncompleteSignatureException, asking(good, twice), NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "604801", "1e3", "x", "99999999999"})
    void itsLifetimeIsANumberOfSeconds(String seconds) {
        SignedRequest request =
                with(presigned(Duration.ofSeconds(60)), "X-Amz-Expires", v -> seconds);

        assertRefused(FaultName.IncompleteSignatureException, request, NOW);
    }

    @Test
    void aHeaderOfAmazonsThatIsNotSignedIsRefused() {
        SignedRequest good = presigned(Duration.ofSeconds(60));
        List<Map.Entry<String, String>> more = new ArrayList<>(good.headers());
        more.add(Map.entry("x-amz-security-token", "x"));

        assertRefused(
                FaultName.IncompleteSignatureException,
                new SignedRequest("kms", "POST", "/", good.query(), more, good.payloadHash()),
                NOW);
    }

    private void assertRefused(FaultName name, SignedRequest request, Instant when) {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class, () -> signatures.signer(request, "us-east-1", when));
        assertThat(fault).as(request.toString()).isNotNull();
        assertThat(fault.name()).as(fault.text()).isEqualTo(name);
    }

    private static SignedRequest with(
            SignedRequest request, String name, UnaryOperator<String> change) {
        List<Map.Entry<String, String>> query =
                request.query().stream()
                        .map(
                                each ->
                                        each.getKey().equals(name)
                                                ? Map.entry(name, change.apply(each.getValue()))
                                                : each)
                        .toList();
        assertThat(query).isNotEqualTo(request.query());
        return asking(request, query);
    }

    private static SignedRequest asking(
            SignedRequest request, List<Map.Entry<String, String>> query) {
        return new SignedRequest(
                "kms", "POST", "/", query, request.headers(), request.payloadHash());
    }

    private static SignedRequest presigned(Duration lifetime) {
        AwsCredentialsIdentity who = SdkSigner.LONG_TERM;
        return SdkSigner.signed(
                who,
                NOW,
                r ->
                        r.putProperty(REGION_NAME, "us-east-1")
                                .putProperty(AUTH_LOCATION, AuthLocation.QUERY_STRING)
                                .putProperty(EXPIRATION_DURATION, lifetime),
                "kms");
    }
}
