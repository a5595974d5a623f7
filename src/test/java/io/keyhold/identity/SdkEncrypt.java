package io.keyhold.identity;

import io.keyhold.key.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * What the AWS SDK for Java sends to encrypt 1 KiB.
 *
 * @param signed with the access key of {@link SdkSigner}
 */
record SdkEncrypt(SignedRequest signed, byte[] body) {

    static final String REGION = "us-east-1";

    private static final int PLAINTEXT_BYTES = 1024;

    static SdkEncrypt make() {
        Taken taken = new Taken();
        try (KmsClient kms =
                KmsClient.builder()
                        .overrideConfiguration(o -> o.addExecutionInterceptor(taken))
                        .endpointOverride(URI.create("http://127.0.0.1:7480"))
                        .region(Region.of(REGION))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(SdkSigner.ID, SdkSigner.SECRET)))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            kms.encrypt(
                    r ->
                            r.keyId("1234abcd-12ab-34cd-56ef-1234567890ab")
                                    .plaintext(SdkBytes.fromByteArray(new byte[PLAINTEXT_BYTES]))
                                    .encryptionContext(Map.of("purpose", "bench")));
        } catch (SdkClientException e) {
            return of(taken, e);
        }
        throw new IllegalStateException("it was sent");
    }

    private static SdkEncrypt of(Taken taken, SdkClientException why) {
        SdkHttpRequest request = taken.request;
        if (request == null) {
            throw why;
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        request.forEachHeader(
                (name, values) ->
                        values.forEach(
                                value ->
                                        headers.add(
                                                Map.entry(name.toLowerCase(Locale.ROOT), value))));
        SignedRequest signed =
                new SignedRequest("kms", "POST", "/", List.of(), headers, Sha256.hex(taken.body));
        return new SdkEncrypt(signed, taken.body);
    }

    /** Keeps the request, which goes nowhere. */
    private static final class Taken implements ExecutionInterceptor {

        private @Nullable SdkHttpRequest request;
        private byte[] body = {};

        @Override
        public void beforeTransmission(
                Context.BeforeTransmission context, ExecutionAttributes attributes) {
            request = context.httpRequest();
            try (InputStream in =
                    context.requestBody().orElseThrow().contentStreamProvider().newStream()) {
                body = in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            throw SdkClientException.create("it goes nowhere");
        }
    }
}
