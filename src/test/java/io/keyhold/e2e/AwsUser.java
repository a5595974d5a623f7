package io.keyhold.e2e;

import io.keyhold.e2e.Commands.Outcome;
import io.keyhold.v1.AccessKey;
import io.keyhold.v1.CreateAccessKeyRequest;
import io.keyhold.v1.CreateAccessKeyResponse;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** A user of a daemon's account with an access key, as AWS's clients see one. */
record AwsUser(URI endpoint, String name, String accessKeyId, String secretAccessKey) {

    static final Region REGION = Region.US_EAST_1;

    /** Makes one who may do this with everything. */
    static AwsUser create(OneDaemon one, String name, String action) {
        Client operator = one.client();
        Request.of(Iam.createUser(name)).send(operator);
        Request.of(Iam.put(name, Iam.allow(action, "*"))).send(operator);
        CreateAccessKeyRequest request =
                CreateAccessKeyRequest.newBuilder().setUserName(name).build();
        CreateAccessKeyResponse made =
                (CreateAccessKeyResponse) operator.call(Rpc.taking(request), request);
        AccessKey key = made.getAccessKey();
        return new AwsUser(
                one.daemon().awsEndpoint(), name, key.getAccessKeyId(), key.getSecretAccessKey());
    }

    String arn() {
        return "arn:aws:iam::123456789012:user/" + name;
    }

    /** The same user, who has got the secret wrong. */
    AwsUser withSecret(String secret) {
        return new AwsUser(endpoint, name, accessKeyId, secret);
    }

    AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(accessKeyId, secretAccessKey));
    }

    /** AWS's SDK for Java, which is closed by whoever asks for it. */
    KmsClient client(ExecutionInterceptor... interceptors) {
        return KmsClient.builder()
                .overrideConfiguration(
                        o -> List.of(interceptors).forEach(o::addExecutionInterceptor))
                .endpointOverride(endpoint)
                .region(REGION)
                .credentialsProvider(credentials())
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /**
     * Runs a client of another language as this user, with no settings of whoever runs the test.
     */
    Outcome run(Path folder, String... command) {
        Map<String, String> environment = new HashMap<>(alone(folder));
        environment.put("AWS_ACCESS_KEY_ID", accessKeyId);
        environment.put("AWS_SECRET_ACCESS_KEY", secretAccessKey);
        environment.put("AWS_DEFAULT_REGION", REGION.id());
        return Commands.runAlone(folder, environment, command);
    }

    /** The environment of a client that knows no user yet. */
    static Map<String, String> alone(Path folder) {
        return Map.of(
                "PATH", System.getenv("PATH"),
                "HOME", folder.toString(),
                "LANG", "C.UTF-8",
                "AWS_CONFIG_FILE", "/dev/null",
                "AWS_SHARED_CREDENTIALS_FILE", "/dev/null",
                "AWS_EC2_METADATA_DISABLED", "true");
    }
}
