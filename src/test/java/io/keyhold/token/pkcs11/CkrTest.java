package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sun.security.pkcs11.wrapper.PKCS11Exception;
import sun.security.pkcs11.wrapper.PKCS11Exception.RV;

class CkrTest {

    private static final long VENDOR_DEFINED = 0x80000000L;

    @ParameterizedTest
    @EnumSource(
            value = RV.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CKR_OK", "CKR_VENDOR_DEFINED"})
    void everyReturnValueThatTheBindingKnowsIsClassified(RV value) {
        Ckr ours = Ckr.valueOf(value.name());

        assertThat(new PKCS11Exception(ours.code(), "").match(value)).isTrue();
        assertThat(Ckr.name(ours.code())).isEqualTo(value.name());
        assertThat(Ckr.classify("C_Decrypt", ours.code())).isNotNull();
    }

    @Test
    void weHaveNoReturnValueThatTheSpecificationHasNot() {
        assertThat(Ckr.values())
                .extracting(Enum::name)
                .isSubsetOf(Arrays.stream(RV.values()).map(Enum::name).toList());
    }

    @Test
    void noTwoNamesHaveOneCode() {
        assertThat(Ckr.values()).extracting(Ckr::code).doesNotHaveDuplicates();
    }

    @Test
    void aVendorsOwnCodeIsShownAsItsNumber() {
        assertThat(Ckr.name(VENDOR_DEFINED + 0x2a)).isEqualTo("CKR 0x8000002a");
    }

    @ParameterizedTest
    @CsvSource({
        "CKR_ENCRYPTED_DATA_INVALID, DATA", // a tampered tag, by the book
        "CKR_ENCRYPTED_DATA_LEN_RANGE, DATA",
        "CKR_AEAD_DECRYPT_FAILED, DATA",
        "CKR_GENERAL_ERROR, AMBIGUOUS", // a tampered tag, and lost files, by SoftHSM 2.6.1
        "CKR_FUNCTION_FAILED, AMBIGUOUS",
        "CKR_KEY_HANDLE_INVALID, HANDLE_STALE",
        "CKR_OBJECT_HANDLE_INVALID, HANDLE_STALE",
        "CKR_SESSION_HANDLE_INVALID, SESSION_LOST",
        "CKR_SESSION_CLOSED, SESSION_LOST",
        "CKR_OPERATION_ACTIVE, SESSION_LOST",
        "CKR_CRYPTOKI_NOT_INITIALIZED, DEVICE_LOST",
        "CKR_DEVICE_ERROR, DEVICE_LOST",
        "CKR_DEVICE_REMOVED, DEVICE_LOST",
        "CKR_TOKEN_NOT_PRESENT, DEVICE_LOST",
        "CKR_USER_NOT_LOGGED_IN, DEVICE_LOST",
        "CKR_HOST_MEMORY, EXHAUSTED",
        "CKR_DEVICE_MEMORY, EXHAUSTED",
        "CKR_SESSION_COUNT, EXHAUSTED",
        "CKR_MECHANISM_INVALID, UNSUPPORTED",
        "CKR_ARGUMENTS_BAD, AMBIGUOUS", // some wrong RSA ciphertexts, by NSS 3.87
    })
    void whatADecryptionEndsWithMeans(Ckr value, CkrClass meaning) {
        assertThat(Ckr.classify("C_Decrypt", value.code())).isEqualTo(meaning);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C_DecryptInit", "C_Encrypt", "C_GenerateKey"})
    void elsewhereBadArgumentsAreOurs(String function) {
        assertThat(Ckr.classify(function, Ckr.CKR_ARGUMENTS_BAD.code())).isEqualTo(CkrClass.BUG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C_EncryptInit",
                "C_Encrypt",
                "C_DecryptInit",
                "C_Decrypt",
                "C_SignInit",
                "C_Sign",
                "C_DeriveKey"
            })
    void aVendorsOwnCodeFromAUseOfAKeyIsForTheCanaryToDecide(String function) {
        assertThat(Ckr.classify(function, VENDOR_DEFINED)).isEqualTo(CkrClass.AMBIGUOUS);
        assertThat(Ckr.classify(function, Ckr.CKR_GENERAL_ERROR.code()))
                .isEqualTo(CkrClass.AMBIGUOUS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C_Initialize",
                "C_OpenSession",
                "C_Login",
                "C_FindObjects",
                "C_GenerateKey"
            })
    void whereNoKeyIsUsedNoCanaryCanTellSoTheTokenIsGone(String function) {
        assertThat(Ckr.classify(function, VENDOR_DEFINED)).isEqualTo(CkrClass.DEVICE_LOST);
        assertThat(Ckr.classify(function, Ckr.CKR_GENERAL_ERROR.code()))
                .isEqualTo(CkrClass.DEVICE_LOST);
    }

    /** Taken for one, a wrong PIN would never be tried again; not taken for one, it would be. */
    @Test
    void exactlyTheCodesOfRefusedPinsAreOfThatClass() {
        assertThat(Ckr.values())
                .filteredOn(c -> Ckr.classify("C_Login", c.code()) == CkrClass.PIN)
                .extracting(Enum::name)
                .containsExactlyInAnyOrder(
                        "CKR_PIN_INCORRECT",
                        "CKR_PIN_INVALID",
                        "CKR_PIN_LEN_RANGE",
                        "CKR_PIN_EXPIRED",
                        "CKR_PIN_LOCKED",
                        "CKR_PIN_TOO_WEAK",
                        "CKR_NEW_PIN_MODE",
                        "CKR_NEXT_OTP");
    }

    @Test
    void anExceptionSaysFunctionNameAndMeaning() {
        CkrException known = new CkrException("C_Decrypt", 0x40);
        CkrException vendors = new CkrException("C_Login", VENDOR_DEFINED);

        assertThat(known).hasMessage("C_Decrypt: CKR_ENCRYPTED_DATA_INVALID");
        assertThat(known.kind()).isEqualTo(CkrClass.DATA);
        assertThat(vendors).hasMessage("C_Login: CKR 0x80000000");
        assertThat(vendors.code()).isEqualTo(VENDOR_DEFINED);
        assertThat(vendors.kind()).isEqualTo(CkrClass.DEVICE_LOST);
    }
}
