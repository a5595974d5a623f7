package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.keyhold.v1.AliasListEntry;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;
import io.keyhold.v1.KeyListEntry;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListAliasesResponse;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListKeysResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * R1, R2: the process kills itself while a service gets its key in an account. The next call for
 * the account finds or makes it; there is never a second one.
 */
final class ServiceManagedKeyCrashIT {

    private static final String ALIAS = "alias/aws/s3";
    private static final EncryptRequest ENCRYPT =
            EncryptRequest.newBuilder()
                    .setKeyId(ALIAS)
                    .setPlaintext(ByteString.copyFromUtf8("data"))
                    .build();

    private static Home home;
    private static String certificate;

    @BeforeAll
    static void prepare() {
        home = Home.prepare();
        home.configure(
                "may_assert_accounts = [\"123456789012\"]",
                "may_assert_accounts = [\"111111111111\", \"222222222222\", \"333333333333\"]");
        certificate =
                new Certificates(home).issue("s3", "clientAuth", "URI:Service:s3.amazonaws.com");
    }

    @AfterAll
    static void remove() {
        home.close();
    }

    @ParameterizedTest
    @CsvSource({
        "MATERIAL_BEGUN, 111111111111",
        "MATERIAL_GENERATED, 222222222222",
        "MATERIAL_ACTIVATED, 333333333333"
    })
    void thereIsOne(String point, String account) {
        String root = "arn:aws:iam::" + account + ":root";
        Daemon.crash(
                home, point, ServiceManagedKeyCrashIT::service, service -> encrypt(service, root));

        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client service = service(daemon);
                Client operator = Listener.UNIX.connect(daemon)) {
            Consistency.awaitIn(home);
            EncryptResponse first = encrypt(service, root);
            EncryptResponse second = encrypt(service, root);

            assertThat(second.getKeyId()).isEqualTo(first.getKeyId());
            ListKeysResponse keys = operator.askAs(root, ListKeysRequest.newBuilder());
            assertThat(keys.getKeysList())
                    .extracting(KeyListEntry::getKeyArn)
                    .containsExactly(first.getKeyId());
            ListAliasesResponse aliases = operator.askAs(root, ListAliasesRequest.newBuilder());
            assertThat(aliases.getAliasesList())
                    .extracting(AliasListEntry::getAliasName)
                    .containsExactly(ALIAS);
            GetKeyRotationStatusResponse rotation =
                    operator.askAs(
                            root,
                            GetKeyRotationStatusRequest.newBuilder().setKeyId(first.getKeyId()));
            assertThat(rotation.getRotationPeriodInDays()).isEqualTo(365);
            Consistency.assertIn(home);
        }
    }

    private static Client service(Daemon daemon) {
        return new Client(Tls.channel(daemon, Tls.as(home, certificate)));
    }

    private static EncryptResponse encrypt(Client service, String root) {
        return service.callWith(
                Principals.metadata("keyhold-on-behalf-of", root), Rpc.ENCRYPT, ENCRYPT);
    }
}
