package io.keyhold.token;

import io.keyhold.key.Canary;
import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.KeySpec;
import io.keyhold.key.Material;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.key.WrappingAlgorithm;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A key store: one or more tokens that generate and use the material of keys. Every method that
 * needs a token throws {@code KeyUnavailableException} while there is none.
 */
public interface KeyStore extends AutoCloseable {

    /** Serial number of the token that the next backing key goes to. */
    String tokenForNewMaterial();

    /**
     * Generates material as a token object, or a pair of them, with the backing key's CKA_ID and
     * label, reads its attributes back and takes its canary. If it is there already, made by a call
     * whose answer was lost, it is checked and taken; there is never a second one.
     *
     * @throws io.keyhold.key.KmsFault UnsupportedOperationException if the token cannot make it
     */
    Canary generate(Material material);

    /**
     * Takes the canary of an object that {@link #generate} may have made; empty if it is absent.
     */
    Optional<Canary> find(Material material);

    /**
     * Takes the canary of an object that somebody says is a backing key's; empty if it is absent.
     * Nothing is changed in the token.
     *
     * @throws io.keyhold.key.KmsFault ConflictException if it is not as we make them
     */
    Optional<Canary> inspect(Material material);

    /**
     * Passes if the token can take material of a spec in.
     *
     * @throws io.keyhold.key.KmsFault UnsupportedOperationException
     */
    void requireImportable(KeySpec spec);

    /** How material may come wrapped, as far as the token can and the configuration allows. */
    Set<WrappingAlgorithm> unwraps();

    /**
     * What tells wrapped material from any other: of a pair its public key, SubjectPublicKeyInfo,
     * DER; else a code of a constant by the material. The token unwraps it for as long as this
     * takes.
     *
     * @throws io.keyhold.key.KmsFault InvalidCiphertextException, without a message, if it cannot
     *     be unwrapped; IncorrectKeyMaterialException if it is not of the spec;
     *     UnsupportedOperationException if the token cannot take such material in
     */
    byte[] identify(KeySpec spec, WrappedMaterial wrapped);

    /**
     * Unwraps material as the objects of a backing key, in place of any that are there already, and
     * takes its canary.
     *
     * @param identity what {@link #identify} answered
     * @throws io.keyhold.key.KmsFault as there
     */
    Canary unwrap(Material material, WrappedMaterial wrapped, byte[] identity);

    /** Whether a backing key's object is there now, with the right material. */
    boolean holds(Material material);

    /** Whether the object that a backing key was seen to have is the right one. */
    boolean answers(Material material);

    /**
     * Destroys a backing key's object, if it is there, and makes sure that it is not there any
     * more. What has its CKA_ID and another label is not its object.
     */
    void destroy(Material material);

    /**
     * AES-256-GCM with a fresh random IV.
     *
     * @param aad authenticated, not encrypted
     */
    Sealed encrypt(Material material, byte[] aad, byte[] plaintext);

    /**
     * The reverse of {@link #encrypt}. The caller zeroes the answer after use.
     *
     * @throws io.keyhold.key.KmsFault InvalidCiphertextException, without a message, if the tag
     *     does not fit and the token proves that it uses the right material
     */
    byte[] decrypt(Material material, byte[] aad, Sealed sealed);

    /** By which algorithms keys of a spec decrypt, as far as their token can. */
    Set<EncryptionAlgorithm> deciphers(KeySpec spec);

    /**
     * Decrypts with the private half of an RSA pair. The caller zeroes the answer after use.
     *
     * @param algorithm one that the key deciphers
     * @param ciphertext as long as the modulus
     * @throws io.keyhold.key.KmsFault InvalidCiphertextException, without a message, whatever is
     *     wrong with it
     */
    byte[] decipher(Material material, EncryptionAlgorithm algorithm, byte[] ciphertext);

    /**
     * HMAC with the hash of the key's spec.
     *
     * @return the code in full length
     */
    byte[] mac(Material material, byte[] message);

    /**
     * A signature with the private half of a pair, in AWS's encoding.
     *
     * @param algorithm one that the key's spec allows
     * @param input what {@link SigningAlgorithm#input} answers
     */
    byte[] sign(Material material, SigningAlgorithm algorithm, byte[] input);

    /**
     * The secret that a pair shares with another one, by ECDH. The caller zeroes it after use.
     *
     * @param other the other pair's public key, SubjectPublicKeyInfo, DER
     * @return the x coordinate of the shared point, as long as the curve's field
     * @throws io.keyhold.key.KmsFault ValidationException if that is none, or of another curve
     */
    byte[] deriveSharedSecret(Material material, byte[] other);

    /**
     * A new secret for the holder of a pair.
     *
     * @throws io.keyhold.key.KmsFault UnsupportedOperationException if the token cannot make it
     */
    Encapsulated encapsulate(Material material);

    /**
     * The secret that was encapsulated for a pair. The caller zeroes it after use.
     *
     * @throws io.keyhold.key.KmsFault UnsupportedOperationException if the token cannot make it
     */
    byte[] decapsulate(Material material, byte[] ciphertext);

    /** The public half of a pair: SubjectPublicKeyInfo, DER. Needs no token. */
    byte[] publicKey(Material material);

    /**
     * A new pair, made by a token for use outside, of which it keeps nothing.
     *
     * @throws io.keyhold.key.KmsFault UnsupportedOperationException if the token cannot make it
     */
    DataKeyPair dataKeyPair(KeySpec spec);

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
