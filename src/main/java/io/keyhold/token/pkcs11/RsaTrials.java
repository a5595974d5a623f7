package io.keyhold.token.pkcs11;

import io.keyhold.key.SigningAlgorithm;
import io.keyhold.token.DigestInfos;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.jspecify.annotations.Nullable;

/** RSA: pairs, signatures, decryption, and AES keys that come wrapped. */
final class RsaTrials {

    private static final int USUAL_BITS = 2048;
    private static final int[] OTHER_BITS = {3072, 4096};
    private static final byte[] EXPONENT = {1, 0, 1};
    private static final byte[] MESSAGE = "Keyhold".getBytes(StandardCharsets.US_ASCII);
    private static final int AES_BYTES = 32;

    private final Trials trials;
    private final SymmetricTrials symmetric;
    private @Nullable Pair usual;

    RsaTrials(Trials trials, SymmetricTrials symmetric) {
        this.trials = trials;
        this.symmetric = symmetric;
    }

    /** What a pair of one size can do, one of another can do too. */
    void run() {
        trials.attempt("RSA-2048 pair", "RSA_2048", () -> pss(usual(), Hash.SHA_256));
        for (int bits : OTHER_BITS) {
            trials.attempt("RSA-" + bits + " pair", "RSA_" + bits, () -> make(bits));
        }
        for (Hash hash : List.of(Hash.SHA_256, Hash.SHA_384, Hash.SHA_512)) {
            trials.attempt(
                    "RSA PKCS#1 v1.5, " + hash.jcaName(),
                    "RSASSA_PKCS1_V1_5_" + hash,
                    () -> pkcs1(usual(), hash));
            trials.attempt(
                    "RSA-PSS, " + hash.jcaName(), "RSASSA_PSS_" + hash, () -> pss(usual(), hash));
        }
        for (Hash hash : List.of(Hash.SHA_1, Hash.SHA_256)) {
            trials.attempt(
                    "RSA-OAEP decrypt, " + hash.jcaName(),
                    "RSAES_OAEP_" + hash,
                    () -> decrypt(usual(), hash));
            trials.attempt(
                    "RSA-OAEP unwrap, " + hash.jcaName(),
                    "ImportKeyMaterial",
                    () -> unwrap(usual(), hash));
        }
        if (usual != null) {
            destroy(usual);
        }
    }

    private Pair usual() throws GeneralSecurityException {
        if (usual == null) {
            usual = generate(USUAL_BITS);
        }
        return usual;
    }

    private String make(int bits) throws GeneralSecurityException {
        Pair pair = generate(bits);
        try {
            return pss(pair, Hash.SHA_256);
        } finally {
            destroy(pair);
        }
    }

    private Pair generate(int bits) throws GeneralSecurityException {
        Attributes publicKey =
                new Attributes()
                        .with(Pkcs11.CKA_TOKEN, false)
                        .with(Pkcs11.CKA_MODULUS_BITS, bits)
                        .with(Pkcs11.CKA_PUBLIC_EXPONENT, EXPONENT)
                        .with(Pkcs11.CKA_VERIFY, true)
                        .with(Pkcs11.CKA_ENCRYPT, true)
                        .with(Pkcs11.CKA_WRAP, true);
        Attributes privateKey =
                Trials.sealedPrivateKey()
                        .with(Pkcs11.CKA_SIGN, true)
                        .with(Pkcs11.CKA_DECRYPT, true)
                        .with(Pkcs11.CKA_UNWRAP, true);
        Mechanism generate = new Mechanism.Plain(Pkcs11.CKM_RSA_PKCS_KEY_PAIR_GEN);
        Cryptoki.KeyPair handles =
                trials.cryptoki()
                        .generateKeyPair(trials.session(), generate, publicKey, privateKey);
        Attributes made =
                trials.cryptoki()
                        .attributes(
                                trials.session(),
                                handles.publicKey(),
                                Pkcs11.CKA_MODULUS,
                                Pkcs11.CKA_PUBLIC_EXPONENT);
        BigInteger modulus = new BigInteger(1, made.bytes(Pkcs11.CKA_MODULUS));
        Trials.require(modulus.bitLength() == bits, "a modulus of " + modulus.bitLength());
        BigInteger exponent = new BigInteger(1, made.bytes(Pkcs11.CKA_PUBLIC_EXPONENT));
        PublicKey key =
                KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(modulus, exponent));
        return new Pair(handles, key);
    }

    private void destroy(Pair pair) {
        trials.destroy(pair.handles.publicKey());
        trials.destroy(pair.handles.privateKey());
    }

    /** As it is done with keys: tokens that do not hash as well can do it. */
    private String pkcs1(Pair pair, Hash hash) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance(hash.jcaName()).digest(MESSAGE);
        byte[] input =
                DigestInfos.of(SigningAlgorithm.valueOf("RSASSA_PKCS1_V1_5_" + hash), digest);
        verify(
                Signature.getInstance(hash.shortName() + "withRSA"),
                pair,
                sign(pair, new Mechanism.Plain(Pkcs11.CKM_RSA_PKCS), input));
        return "";
    }

    private String pss(Pair pair, Hash hash) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance(hash.jcaName()).digest(MESSAGE);
        Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(
                new PSSParameterSpec(
                        hash.jcaName(),
                        "MGF1",
                        new MGF1ParameterSpec(hash.jcaName()),
                        hash.bytes(),
                        PSSParameterSpec.TRAILER_FIELD_BC));
        verify(pss, pair, sign(pair, new Mechanism.Pss(hash), digest));
        return "";
    }

    private byte[] sign(Pair pair, Mechanism mechanism, byte[] input) {
        return trials.cryptoki()
                .sign(trials.session(), mechanism, pair.handles.privateKey(), input);
    }

    private static void verify(Signature verifier, Pair pair, byte[] signature)
            throws GeneralSecurityException {
        verifier.initVerify(pair.publicKey);
        verifier.update(MESSAGE);
        Trials.require(verifier.verify(signature), "a signature that the JDK does not accept");
    }

    private String decrypt(Pair pair, Hash hash) throws GeneralSecurityException {
        byte[] answer =
                trials.cryptoki()
                        .decrypt(
                                trials.session(),
                                new Mechanism.Oaep(hash),
                                pair.handles.privateKey(),
                                oaep(pair, hash, MESSAGE));
        Trials.same(MESSAGE, answer);
        return "";
    }

    private String unwrap(Pair pair, Hash hash) throws GeneralSecurityException {
        byte[] aes = new byte[AES_BYTES];
        new SecureRandom().nextBytes(aes);
        return symmetric.unwrapped(
                new Mechanism.Oaep(hash), pair.handles.privateKey(), oaep(pair, hash, aes), aes);
    }

    private static byte[] oaep(Pair pair, Hash hash, byte[] message)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                pair.publicKey,
                new OAEPParameterSpec(
                        hash.jcaName(),
                        "MGF1",
                        new MGF1ParameterSpec(hash.jcaName()),
                        PSource.PSpecified.DEFAULT));
        return cipher.doFinal(message);
    }

    private record Pair(Cryptoki.KeyPair handles, PublicKey publicKey) {}
}
