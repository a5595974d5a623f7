package io.keyhold.token.pkcs11;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

    /** Serial number of the token, salt, hash. */
    private static final int LINES = 3;

    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;
    private static final int ITERATIONS = 100_000;

    private final Path marker;

    /** The marker's lines, in case they cannot be written. */
    private List<String> remembered = List.of();

    RefusedPins(Path marker) {
        this.marker = marker;
    }

    /**
     * Passes if this PIN has not been refused by this token.
     *
     * @throws PinRefusedException if it has
     */
    void check(String serial, Pin pin) {
        List<String> lines = Files.exists(marker) ? read() : remembered;
        if (lines.isEmpty()) {
            return;
        }
        byte[] salt = hex(lines.get(1), SALT_BYTES);
        byte[] refused = hex(lines.get(2), HASH_BITS / Byte.SIZE);
        if (lines.get(0).equals(serial) && MessageDigest.isEqual(refused, hash(pin, salt))) {
            throw new PinRefusedException(
                    "the token refused this PIN before and is not asked again: correct the PIN"
                            + " file, or remove "
                            + marker
                            + " if the token's PIN was changed to it");
        }
    }

    private List<String> read() {
        try {
            List<String> lines = Files.readAllLines(marker);
            if (lines.size() != LINES) {
                throw damaged();
            }
            return lines;
        } catch (IOException e) {
            throw new TokenException(marker + " cannot be read", e);
        }
    }

    private byte[] hex(String text, int length) {
        if (!text.matches("[0-9a-f]{" + 2 * length + "}")) {
            throw damaged();
        }
        return HexFormat.of().parseHex(text);
    }

    private TokenException damaged() {
        return new TokenException(marker + " is damaged: correct the PIN file and remove it");
    }

    /**
     * Remembers a refusal, durably, before anything else is tried.
     *
     * @throws IOException if only this process remembers it
     */
    void remember(String serial, Pin pin) throws IOException {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        HexFormat hex = HexFormat.of();
        remembered = List.of(serial, hex.formatHex(salt), hex.formatHex(hash(pin, salt)));
        String text = String.join("\n", remembered) + "\n";
        Path folder = marker.toAbsolutePath().getParent();
        Path fresh =
                Files.createTempFile(
                        folder,
                        "pin-refused",
                        ".new",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE);
                FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            file.force(true);
            Files.move(fresh, marker, StandardCopyOption.ATOMIC_MOVE);
            names.force(true);
            remembered = List.of(); // from now on the marker counts, so that removing it helps
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
    static final class PinRefusedException extends TokenException {
        PinRefusedException(String message) {
            super(message);
        }
    }
}
