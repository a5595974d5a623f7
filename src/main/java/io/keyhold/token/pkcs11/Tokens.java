package io.keyhold.token.pkcs11;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tokens that a library shows, without logging in to any. */
public final class Tokens {

    private Tokens() {}

    /**
     * Lists the tokens of the library that the settings name.
     *
     * @throws TokenException if the library cannot be loaded or initialised
     */
    public static List<Token> list(TokenSettings settings) {
        Cryptoki cryptoki = SunCryptoki.load(settings);
        try {
            cryptoki.initialize();
            try {
                return Arrays.stream(cryptoki.slots())
                        .mapToObj(cryptoki::tokenInfo)
                        .map(info -> token(info, settings))
                        .toList();
            } finally {
                cryptoki.terminate();
            }
        } catch (CkrException e) {
            throw new TokenException(settings.libraryConfiguration() + ": " + e.getMessage(), e);
        }
    }

    private static Token token(Cryptoki.TokenInfo info, TokenSettings settings) {
        boolean configured =
                info.initialized()
                        && info.label().equals(settings.label())
                        && settings.serial().map(info.serial()::equals).orElse(true);
        return new Token(
                info.slot(),
                info.label(),
                info.serial(),
                info.manufacturer(),
                info.model(),
                info.firmware(),
                state(info),
                configured);
    }

    private static String state(Cryptoki.TokenInfo info) {
        if (!info.initialized()) {
            return "not initialized";
        }
        List<String> warnings = new ArrayList<>();
        if ((info.flags() & Pkcs11.CKF_USER_PIN_LOCKED) != 0) {
            warnings.add("PIN locked");
        } else if ((info.flags() & Pkcs11.CKF_USER_PIN_FINAL_TRY) != 0) {
            warnings.add("one wrong PIN locks it");
        } else if ((info.flags() & Pkcs11.CKF_USER_PIN_COUNT_LOW) != 0) {
            warnings.add("a wrong PIN was given");
        }
        return warnings.isEmpty() ? "ready" : String.join(", ", warnings);
    }

    /**
     * A token in its slot.
     *
     * @param state what an operator should know of its PIN
     * @param configured whether the settings mean this one
     */
    public record Token(
            long slot,
            String label,
            String serial,
            String manufacturer,
            String model,
            String firmware,
            String state,
            boolean configured) {}
}
