package io.keyhold.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bodies that no SDK would write, signed as the SDK signs its own. */
final class SignedHttp implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final URI endpoint;
    private final AwsCredentialsIdentity identity;

    SignedHttp(AwsUser user) {
        this.endpoint = user.endpoint();
        this.identity = AwsCredentialsIdentity.create(user.accessKeyId(), user.secretAccessKey());
    }

    /** An answer. */
    record Answer(String request, int status, Map<String, List<String>> headers, String text) {

        JsonNode body() {
            return JSON.readTree(text);
        }

        String type() {
            return body().path("__type").asString();
        }
    }

    Answer post(String verb, String json) {
        return post(verb, json.getBytes(StandardCharsets.UTF_8));
    }

    Answer post(String verb, byte[] body) {
        return post(verb, body, Map.of());
    }

    /** With one value for each of some headers more. */
    Answer post(String verb, byte[] body, Map<String, String> headers) {
        SdkHttpRequest.Builder request =
                SdkHttpRequest.builder()
                        .uri(endpoint)
                        .method(SdkHttpMethod.POST)
                        .putHeader("X-Amz-Target", "TrentService." + verb)
                        .putHeader("Content-Type", "application/x-amz-json-1.1")
                        .putHeader("Content-Length", String.valueOf(body.length));
        headers.forEach(request::putHeader);
        SignedRequest signed =
                AwsV4HttpSigner.create()
                        .sign(
                                r ->
                                        r.identity(identity)
                                                .request(request.build())
                                                .payload(ContentStreamProvider.fromByteArray(body))
                                                .putProperty(
                                                        AwsV4HttpSigner.SERVICE_SIGNING_NAME, "kms")
                                                .putProperty(
                                                        AwsV4HttpSigner.REGION_NAME,
                                                        AwsUser.REGION.id()));
        return send(new String(body, StandardCharsets.UTF_8), signed);
    }

    private Answer send(String json, SignedRequest signed) {
        HttpExecuteRequest.Builder sent = HttpExecuteRequest.builder().request(signed.request());
        signed.payload().ifPresent(sent::contentStreamProvider);
        try {
            HttpExecuteResponse answer = http.prepareRequest(sent.build()).call();
            byte[] text = answer.responseBody().orElseThrow().readAllBytes();
            return new Answer(
                    json,
                    answer.httpResponse().statusCode(),
                    answer.httpResponse().headers(),
                    new String(text, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
