package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.key.Bytes16;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sun.security.pkcs11.wrapper.CK_ATTRIBUTE;
import sun.security.pkcs11.wrapper.CK_MECHANISM;
import sun.security.pkcs11.wrapper.PKCS11;
import sun.security.pkcs11.wrapper.PKCS11Constants;
import sun.security.pkcs11.wrapper.PKCS11Exception;

/** R27: the value of an object in the token never comes out, whoever asks. */
class SealedInsideTest {

    private @TempDir Path folder;
    private SoftHsm hsm;
    private OpenToken token;
    private TokenProbe probe;
    private TestKey key;

    @BeforeEach
    void open() {
        hsm = SoftHsm.in(folder);
        token = OpenToken.open(hsm.settings());
        key = TestKey.make(token.store());
        probe = token.probe();
    }

    @AfterEach
    void close() {
        probe.close();
        token.close();
    }

    /** Another program sees the same in the token's files. */
    @Test
    @DisplayName("Key material | in the token | sensitive, never extractable")
    void anotherProgramSeesTheSame() {
        String listed = hsm.toolAsUser("-O", "--type", "secrkey");

        assertThat(listed)
                .contains("AES length 32")
                .contains(key.label())
                .contains(HexFormat.of().formatHex(Bytes16.of(key.backing().ckaId())))
                .containsPattern("Usage: +encrypt, decrypt\\n")
                .containsPattern(
                        "Access: +sensitive, always sensitive, never extractable, local\\n");
        assertThat(hsm.tool("-O")).as("without login").doesNotContain("keyhold/");
    }

    @Test
    @DisplayName("Key material | view | refused by the token")
    void itsValueCannotBeRead() {
        assertRefusedBy(
                () ->
                        probe.attributes(
                                key.backing().ckaId(),
                                Pkcs11.CKO_SECRET_KEY,
                                PKCS11Constants.CKA_VALUE),
                Ckr.CKR_ATTRIBUTE_SENSITIVE.code());
    }

    @Test
    void itCannotBeMadeExtractable() throws Exception {
        for (CK_ATTRIBUTE change :
                new CK_ATTRIBUTE[] {
                    new CK_ATTRIBUTE(PKCS11Constants.CKA_EXTRACTABLE, true),
                    new CK_ATTRIBUTE(PKCS11Constants.CKA_SENSITIVE, false),
                    new CK_ATTRIBUTE(PKCS11Constants.CKA_WRAP, true),
                    new CK_ATTRIBUTE(Pkcs11.CKA_MODIFIABLE, true),
                    new CK_ATTRIBUTE(
                            PKCS11Constants.CKA_LABEL, "mine".getBytes(StandardCharsets.US_ASCII))
                }) {
            assertThatThrownBy(
                            () ->
                                    library()
                                            .C_SetAttributeValue(
                                                    probe.session(),
                                                    object(),
                                                    new CK_ATTRIBUTE[] {change}))
                    .as("%s", change)
                    .isInstanceOf(PKCS11Exception.class);
        }
    }

    @Test
    void itCannotBeCopied() {
        assertThatThrownBy(
                        () ->
                                library()
                                        .C_CopyObject(
                                                probe.session(),
                                                object(),
                                                new CK_ATTRIBUTE[] {
                                                    new CK_ATTRIBUTE(
                                                            PKCS11Constants.CKA_EXTRACTABLE, true),
                                                    new CK_ATTRIBUTE(
                                                            PKCS11Constants.CKA_TOKEN, false)
                                                }))
                .isInstanceOf(PKCS11Exception.class);
    }

    @Test
    @DisplayName("Key material | export | refused by the token")
    void itCannotBeWrapped() throws Exception {
        long wrapping = library().C_GenerateKey(probe.session(), plainAes(), wrappingTemplate());

        assertThatThrownBy(
                        () ->
                                library()
                                        .C_WrapKey(
                                                probe.session(),
                                                new CK_MECHANISM(0x2109), // CKM_AES_KEY_WRAP
                                                wrapping,
                                                object()))
                .isInstanceOf(PKCS11Exception.class)
                .extracting(e -> ((PKCS11Exception) e).getErrorCode())
                .isEqualTo(Ckr.CKR_KEY_UNEXTRACTABLE.code());
    }

    /** Its GHASH key would be AES-ECB(0): no mechanism but GCM may use it. */
    @Test
    void itEncryptsInNoOtherMode() {
        for (long mechanism :
                new long[] {
                    PKCS11Constants.CKM_AES_ECB,
                    PKCS11Constants.CKM_AES_CBC,
                    PKCS11Constants.CKM_AES_CBC_PAD,
                    PKCS11Constants.CKM_AES_CTR
                }) {
            assertThatThrownBy(
                            () ->
                                    library()
                                            .C_EncryptInit(
                                                    probe.session(),
                                                    new CK_MECHANISM(mechanism, new byte[16]),
                                                    object()))
                    .as("mechanism 0x%x", mechanism)
                    .isInstanceOf(PKCS11Exception.class);
        }
    }

    private long object() {
        return probe.objects(key.backing().ckaId()).getFirst();
    }

    private PKCS11 library() throws Exception {
        return PKCS11.getInstance(SoftHsm.library().toString(), "C_GetFunctionList", null, true);
    }

    private static CK_MECHANISM plainAes() {
        return new CK_MECHANISM(Pkcs11.CKM_AES_KEY_GEN);
    }

    private static CK_ATTRIBUTE[] wrappingTemplate() {
        return new CK_ATTRIBUTE[] {
            new CK_ATTRIBUTE(PKCS11Constants.CKA_CLASS, Pkcs11.CKO_SECRET_KEY),
            new CK_ATTRIBUTE(PKCS11Constants.CKA_KEY_TYPE, Pkcs11.CKK_AES),
            new CK_ATTRIBUTE(PKCS11Constants.CKA_VALUE_LEN, 32),
            new CK_ATTRIBUTE(PKCS11Constants.CKA_TOKEN, false),
            new CK_ATTRIBUTE(PKCS11Constants.CKA_WRAP, true)
        };
    }

    private static void assertRefusedBy(ThrowingCallable call, long code) {
        assertThatThrownBy(call)
                .isInstanceOf(CkrException.class)
                .extracting(e -> ((CkrException) e).code())
                .isEqualTo(code);
    }
}
