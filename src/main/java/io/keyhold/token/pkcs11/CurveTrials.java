package io.keyhold.token.pkcs11;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;

/** Elliptic curves: pairs, signatures, shared secrets. */
final class CurveTrials {

    private static final byte[] MESSAGE = "Keyhold".getBytes(StandardCharsets.US_ASCII);

    /** "edwards25519" as PrintableString, and what comes before a raw key in X.509. */
    private static final byte[] EDWARDS = HexFormat.of().parseHex("130c656477617264733235353139");

    private static final byte[] ED25519_X509 = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final int ED25519_BYTES = 32;
    private static final byte UNCOMPRESSED = 4;

    private final Trials trials;

    CurveTrials(Trials trials) {
        this.trials = trials;
    }

    void run() {
        for (Curve curve : Curve.values()) {
            trials.attempt(
                    "ECDSA " + curve.jcaName(),
                    curve.awsName(),
                    () ->
                            withPair(
                                    Pkcs11.CKM_EC_KEY_PAIR_GEN,
                                    curve.parameters(),
                                    pair -> ecdsa(curve, pair)));
        }
        trials.attempt(
                "Ed25519",
                "ECC_NIST_EDWARDS25519",
                () -> withPair(Pkcs11.CKM_EC_EDWARDS_KEY_PAIR_GEN, EDWARDS, this::eddsa));
        for (Curve curve : Curve.values()) {
            if (curve != Curve.K256) {
                trials.attempt(
                        "ECDH " + curve.jcaName(),
                        "DeriveSharedSecret",
                        () ->
                                withPair(
                                        Pkcs11.CKM_EC_KEY_PAIR_GEN,
                                        curve.parameters(),
                                        pair -> ecdh(curve, pair)));
            }
        }
    }

    private String withPair(long mechanism, byte[] parameters, Use use)
            throws GeneralSecurityException {
        Attributes publicKey =
                new Attributes()
                        .with(Pkcs11.CKA_TOKEN, false)
                        .with(Pkcs11.CKA_EC_PARAMS, parameters)
                        .with(Pkcs11.CKA_VERIFY, true);
        Attributes privateKey =
                Trials.sealedPrivateKey().with(Pkcs11.CKA_SIGN, true).with(Pkcs11.CKA_DERIVE, true);
        Cryptoki.KeyPair pair =
                trials.cryptoki()
                        .generateKeyPair(
                                trials.session(),
                                new Mechanism.Plain(mechanism),
                                publicKey,
                                privateKey);
        try {
            return use.on(pair);
        } finally {
            trials.destroy(pair.publicKey());
            trials.destroy(pair.privateKey());
        }
    }

    /** CKA_EC_POINT, out of the OCTET STRING that it should be in. */
    private byte[] point(Cryptoki.KeyPair pair, int length) {
        byte[] given =
                trials.cryptoki()
                        .attributes(trials.session(), pair.publicKey(), Pkcs11.CKA_EC_POINT)
                        .bytes(Pkcs11.CKA_EC_POINT);
        Trials.require(given.length >= length, "a public key of " + given.length + " bytes");
        return Arrays.copyOfRange(given, given.length - length, given.length);
    }

    private byte[] point(Curve curve, Cryptoki.KeyPair pair) {
        byte[] point = point(pair, 1 + 2 * curve.bytes());
        Trials.require(point[0] == UNCOMPRESSED, "a compressed public key");
        return point;
    }

    private String ecdsa(Curve curve, Cryptoki.KeyPair pair) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance(curve.hash().jcaName()).digest(MESSAGE);
        byte[] signature = sign(pair, Pkcs11.CKM_ECDSA, digest);
        int half = signature.length / 2;
        ECNamedDomainParameters domain =
                ECNamedDomainParameters.lookup(
                        ASN1ObjectIdentifier.getInstance(curve.parameters()));
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(
                false,
                new ECPublicKeyParameters(
                        domain.getCurve().decodePoint(point(curve, pair)), domain));
        Trials.require(
                verifier.verifySignature(
                        digest,
                        new BigInteger(1, signature, 0, half),
                        new BigInteger(1, signature, half, half)),
                "a signature that does not verify");
        return "";
    }

    private String eddsa(Cryptoki.KeyPair pair) throws GeneralSecurityException {
        byte[] x509 = Arrays.copyOf(ED25519_X509, ED25519_X509.length + ED25519_BYTES);
        System.arraycopy(point(pair, ED25519_BYTES), 0, x509, ED25519_X509.length, ED25519_BYTES);
        PublicKey key =
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
        byte[] signature = sign(pair, Pkcs11.CKM_EDDSA, MESSAGE);
        Trials.require(verified("Ed25519", key, signature), "a signature that does not verify");
        return "";
    }

    private byte[] sign(Cryptoki.KeyPair pair, long mechanism, byte[] input) {
        return trials.cryptoki()
                .sign(trials.session(), new Mechanism.Plain(mechanism), pair.privateKey(), input);
    }

    private static boolean verified(String algorithm, PublicKey key, byte[] signature)
            throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key);
        verifier.update(MESSAGE);
        return verifier.verify(signature);
    }

    /** The secret that the token and the JDK share must be one. */
    private String ecdh(Curve curve, Cryptoki.KeyPair pair) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve.jcaName()));
        java.security.KeyPair other = generator.generateKeyPair();
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(other.getPrivate());
        agreement.doPhase(publicKey(curve, point(curve, pair)), true);
        Attributes secret =
                Trials.sessionObject(Pkcs11.CKO_SECRET_KEY, Pkcs11.CKK_GENERIC_SECRET)
                        .with(Pkcs11.CKA_SENSITIVE, false)
                        .with(Pkcs11.CKA_EXTRACTABLE, true)
                        .with(Pkcs11.CKA_VALUE_LEN, curve.bytes());
        Mechanism derive =
                new Mechanism.Ecdh(uncompressed(curve, ((ECPublicKey) other.getPublic()).getW()));
        long made =
                trials.cryptoki().deriveKey(trials.session(), derive, pair.privateKey(), secret);
        return trials.with(
                made,
                object -> {
                    byte[] value =
                            trials.cryptoki()
                                    .attributes(trials.session(), object, Pkcs11.CKA_VALUE)
                                    .bytes(Pkcs11.CKA_VALUE);
                    Trials.same(agreement.generateSecret(), value);
                    return "";
                });
    }

    private static PublicKey publicKey(Curve curve, byte[] point) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve.jcaName()));
        ECPoint w = new ECPoint(curve.coordinate(point, 0), curve.coordinate(point, 1));
        return KeyFactory.getInstance("EC")
                .generatePublic(
                        new ECPublicKeySpec(w, parameters.getParameterSpec(ECParameterSpec.class)));
    }

    private static byte[] uncompressed(Curve curve, ECPoint point) {
        byte[] bytes = new byte[1 + 2 * curve.bytes()];
        bytes[0] = UNCOMPRESSED;
        put(point.getAffineX(), bytes, 1 + curve.bytes());
        put(point.getAffineY(), bytes, bytes.length);
        return bytes;
    }

    /** Right-aligned: BigInteger has a sign byte, or leaves out leading zeros. */
    private static void put(BigInteger number, byte[] into, int end) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        System.arraycopy(bytes, from, into, end - (bytes.length - from), bytes.length - from);
    }

    /** What is done with a pair. */
    private interface Use {
        String on(Cryptoki.KeyPair pair) throws GeneralSecurityException;
    }
}
