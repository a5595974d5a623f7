package io.keyhold.token;

import io.keyhold.key.BackingKey;
import io.keyhold.key.Canary;
import io.keyhold.key.KeyId;
import java.util.List;
import java.util.Optional;

/**
 * A key store: one or more tokens that generate and use the material of keys. Every method that
 * needs a token throws {@code KeyUnavailableException} while there is none.
 */
public interface KeyStore extends AutoCloseable {

    /** Serial number of the token that the next backing key goes to. */
    String tokenForNewMaterial();

    /**
     * Generates 256 bits of AES material as one token object with the backing key's CKA_ID and
     * label, reads its attributes back and takes its canary. If the object is there already, made
     * by a call whose answer was lost, it is checked and taken; there is never a second one.
     */
    Canary generate(KeyId key, BackingKey backing);

    /**
     * Takes the canary of an object that {@link #generate} may have made; empty if it is absent.
     */
    Optional<Canary> find(KeyId key, BackingKey backing);

    /**
     * Takes the canary of an object that somebody says is a backing key's; empty if it is absent.
     * Nothing is changed in the token.
     *
     * @throws io.keyhold.key.KmsFault ConflictException if it is not as we make them
     */
    Optional<Canary> inspect(KeyId key, BackingKey backing);

    /** Whether a backing key's object is there now, with the right material. */
    boolean holds(KeyId key, BackingKey backing);

    /**
     * Destroys a backing key's object, if it is there, and makes sure that it is not there any
     * more. What has its CKA_ID and another label is not its object.
     */
    void destroy(KeyId key, BackingKey backing);

    /**
     * AES-256-GCM with a fresh random IV.
     *
     * @param aad authenticated, not encrypted
     */
    Sealed encrypt(KeyId key, BackingKey backing, byte[] aad, byte[] plaintext);

    /**
     * The reverse of {@link #encrypt}. The caller zeroes the answer after use.
     *
     * @throws io.keyhold.key.KmsFault InvalidCiphertextException, without a message, if the tag
     *     does not fit and the token proves that it uses the right material
     */
    byte[] decrypt(KeyId key, BackingKey backing, byte[] aad, Sealed sealed);

    /** Random bytes from a token's own generator. The caller zeroes them after use. */
    byte[] random(int length);

    /** Every object in the tokens. */
    List<TokenObject> objects();

    /** Runs whenever the tokens have become available, and at once if they are already. */
    void whenAvailable(Runnable listener);

    /** Whether the tokens are there and the daemon is logged in. */
    boolean available();

    /** Whether a fast operation costs less than handing it to another thread. */
    boolean inProcess();

    @Override
    void close();
}
