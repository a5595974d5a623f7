package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.kms.KmsClient;

/** The file that a shell reads to use AWS's clients. */
final class AwsEnvironmentIT {

    private static final String USER = "keyhold-administrator";

    private final Home home = Home.prepare();
    private final Path file = home.path("aws.env");

    @AfterEach
    void removeHome() {
        home.close();
    }

    @Test
    void itsAccessKeyStaysAndItsEndpointIsTheRealOne() throws IOException {
        String id;
        try (Daemon daemon = start()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(variables())
                    .containsEntry("AWS_ENDPOINT_URL", daemon.awsEndpoint().toString())
                    .containsEntry("AWS_DEFAULT_REGION", "us-east-1");
            id = variables().get("AWS_ACCESS_KEY_ID");
            try (KmsClient kms = user().client()) {
                assertThat(kms.createKey().keyMetadata().keyId()).isNotEmpty();
            }
            assertThat(daemon.terminate()).isEqualTo(Daemon.TERMINATED);
        }
        try (Daemon daemon = start();
                IamClient iam = iam()) {
            assertThat(variables())
                    .containsEntry("AWS_ACCESS_KEY_ID", id)
                    .containsEntry("AWS_ENDPOINT_URL", daemon.awsEndpoint().toString());
            iam.updateAccessKey(r -> r.userName(USER).accessKeyId(id).status(StatusType.INACTIVE));
            assertThat(daemon.terminate()).isEqualTo(Daemon.TERMINATED);
        }
        try (Daemon daemon = start();
                IamClient iam = iam()) {
            assertThat(variables().get("AWS_ACCESS_KEY_ID")).isNotEqualTo(id);
            assertThat(iam.listAccessKeys(r -> r.userName(USER)).accessKeyMetadata()).hasSize(1);
            assertThat(daemon.log()).doesNotContain(variables().get("AWS_SECRET_ACCESS_KEY"));
        }
        Files.delete(file);
        Files.createDirectory(file); // nothing can take its place
        Files.createFile(file.resolve("x"));
        try (Daemon daemon = start()) {
            assertThat(daemon.log()).contains("aws.env is not written: ");
            assertThat(daemon.awsEndpoint().getPort()).isPositive();
        }
    }

    private Daemon start() {
        return Daemon.startWith(home, List.of("--aws-env", file.toString()));
    }

    private AwsUser user() {
        Map<String, String> variables = variables();
        return new AwsUser(
                URI.create(variables.get("AWS_ENDPOINT_URL")),
                USER,
                variables.get("AWS_ACCESS_KEY_ID"),
                variables.get("AWS_SECRET_ACCESS_KEY"));
    }

    private IamClient iam() {
        AwsUser user = user();
        return IamClient.builder()
                .endpointOverride(user.endpoint())
                .region(Region.AWS_GLOBAL)
                .credentialsProvider(user.credentials())
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private Map<String, String> variables() {
        return Commands.text(file)
                .lines()
                .map(line -> line.replaceFirst("^export ", "").split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }
}
