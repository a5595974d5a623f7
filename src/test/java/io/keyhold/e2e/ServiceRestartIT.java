package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GetForwardAccessTokenRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service's keys stay its own, whatever becomes of its section in the configuration. */
final class ServiceRestartIT {

    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String OWNER = "arn:aws:iam::888888888888:root";
    private static final String NOT_DECLARED = "# no service\n";
    private static final String SECTION =
            """
            [[service]]
            principal = "s3.amazonaws.com"
            account = "888888888888"
            keys = ["customer-managed", "service-managed", "service-owned"]
            may_assert_accounts = ["123456789012"]
            """;
    private static final String OPEN_TO_A_CUSTOMER =
            """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*",
             "Resource": "*", "Principal": {"AWS": ["888888888888", "123456789012"]}}}
            """;

    private Home home;

    @BeforeEach
    void prepare() {
        home = Home.prepare();
    }

    @AfterEach
    void remove() {
        home.close();
    }

    @Test
    void theyAreClosedWhileItIsNotDeclaredAndNobodyElses() {
        EncryptResponse data;
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client operator = Listener.UNIX.connect(daemon)) {
            data = encrypted(operator);
            requireClosed(operator, data);
            assertThat(refusal(operator, OWNER, Iam.createUser("bob")).text())
                    .contains("Account 888888888888 is a service's own");
            assertThat(refusal(operator, OWNER, forwardAccess()).text())
                    .contains("gives its keys to no other service");
            daemon.terminate();
        }
        String moved = SECTION.replace("888888888888", "777777777777");
        home.configure(SECTION, moved);
        assertThat(refusal()).contains("s3.amazonaws.com owns keys in 888888888888");

        home.configure(moved, NOT_DECLARED);
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client operator = Listener.UNIX.connect(daemon)) {
            requireClosed(operator, data);
            daemon.terminate();
        }
        home.configure(NOT_DECLARED, SECTION);
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client operator = Listener.UNIX.connect(daemon)) {
            operator.askAs(OWNER, decrypt(data));
            daemon.terminate();
        }
    }

    @Test
    void itsNameStaysWhileItHasKeysOfThatName() {
        String certificate =
                new Certificates(home).issue("s3", "clientAuth", "URI:Service:s3.amazonaws.com");
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client service = new Client(Tls.channel(daemon, Tls.as(home, certificate)))) {
            service.callWith(
                    Principals.metadata("keyhold-on-behalf-of", ROOT),
                    Request.of(DescribeKeyRequest.newBuilder().setKeyId("alias/aws/s3")));
            daemon.terminate();
        }
        home.configure(SECTION, SECTION + "name = \"objects\"\n");
        assertThat(refusal())
                .contains(
                        "service.name of s3.amazonaws.com is objects, but s3.amazonaws.com has keys"
                                + " of the name s3; right would be s3");
    }

    private String refusal() {
        return Keyhold.refusal(home, "--grpc-port", "0", "--aws-port", "0");
    }

    private static GetForwardAccessTokenRequest.Builder forwardAccess() {
        return GetForwardAccessTokenRequest.newBuilder().setServicePrincipal("s3.amazonaws.com");
    }

    private static EncryptResponse encrypted(Client operator) {
        CreateKeyResponse made =
                operator.askAs(OWNER, CreateKeyRequest.newBuilder().setPolicy(OPEN_TO_A_CUSTOMER));
        return operator.askAs(
                OWNER,
                EncryptRequest.newBuilder()
                        .setKeyId(made.getKeyMetadata().getArn())
                        .setPlaintext(ByteString.copyFromUtf8("data")));
    }

    private static void requireClosed(Client operator, EncryptResponse data) {
        for (Message.Builder request :
                new Message.Builder[] {
                    DescribeKeyRequest.newBuilder().setKeyId(data.getKeyId()), decrypt(data)
                }) {
            assertThat(refusal(operator, ROOT, request).name()).isEqualTo("AccessDeniedException");
        }
    }

    private static DecryptRequest.Builder decrypt(EncryptResponse data) {
        return DecryptRequest.newBuilder().setCiphertextBlob(data.getCiphertextBlob());
    }

    private static Refusal refusal(Client operator, String principal, Message.Builder request) {
        return Refusal.of(() -> operator.askAs(principal, request));
    }
}
