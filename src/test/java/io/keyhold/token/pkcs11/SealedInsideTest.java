package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.keyhold.key.Bytes16;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sun.security.pkcs11.wrapper.CK_ATTRIBUTE;
import sun.security.pkcs11.wrapper.CK_MECHANISM;
import sun.security.pkcs11.wrapper.PKCS11;
import sun.security.pkcs11.wrapper.PKCS11Constants;
import sun.security.pkcs11.wrapper.PKCS11Exception;

/** R27: what an object in the token is allowed to do, and that its value never comes out. */
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

    @Test
    void everyAttributeIsAsDesigned() {
        Map<Long, Object> designed =
                Map.ofEntries(
                        entry(Pkcs11.CKA_CLASS, Pkcs11.CKO_SECRET_KEY),
                        entry(Pkcs11.CKA_KEY_TYPE, Pkcs11.CKK_AES),
                        entry(Pkcs11.CKA_VALUE_LEN, 32L),
                        entry(Pkcs11.CKA_TOKEN, true),
                        entry(Pkcs11.CKA_PRIVATE, true),
                        entry(Pkcs11.CKA_SENSITIVE, true),
                        entry(Pkcs11.CKA_ALWAYS_SENSITIVE, true),
                        entry(Pkcs11.CKA_EXTRACTABLE, false),
                        entry(Pkcs11.CKA_NEVER_EXTRACTABLE, true),
                        entry(Pkcs11.CKA_LOCAL, true),
                        entry(Pkcs11.CKA_MODIFIABLE, false),
                        entry(Pkcs11.CKA_COPYABLE, false),
                        entry(Pkcs11.CKA_ENCRYPT, true),
                        entry(Pkcs11.CKA_DECRYPT, true),
                        entry(Pkcs11.CKA_WRAP, false),
                        entry(Pkcs11.CKA_UNWRAP, false),
                        entry(Pkcs11.CKA_SIGN, false),
                        entry(Pkcs11.CKA_VERIFY, false),
                        entry(Pkcs11.CKA_DERIVE, false));
        long[] types = designed.keySet().stream().mapToLong(Long::longValue).toArray();

        Attributes seen = probe.attributes(key.backing().ckaId(), types);

        designed.forEach(
                (type, value) ->
                        assertThat(plain(seen.values().get(type)))
                                .as("attribute 0x%x", type)
                                .isEqualTo(value));
    }

    @Test
    void itsNameIsTheRows() {
        Attributes seen =
                probe.attributes(
                        key.backing().ckaId(),
                        Pkcs11.CKA_ID,
                        Pkcs11.CKA_LABEL,
                        Pkcs11.CKA_ALLOWED_MECHANISMS);

        assertThat(seen.bytes(Pkcs11.CKA_ID)).isEqualTo(Bytes16.of(key.backing().ckaId()));
        assertThat(seen.text(Pkcs11.CKA_LABEL)).isEqualTo("keyhold/" + key.id() + "/1");
        assertThat(
                        ByteBuffer.wrap(seen.bytes(Pkcs11.CKA_ALLOWED_MECHANISMS))
                                .order(ByteOrder.nativeOrder())
                                .asLongBuffer())
                .isEqualTo(LongBuffer.wrap(new long[] {Pkcs11.CKM_AES_GCM}));
    }

    /** Another program sees the same in the token's files. */
    @Test
    void anotherProgramSeesTheSame() {
        String listed = hsm.toolAsUser("-O", "--type", "secrkey");

        assertThat(listed)
                .contains("AES length 32")
                .contains("keyhold/" + key.id() + "/1")
                .contains(HexFormat.of().formatHex(Bytes16.of(key.backing().ckaId())))
                .containsPattern("Usage: +encrypt, decrypt\\n")
                .containsPattern(
                        "Access: +sensitive, always sensitive, never extractable, local\\n");
        assertThat(hsm.tool("-O")).as("without login").doesNotContain("keyhold/");
    }

    @Test
    void itsValueCannotBeRead() {
        assertRefusedBy(
                () -> probe.attributes(key.backing().ckaId(), PKCS11Constants.CKA_VALUE),
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

    private PKCS11 library() throws IOException, PKCS11Exception {
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

    /** The binding gives the bytes of attributes that it does not know. */
    private static Object plain(Object value) {
        return value instanceof byte[] bytes && bytes.length == 1 ? bytes[0] != 0 : value;
    }
}
