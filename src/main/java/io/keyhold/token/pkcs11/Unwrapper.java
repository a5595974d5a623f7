package io.keyhold.token.pkcs11;

import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.token.WrappedMaterial;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.RFC5649WrapEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Unwraps material that came by RSA: by one C_UnwrapKey, or by two, where the first brings the AES
 * key of the second, since no token that we know has CKM_RSA_AES_KEY_WRAP and a binding for it.
 */
final class Unwrapper {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 32;

    /** RFC 5649 makes whole ones, and two at least. */
    private static final int SEMIBLOCK = 8;

    private static final int LEAST = 2 * SEMIBLOCK;

    private final Cryptoki cryptoki;
    private final Rsa rsa;
    private final Mechanism keyWrap;
    private final boolean modifiable;

    Unwrapper(Cryptoki cryptoki, Rsa rsa, LibraryConfiguration library) {
        this.cryptoki = cryptoki;
        this.rsa = rsa;
        this.keyWrap = new Mechanism.Plain(library.aesKeyWrapPad());
        this.modifiable = library.unwrapsModifiable();
    }

    /**
     * Unwraps into an object.
     *
     * @param wrappingKey handle of the private half
     * @throws CkrException of what the caller sent, if it cannot be unwrapped
     */
    long unwrap(Lane lane, long wrappingKey, WrappedMaterial wrapped, Attributes template) {
        Attributes made = modifiable ? template.without(Pkcs11.CKA_MODIFIABLE) : template;
        WrappingAlgorithm algorithm = wrapped.algorithm();
        int block = wrapped.wrappingKey().spec().modulusBytes();
        byte[] bytes = wrapped.bytes();
        int more = bytes.length - block;
        if (algorithm.isKeyWrap() ? more < LEAST || more % SEMIBLOCK != 0 : more != 0) {
            throw badData(Ckr.CKR_WRAPPED_KEY_LEN_RANGE);
        }
        byte[] first = Arrays.copyOf(bytes, block);
        byte[] rest = Arrays.copyOfRange(bytes, block, bytes.length);
        if (rsa.opensInDaemon(algorithm)) {
            return throughDaemon(lane, wrappingKey, first, rest, made);
        }
        Mechanism oaep = new Mechanism.Oaep(algorithm.isSha256() ? Hash.SHA_256 : Hash.SHA_1);
        if (!algorithm.isKeyWrap()) {
            return cryptoki.unwrapKey(lane.session(), oaep, wrappingKey, first, made);
        }
        Attributes key = wrappingAes().with(Pkcs11.CKA_EXTRACTABLE, false);
        return under(
                lane,
                cryptoki.unwrapKey(lane.session(), oaep, wrappingKey, first, key),
                rest,
                made);
    }

    /** Only if the configuration allows it: what RSA wraps is seen here. */
    private long throughDaemon(
            Lane lane, long wrappingKey, byte[] first, byte[] rest, Attributes made) {
        byte[] opened = rsa.unpadded(lane, wrappingKey, first);
        byte[] own = new byte[KEY_BYTES];
        try {
            if (rest.length > 0) {
                return under(lane, known(lane, opened), rest, made);
            }
            RANDOM.nextBytes(own);
            RFC5649WrapEngine wrapping = new RFC5649WrapEngine(AESEngine.newInstance());
            wrapping.init(true, new KeyParameter(own));
            return under(lane, known(lane, own), wrapping.wrap(opened, 0, opened.length), made);
        } finally {
            Arrays.fill(opened, (byte) 0);
            Arrays.fill(own, (byte) 0);
        }
    }

    private long known(Lane lane, byte[] value) {
        if (value.length != KEY_BYTES && value.length != 24 && value.length != 16) {
            throw badData(Ckr.CKR_WRAPPED_KEY_INVALID);
        }
        Attributes template = wrappingAes().with(Pkcs11.CKA_VALUE, value);
        try {
            return cryptoki.createObject(lane.session(), template);
        } finally {
            template.wipe();
        }
    }

    private static Attributes wrappingAes() {
        return new Attributes()
                .with(Pkcs11.CKA_CLASS, Pkcs11.CKO_SECRET_KEY)
                .with(Pkcs11.CKA_KEY_TYPE, Pkcs11.CKK_AES)
                .with(Pkcs11.CKA_TOKEN, false)
                .with(Pkcs11.CKA_SENSITIVE, true)
                .with(Pkcs11.CKA_UNWRAP, true);
    }

    /** The AES key ends with this. */
    private long under(Lane lane, long aes, byte[] wrapped, Attributes made) {
        try {
            return cryptoki.unwrapKey(lane.session(), keyWrap, aes, wrapped, made);
        } finally {
            cryptoki.destroyObject(lane.session(), aes);
        }
    }

    private static CkrException badData(Ckr ckr) {
        return new CkrException("C_UnwrapKey", ckr.code());
    }
}
