package io.keyhold.operation.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.access.Access;
import io.keyhold.access.Need;
import io.keyhold.access.Resolved;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Services;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.Grants;
import io.keyhold.store.MemoryDirectory;
import io.keyhold.testkit.NoServices;
import io.keyhold.testkit.OperatorSocket;
import io.keyhold.testkit.SealHouse;
import io.keyhold.token.pkcs11.SoftHsm;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No caller comes to the daemon's own key: not the operator, and not with what it sealed. */
class SealKeyReachTest {

    private static final FaultName NOT_FOUND = FaultName.NotFoundException;

    private @TempDir Path folder;
    private SealHouse house;
    private Access access;
    private byte[] sealed;
    private KeyRecord key;

    @BeforeEach
    void seal() {
        house = new SealHouse(SoftHsm.in(folder).settings(), folder.resolve("keyhold.db"));
        sealed = house.seal().seal("session", new byte[1]);
        key = house.sealKey();
        access =
                new Access(
                        house.keyring(),
                        new Aliases(),
                        new Grants(),
                        new Directory(new MemoryDirectory()),
                        NoServices.EXPECTED,
                        Services.NONE,
                        "aws");
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void itIsNotListed() {
        assertThat(house.keyring().list(SealHouse.REGION, SealHouse.ACCOUNT, "", 10)).isEmpty();
    }

    @Test
    void itIsNotFoundByItsIdOrArn() {
        String id = key.id().toString();
        String arn = key.arn().toString();

        assertThat(refusal(SealHouse.REGION, new Need.KeyOrAlias(id))).isEqualTo(NOT_FOUND);
        assertThat(refusal(SealHouse.REGION, new Need.KeyOrAlias(arn))).isEqualTo(NOT_FOUND);
        assertThat(refusal(SealHouse.REGION, new Need.Key(arn))).isEqualTo(NOT_FOUND);
        assertThat(refusal(SealHouse.REGION, new Need.KeyOrAlias(arn.replace("::", ":us-east-1:"))))
                .isEqualTo(FaultName.AccessDeniedException);
    }

    @Test
    void whatItSealedIsAnUnknownCiphertext() {
        assertThat(refusal(SealHouse.REGION, ciphertext()))
                .isEqualTo(FaultName.AccessDeniedException);
    }

    /** Even if a call came that is for no region. */
    @Test
    void itsPolicyDeniesEverythingToEverybody() {
        for (Need.Target target :
                List.of(
                        new Need.KeyOrAlias(key.arn().toString()),
                        new Need.Key(key.arn().toString()),
                        ciphertext())) {
            assertThat(refusal("", target)).isEqualTo(FaultName.AccessDeniedException);
        }
    }

    private Need.CiphertextKey ciphertext() {
        return new Need.CiphertextKey(ByteBuffer.wrap(sealed), "");
    }

    /** What the operator hears. */
    private FaultName refusal(String region, Need.Target target) {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class,
                        () -> {
                            Resolved<String> found =
                                    access.resolve(
                                            operator(region),
                                            List.of(new Need("kms:Decrypt", target)),
                                            List.of());
                            access.authorize(found);
                        });
        assertThat(fault).as("a refusal").isNotNull();
        return fault.name();
    }

    private static Authenticated<String> operator(String region) {
        return OperatorSocket.request(Arn.root("aws", SealHouse.ACCOUNT), region);
    }
}
