package io.keyhold.token.pkcs11;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Remembers, across restarts, the PIN that a token refused, as a salted hash. Tokens lock after a
 * few wrong PINs, so a daemon that restarts in a loop must not offer the same one again.
 */
final class RefusedPins {

    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;
    private static final int ITERATIONS = 100_000;

    private final Path marker;

    RefusedPins(Path marker) {
        this.marker = marker;
    }

    /**
     * Passes if this PIN has not been refused by this token.
     *
     * @throws PinRefusedException if it has
     */
    void check(String serial, Pin pin) {
        if (!Files.exists(marker)) {
            return;
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(marker);
        } catch (IOException e) {
            throw new TokenException(marker + " cannot be read", e);
        }
        if (lines.size() != 3) {
            throw new TokenException(marker + " is damaged: correct the PIN file and remove it");
        }
        byte[] salt = HexFormat.of().parseHex(lines.get(1));
        byte[] refused = HexFormat.of().parseHex(lines.get(2));
        if (lines.get(0).equals(serial) && MessageDigest.isEqual(refused, hash(pin, salt))) {
            throw new PinRefusedException(
                    "the token refused this PIN before and is not asked again: correct the PIN"
                            + " file, or remove "
                            + marker
                            + " if the token's PIN was changed to it");
        }
    }

    /** Remembers a refusal, durably, before anything else is tried. */
    void remember(String serial, Pin pin) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        HexFormat hex = HexFormat.of();
        String text =
                serial + "\n" + hex.formatHex(salt) + "\n" + hex.formatHex(hash(pin, salt)) + "\n";
        try {
            Path fresh =
                    Files.createTempFile(
                            marker.toAbsolutePath().getParent(),
                            "pin-refused",
                            ".new",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, text.getBytes(StandardCharsets.US_ASCII));
            Files.move(fresh, marker, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new TokenException(marker + " cannot be written", e);
        }
    }

    private static byte[] hash(Pin pin, byte[] salt) {
        PBEKeySpec spec = new PBEKeySpec(pin.characters(), salt, ITERATIONS, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** A token refused a PIN. */
    static final class PinRefusedException extends RuntimeException {
        PinRefusedException(String message) {
            super(message);
        }
    }
}
