package io.keyhold.token.pkcs11;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;

/** A user PIN in memory, from its file; zeroed when closed. */
final class Pin implements AutoCloseable {

    private static final int LONGEST_FILE = 1024;

    private final char[] characters;

    private Pin(char[] characters) {
        this.characters = characters;
    }

    /**
     * Reads a PIN file; one line feed at its end is not part of the PIN.
     *
     * @throws TokenException if the file is missing, empty, or open to others than its owner
     */
    static Pin read(Path file) {
        byte[] bytes;
        try {
            Set<PosixFilePermission> open = Files.getPosixFilePermissions(file);
            open.removeAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            if (!open.isEmpty()) {
                throw new TokenException("PIN file " + file + " is open to others: chmod 600 it");
            }
            if (Files.size(file) > LONGEST_FILE) {
                throw new TokenException("PIN file " + file + " is over 1024 bytes");
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TokenException("PIN file " + file + " cannot be read", e);
        }
        try {
            int length = bytes.length;
            while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
                length--;
            }
            if (length == 0) {
                throw new TokenException("PIN file " + file + " is empty");
            }
            CharBuffer decoded = decode(ByteBuffer.wrap(bytes, 0, length), file);
            char[] characters = new char[decoded.remaining()];
            decoded.duplicate().get(characters);
            Arrays.fill(decoded.array(), '\0');
            return new Pin(characters);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Strictly: a PIN with replaced characters is a wrong one, and the token counts those. */
    private static CharBuffer decode(ByteBuffer bytes, Path file) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes);
        } catch (CharacterCodingException e) {
            throw new TokenException("PIN file " + file + " is not UTF-8");
        }
    }

    /** The characters themselves, not a copy. */
    char[] characters() {
        return characters;
    }

    @Override
    public void close() {
        Arrays.fill(characters, '\0');
    }
}
