package io.keyhold.api.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;

/** Bytes as text, if they are UTF-8 to the letter: one text has one form. */
final class Utf8 {

    private Utf8() {}

    static String text(byte[] bytes) {
        return decoded(bytes).toString();
    }

    /**
     * The characters; whoever asks may wipe them.
     *
     * @throws KmsFault SerializationException
     */
    static CharBuffer decoded(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw KmsFault.of(FaultName.SerializationException, "The body is no UTF-8.");
        }
    }
}
