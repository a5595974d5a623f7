package io.keyhold.token.pkcs11;

import static io.keyhold.token.pkcs11.CkrClass.AMBIGUOUS;
import static io.keyhold.token.pkcs11.CkrClass.BUG;
import static io.keyhold.token.pkcs11.CkrClass.DATA;
import static io.keyhold.token.pkcs11.CkrClass.DEVICE_LOST;
import static io.keyhold.token.pkcs11.CkrClass.EXHAUSTED;
import static io.keyhold.token.pkcs11.CkrClass.HANDLE_STALE;
import static io.keyhold.token.pkcs11.CkrClass.PIN;
import static io.keyhold.token.pkcs11.CkrClass.SESSION_LOST;
import static io.keyhold.token.pkcs11.CkrClass.UNSUPPORTED;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The return values of PKCS#11 (v3.1, section 5.1), each with what it means for us. */
enum Ckr {
    CKR_CANCEL(0x1, BUG),
    CKR_HOST_MEMORY(0x2, EXHAUSTED),
    CKR_SLOT_ID_INVALID(0x3, DEVICE_LOST),
    CKR_GENERAL_ERROR(0x5, AMBIGUOUS),
    CKR_FUNCTION_FAILED(0x6, AMBIGUOUS),
    CKR_ARGUMENTS_BAD(0x7, BUG),
    CKR_NO_EVENT(0x8, BUG),
    CKR_NEED_TO_CREATE_THREADS(0x9, BUG),
    CKR_CANT_LOCK(0xa, BUG),
    CKR_ATTRIBUTE_READ_ONLY(0x10, BUG),
    CKR_ATTRIBUTE_SENSITIVE(0x11, BUG),
    CKR_ATTRIBUTE_TYPE_INVALID(0x12, UNSUPPORTED),
    CKR_ATTRIBUTE_VALUE_INVALID(0x13, BUG),
    CKR_ACTION_PROHIBITED(0x1b, BUG),
    CKR_DATA_INVALID(0x20, DATA),
    CKR_DATA_LEN_RANGE(0x21, DATA),
    CKR_DEVICE_ERROR(0x30, DEVICE_LOST),
    CKR_DEVICE_MEMORY(0x31, EXHAUSTED),
    CKR_DEVICE_REMOVED(0x32, DEVICE_LOST),
    CKR_ENCRYPTED_DATA_INVALID(0x40, DATA),
    CKR_ENCRYPTED_DATA_LEN_RANGE(0x41, DATA),
    CKR_AEAD_DECRYPT_FAILED(0x42, DATA),
    CKR_FUNCTION_CANCELED(0x50, DEVICE_LOST),
    CKR_FUNCTION_NOT_PARALLEL(0x51, BUG),
    CKR_FUNCTION_NOT_SUPPORTED(0x54, UNSUPPORTED),
    CKR_KEY_HANDLE_INVALID(0x60, HANDLE_STALE),
    CKR_KEY_SIZE_RANGE(0x62, UNSUPPORTED),
    CKR_KEY_TYPE_INCONSISTENT(0x63, HANDLE_STALE),
    CKR_KEY_NOT_NEEDED(0x64, BUG),
    CKR_KEY_CHANGED(0x65, BUG),
    CKR_KEY_NEEDED(0x66, BUG),
    CKR_KEY_INDIGESTIBLE(0x67, BUG),
    CKR_KEY_FUNCTION_NOT_PERMITTED(0x68, HANDLE_STALE),
    CKR_KEY_NOT_WRAPPABLE(0x69, BUG),
    CKR_KEY_UNEXTRACTABLE(0x6a, BUG),
    CKR_MECHANISM_INVALID(0x70, UNSUPPORTED),
    CKR_MECHANISM_PARAM_INVALID(0x71, UNSUPPORTED),
    CKR_OBJECT_HANDLE_INVALID(0x82, HANDLE_STALE),
    CKR_OPERATION_ACTIVE(0x90, SESSION_LOST),
    CKR_OPERATION_NOT_INITIALIZED(0x91, SESSION_LOST),
    CKR_PIN_INCORRECT(0xa0, PIN),
    CKR_PIN_INVALID(0xa1, PIN),
    CKR_PIN_LEN_RANGE(0xa2, PIN),
    CKR_PIN_EXPIRED(0xa3, PIN),
    CKR_PIN_LOCKED(0xa4, PIN),
    CKR_SESSION_CLOSED(0xb0, SESSION_LOST),
    CKR_SESSION_COUNT(0xb1, EXHAUSTED),
    CKR_SESSION_HANDLE_INVALID(0xb3, SESSION_LOST),
    CKR_SESSION_PARALLEL_NOT_SUPPORTED(0xb4, BUG),
    CKR_SESSION_READ_ONLY(0xb5, BUG),
    CKR_SESSION_EXISTS(0xb6, BUG),
    CKR_SESSION_READ_ONLY_EXISTS(0xb7, BUG),
    CKR_SESSION_READ_WRITE_SO_EXISTS(0xb8, DEVICE_LOST),
    CKR_SIGNATURE_INVALID(0xc0, DATA),
    CKR_SIGNATURE_LEN_RANGE(0xc1, DATA),
    CKR_TEMPLATE_INCOMPLETE(0xd0, BUG),
    CKR_TEMPLATE_INCONSISTENT(0xd1, BUG),
    CKR_TOKEN_NOT_PRESENT(0xe0, DEVICE_LOST),
    CKR_TOKEN_NOT_RECOGNIZED(0xe1, DEVICE_LOST),
    CKR_TOKEN_WRITE_PROTECTED(0xe2, EXHAUSTED),
    CKR_UNWRAPPING_KEY_HANDLE_INVALID(0xf0, HANDLE_STALE),
    CKR_UNWRAPPING_KEY_SIZE_RANGE(0xf1, UNSUPPORTED),
    CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT(0xf2, BUG),
    CKR_USER_ALREADY_LOGGED_IN(0x100, BUG),
    CKR_USER_NOT_LOGGED_IN(0x101, DEVICE_LOST),
    CKR_USER_PIN_NOT_INITIALIZED(0x102, DEVICE_LOST),
    CKR_USER_TYPE_INVALID(0x103, BUG),
    CKR_USER_ANOTHER_ALREADY_LOGGED_IN(0x104, DEVICE_LOST),
    CKR_USER_TOO_MANY_TYPES(0x105, DEVICE_LOST),
    CKR_WRAPPED_KEY_INVALID(0x110, DATA),
    CKR_WRAPPED_KEY_LEN_RANGE(0x112, DATA),
    CKR_WRAPPING_KEY_HANDLE_INVALID(0x113, HANDLE_STALE),
    CKR_WRAPPING_KEY_SIZE_RANGE(0x114, UNSUPPORTED),
    CKR_WRAPPING_KEY_TYPE_INCONSISTENT(0x115, BUG),
    CKR_RANDOM_SEED_NOT_SUPPORTED(0x120, UNSUPPORTED),
    CKR_RANDOM_NO_RNG(0x121, UNSUPPORTED),
    CKR_DOMAIN_PARAMS_INVALID(0x130, UNSUPPORTED),
    CKR_CURVE_NOT_SUPPORTED(0x140, UNSUPPORTED),
    CKR_BUFFER_TOO_SMALL(0x150, BUG),
    CKR_SAVED_STATE_INVALID(0x160, BUG),
    CKR_INFORMATION_SENSITIVE(0x170, BUG),
    CKR_STATE_UNSAVEABLE(0x180, BUG),
    CKR_CRYPTOKI_NOT_INITIALIZED(0x190, DEVICE_LOST),
    CKR_CRYPTOKI_ALREADY_INITIALIZED(0x191, BUG),
    CKR_MUTEX_BAD(0x1a0, DEVICE_LOST),
    CKR_MUTEX_NOT_LOCKED(0x1a1, DEVICE_LOST),
    CKR_NEW_PIN_MODE(0x1b0, PIN),
    CKR_NEXT_OTP(0x1b1, PIN),
    CKR_EXCEEDED_MAX_ITERATIONS(0x1b5, AMBIGUOUS),
    CKR_FIPS_SELF_TEST_FAILED(0x1b6, DEVICE_LOST),
    CKR_LIBRARY_LOAD_FAILED(0x1b7, DEVICE_LOST),
    CKR_PIN_TOO_WEAK(0x1b8, PIN),
    CKR_PUBLIC_KEY_INVALID(0x1b9, DATA),
    CKR_FUNCTION_REJECTED(0x200, EXHAUSTED),
    CKR_TOKEN_RESOURCE_EXCEEDED(0x201, EXHAUSTED),
    CKR_OPERATION_CANCEL_FAILED(0x202, SESSION_LOST);

