package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner.SERVICE_SIGNING_NAME;

import io.keyhold.key.Sha256;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Requests that the AWS SDK has signed. */
final class SdkSigner {

    static final String ID = "AKIA2222222222222222";
    static final String SECRET = "s".repeat(40);
    static final AwsCredentialsIdentity LONG_TERM = AwsCredentialsIdentity.create(ID, SECRET);

    private static final String BODY = "{\"KeyId\": \"x\"}";

    private SdkSigner() {}

    static AwsCredentialsIdentity temporary(String token) {
        return AwsSessionCredentialsIdentity.create(ID, SECRET, token);
    }

    /**
     * One for KMS.
     *
     * @param properties of the signer
     * @param service for which it is signed
     */
    static SignedRequest signed(
            AwsCredentialsIdentity who,
            Instant time,
            Consumer<SignRequest.Builder<AwsCredentialsIdentity>> properties,
            String service) {
        SdkHttpRequest request =
                SdkHttpFullRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(URI.create("http://127.0.0.1:7480/"))
                        .putRawQueryParameter("a-b", "2")
                        .putRawQueryParameter("a", "1 +/~\u00e9")
                        .putHeader("X-Amz-Target", "TrentService.DescribeKey")
                        .putHeader("Content-Type", "application/x-amz-json-1.1")
                        .putHeader("X-Spaces", "  a   b  ")
                        .build();
        SdkHttpRequest signed =
                AwsV4HttpSigner.create()
                        .sign(
                                r -> {
                                    r.identity(who)
                                            .request(request)
                                            .payload(
                                                    () ->
                                                            new ByteArrayInputStream(
                                                                    BODY.getBytes(UTF_8)))
                                            .putProperty(SERVICE_SIGNING_NAME, service)
                                            .putProperty(
                                                    HttpSigner.SIGNING_CLOCK,
                                                    Clock.fixed(time, ZoneOffset.UTC));
                                    properties.accept(r);
                                })
                        .request();
        return new SignedRequest(
                "kms",
                "POST",
                "/",
                entries(signed.rawQueryParameters(), name -> name),
                entries(signed.headers(), name -> name.toLowerCase(Locale.ROOT)),
                Sha256.hex(BODY.getBytes(UTF_8)));
    }

    private static List<Map.Entry<String, String>> entries(
            Map<String, List<String>> all, UnaryOperator<String> naming) {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        all.forEach(
                (name, values) ->
                        values.forEach(value -> entries.add(Map.entry(naming.apply(name), value))));
        return entries;
    }
}
