package io.keyhold.token.pkcs11;

import static io.keyhold.token.pkcs11.Faults.faultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Bytes16;
import io.keyhold.key.FaultName;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A token may make a key otherwise than it was asked to: such a key is never taken into use. */
class ReadBackTest {

    private @TempDir Path folder;
    private OpenToken token;

    @BeforeEach
    void open() {
        token = OpenToken.open(SoftHsm.in(folder).settings());
    }

    @AfterEach
    void close() {
        token.close();
    }

    static Stream<Arguments> otherAttributes() {
        return Stream.of(
                Arguments.of("EXTRACTABLE", Pkcs11.CKA_EXTRACTABLE, true),
                Arguments.of("SENSITIVE", Pkcs11.CKA_SENSITIVE, false),
                Arguments.of("PRIVATE", Pkcs11.CKA_PRIVATE, false),
                Arguments.of("MODIFIABLE", Pkcs11.CKA_MODIFIABLE, true),
                Arguments.of("COPYABLE", Pkcs11.CKA_COPYABLE, true),
                Arguments.of("WRAP", Pkcs11.CKA_WRAP, true),
                Arguments.of("DERIVE", Pkcs11.CKA_DERIVE, true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherAttributes")
    void aKeyWithAnotherAttributeIsDestroyed(String name, long type, boolean value) {
        TestKey draft = TestKey.draft(token.store());
        token.cryptoki().alterTemplates(asked -> copy(asked).with(type, value));

        assertRefusedAndDestroyed(draft);
    }

    @Test
    void aShorterKeyIsDestroyed() {
        TestKey draft = TestKey.draft(token.store());
        token.cryptoki().alterTemplates(asked -> copy(asked).with(Pkcs11.CKA_VALUE_LEN, 16));

        assertRefusedAndDestroyed(draft);
    }

    @Test
    void aKeyForMoreMechanismsIsDestroyed() {
        TestKey draft = TestKey.draft(token.store());
        token.cryptoki()
                .alterTemplates(
                        asked ->
                                copy(asked)
                                        .withAll(
                                                Pkcs11.CKA_ALLOWED_MECHANISMS,
                                                Pkcs11.CKM_AES_GCM,
                                                0x1081)); // CKM_AES_ECB

        assertRefusedAndDestroyed(draft);
    }

    /** Reconciling an old copy of the database must not cost a newer one its keys. */
    @Test
    void anObjectThatWasThereBeforeIsRefusedButNeverDestroyed() {
        TestKey draft = TestKey.draft(token.store());
        try (TokenProbe probe = token.probe()) {
            make(probe, draft, "somebody else's");

            faultOf(() -> token.store().find(draft.material()));

            assertThat(probe.objects(draft.backing().ckaId())).hasSize(1);
        }
    }

    @Test
    void twoObjectsWithOneIdAreRefusedButNeverDestroyed() {
        TestKey key = TestKey.make(token.store());
        try (TokenProbe probe = token.probe()) {
            make(probe, key, key.label());

            assertThat(faultOf(() -> token.store().find(key.material())).name())
                    .isEqualTo(FaultName.KMSInternalException);

            assertThat(probe.objects(key.backing().ckaId())).hasSize(2);
        }
        key.roundTrip(token.store(), new byte[4]);
    }

    private void assertRefusedAndDestroyed(TestKey draft) {
        assertThat(faultOf(() -> token.store().generate(draft.material())).name())
                .isEqualTo(FaultName.KMSInternalException);
        try (TokenProbe probe = token.probe()) {
            assertThat(probe.objects()).isEmpty();
        }

        token.cryptoki().alterTemplates(asked -> asked);
        TestKey.make(token.store()).roundTrip(token.store(), new byte[1]);
        assertThat(token.epochs()).isEqualTo(1);
    }

    private void make(TokenProbe probe, TestKey key, String label) {
        token.cryptoki()
                .generateKey(
                        probe.session(),
                        new Mechanism.Plain(Pkcs11.CKM_AES_KEY_GEN),
                        new Attributes()
                                .with(Pkcs11.CKA_CLASS, Pkcs11.CKO_SECRET_KEY)
                                .with(Pkcs11.CKA_KEY_TYPE, Pkcs11.CKK_AES)
                                .with(Pkcs11.CKA_VALUE_LEN, 32)
                                .with(Pkcs11.CKA_TOKEN, true)
                                .with(Pkcs11.CKA_ID, Bytes16.of(key.backing().ckaId()))
                                .with(Pkcs11.CKA_LABEL, label));
    }

    private static Attributes copy(Attributes from) {
        Attributes copy = new Attributes();
        copy.values().putAll(from.values());
        return copy;
    }
}
