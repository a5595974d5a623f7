package io.keyhold.e2e;

import io.keyhold.v1.AccessKey;
import io.keyhold.v1.CreateAccessKeyRequest;
import io.keyhold.v1.CreateAccessKeyResponse;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.PutUserPolicyRequest;
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

    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final JsonMapper JSON = new JsonMapper();

    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final URI endpoint;
    private final AwsCredentialsIdentity identity;

    SignedHttp(URI endpoint, AccessKey key) {
        this.endpoint = endpoint;
        this.identity =
                AwsCredentialsIdentity.create(key.getAccessKeyId(), key.getSecretAccessKey());
    }

    /** As a new user who may do everything with keys. */
    static SignedHttp asNewUser(String name, OneDaemon one, Principals principals) {
        principals.send(ROOT, CreateUserRequest.newBuilder().setUserName(name));
        principals.send(
                ROOT,
                PutUserPolicyRequest.newBuilder()
                        .setUserName(name)
                        .setPolicyName("all")
                        .setPolicyDocument(
                                """
                                {"Version": "2012-10-17", "Statement":
                                 {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}
                                """));
        CreateAccessKeyResponse made =
                principals.ask(ROOT, CreateAccessKeyRequest.newBuilder().setUserName(name));
        return new SignedHttp(one.daemon().awsEndpoint(), made.getAccessKey());
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
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .uri(endpoint)
                        .method(SdkHttpMethod.POST)
                        .putHeader("X-Amz-Target", "TrentService." + verb)
                        .putHeader("Content-Type", "application/x-amz-json-1.1")
                        .putHeader("Content-Length", String.valueOf(body.length))
                        .build();
        SignedRequest signed =
                AwsV4HttpSigner.create()
                        .sign(
                                r ->
                                        r.identity(identity)
                                                .request(request)
                                                .payload(ContentStreamProvider.fromByteArray(body))
                                                .putProperty(
                                                        AwsV4HttpSigner.SERVICE_SIGNING_NAME, "kms")
                                                .putProperty(
                                                        AwsV4HttpSigner.REGION_NAME, "us-east-1"));
        return send(json, signed);
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
