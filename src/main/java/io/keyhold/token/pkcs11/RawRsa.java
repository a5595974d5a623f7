package io.keyhold.token.pkcs11;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.encodings.OAEPEncoding;

/**
 * RSA's bare private operation in a token, as Bouncy Castle's paddings use it. Deciphers only.
 *
 * @param modulusBytes length of the modulus
 * @param operation on blocks of that length
 */
record RawRsa(int modulusBytes, UnaryOperator<byte[]> operation) implements AsymmetricBlockCipher {

    /**
     * Deciphers by RSAES_OAEP_SHA_256 without a label; every wrong padding fails alike.
     *
     * @throws InvalidCipherTextException if it is wrong
     */
    byte[] openOaepSha256(byte[] ciphertext) throws InvalidCipherTextException {
        OAEPEncoding oaep = new OAEPEncoding(this, new SHA256Digest());
        oaep.init(false, null);
        return oaep.processBlock(ciphertext, 0, ciphertext.length);
    }

    @Override
    public void init(boolean forEncryption, CipherParameters parameters) {
        if (forEncryption) {
            throw new IllegalArgumentException("a token deciphers");
        }
    }

    @Override
    public int getInputBlockSize() {
        return modulusBytes;
    }

    @Override
    public int getOutputBlockSize() {
        return modulusBytes - 1;
    }

    @Override
    public byte[] processBlock(byte[] in, int offset, int length) {
        byte[] block = operation.apply(Arrays.copyOfRange(in, offset, offset + length));
        // A first byte other than zero is a wrong padding, which the caller finds by the length.
        byte[] stripped = Arrays.copyOfRange(block, block[0] == 0 ? 1 : 0, block.length);
        Arrays.fill(block, (byte) 0);
        return stripped;
    }
}