    private static final Map<Long, Ckr> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toMap(c -> c.code, Function.identity()));

    /** Only these work on a key, so only after these can a canary say who is at fault. */
    private static final Set<String> USES_A_KEY =
            Set.of(
                    "C_EncryptInit",
                    "C_Encrypt",
                    "C_DecryptInit",
                    "C_Decrypt",
                    "C_SignInit",
                    "C_Sign",
                    "C_DeriveKey",
                    "C_UnwrapKey");

    private final long code;
    private final CkrClass kind;

    Ckr(long code, CkrClass kind) {
        this.code = code;
        this.kind = kind;
    }

    /** The specification's name of a code, or its number for a vendor's own. */
    static String name(long code) {
        Ckr known = BY_CODE.get(code);
        return known == null ? "CKR 0x" + Long.toHexString(code) : known.name();
    }

    /** What a code means when this function answered it. A vendor's own code says nothing. */
    static CkrClass classify(String function, long code) {
        @Nullable Ckr known = BY_CODE.get(code);
        CkrClass kind = known == null || isOfTheData(function, known) ? AMBIGUOUS : known.kind;
        return kind == AMBIGUOUS && !USES_A_KEY.contains(function) ? DEVICE_LOST : kind;
    }

    /** Our arguments are the same each time, but for what was encrypted or wrapped: so says NSS. */
    private static boolean isOfTheData(String function, Ckr code) {
        return (code == CKR_ARGUMENTS_BAD && function.equals("C_Decrypt"))
                || (code == CKR_KEY_SIZE_RANGE && function.equals("C_UnwrapKey"));
    }

    long code() {
        return code;
    }
}
