package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import tools.jackson.databind.JsonNode;

/** Where signatures are not checked: for whoever tries things, and never for keys that matter. */
final class EmulatorIT {

    private static final String NORMAL = "listen = \"127.0.0.1:7480\"";
    private static final String INSECURE =
            NORMAL + "\nauth = \"insecure-any\"\ninsecure_account = \"111122223333\"";
    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("nothing that matters");

    private final Home home = Home.prepare();

    @AfterEach
    void removeHome() {
        home.close();
    }

    @Test
    void everybodyIsRootAndTheDatabaseIsForNothingElse() throws IOException {
        home.configure(NORMAL, INSECURE);
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START)) {
            AwsUser anybody = new AwsUser(daemon.awsEndpoint(), "x", "test", "test");
            try (KmsClient kms = anybody.client()) {
                String key = kms.createKey().keyMetadata().arn();
                assertThat(key).contains(":111122223333:");
                SdkBytes blob =
                        kms.encrypt(r -> r.keyId(key).plaintext(PLAINTEXT)).ciphertextBlob();
                assertThat(kms.decrypt(r -> r.ciphertextBlob(blob)).plaintext())
                        .isEqualTo(PLAINTEXT);
            }
            assertSaysSo(daemon);
            JsonNode event = home.journal().successes("CreateKey").getLast();
            assertThat(event.at("/additionalEventData/signatureChecked").asBoolean(true)).isFalse();
            assertKeepsBrowsersOut(daemon);
            assertThat(daemon.terminate()).isEqualTo(Daemon.TERMINATED);
        }
        home.configure(INSECURE, NORMAL);
        assertThat(Keyhold.refusal(home)).contains("its keys are for an emulator for ever");
    }

    @Test
    void aDatabaseOfRealKeysIsNotForEverybody() {
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START)) {
            assertThat(daemon.terminate()).isEqualTo(Daemon.TERMINATED);
        }
        home.configure(NORMAL, INSECURE);
        assertThat(Keyhold.refusal(home)).contains("an emulator has a database of its own");
    }

    private static void assertSaysSo(Daemon daemon) {
        assertThat(daemon.log()).contains("EMULATOR: signatures are not checked");
        try (Client client = Listener.UNIX.connect(daemon)) {
            HealthCheckRequest asked =
                    HealthCheckRequest.newBuilder().setService("keyhold.emulator").build();
            assertThat(client.call(HealthGrpc.getCheckMethod(), asked).getStatus())
                    .isEqualTo(ServingStatus.SERVING);
        }
    }

    private static void assertKeepsBrowsersOut(Daemon daemon) throws IOException {
        int port = daemon.awsEndpoint().getPort();
        String good =
                """
                POST / HTTP/1.1\r
                Host: localhost:%d\r
                X-Amz-Target: TrentService.ListKeys\r
                Authorization: AWS4-HMAC-SHA256 Credential=a/20261127/us-east-1/kms/aws4_request,\
                 SignedHeaders=host, Signature=0\r
                Content-Length: 2\r
                Connection: close\r
                \r
                {}"""
                        .formatted(port);
        assertThat(RawHttp.exchange(daemon, good)).startsWith("HTTP/1.1 200 ").contains("\"Keys\"");
        for (String bad :
                new String[] {
                    good.replace("localhost:" + port, "evil.example"),
                    good.replace("localhost:" + port, "localhost.evil.example"),
                    good.replace("Host: ", "Host: evil.example\r\nHost: "),
                    good.replace("Host: localhost:" + port + "\r\n", ""),
                    good.replace("Host: ", "Origin: http://localhost\r\nHost: "),
                    good.replace("Host: ", "Sec-Fetch-Site: same-origin\r\nHost: "),
                    good.replace("Host: ", "Referer: http://localhost/\r\nHost: "),
                    good.replace("Host: ", "Cookie: a=b\r\nHost: "),
                    good.replace("POST / ", "GET /?Action=ListUsers&Version=2010-05-08 ")
                            .replace("X-Amz-Target", "X-Other")
                }) {
            assertThat(bad).isNotEqualTo(good);
            assertThat(RawHttp.exchange(daemon, bad))
                    .as(bad)
                    .startsWith("HTTP/1.1 40")
                    .contains("AccessDenied");
        }
    }
}
