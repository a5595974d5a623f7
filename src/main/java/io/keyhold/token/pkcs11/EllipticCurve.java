package io.keyhold.token.pkcs11;

import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.token.PublicKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.util.BigIntegers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The curves of the form y^2 = x^3 + ax + b: ECDSA and ECDH.
 *
 * @see "OASIS PKCS #11 v3.1, section 6.3"
 */
final class EllipticCurve extends PairFamily {

    private static final Logger log = LoggerFactory.getLogger(EllipticCurve.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte UNCOMPRESSED = 4;

    EllipticCurve(Cryptoki cryptoki, Turns turns) {
        super(cryptoki, turns);
    }

    @Override
    Mechanism generation() {
        return new Mechanism.Plain(Pkcs11.CKM_EC_KEY_PAIR_GEN);
    }

    @Override
    public boolean isQuick() {
        return true;
    }

    @Override
    long keyType() {
        return Pkcs11.CKK_EC;
    }

    @Override
    Attributes publicHalf(Attributes template, KeySpec spec, KeyUsage usage) {
        return template.with(Pkcs11.CKA_EC_PARAMS, Curve.of(spec).parameters())
                .with(Pkcs11.CKA_VERIFY, usage == KeyUsage.SIGN_VERIFY)
                .with(Pkcs11.CKA_DERIVE, usage == KeyUsage.KEY_AGREEMENT);
    }

    @Override
    long[] mechanisms(KeyUsage usage) {
        return usage == KeyUsage.KEY_AGREEMENT
                ? new long[] {Pkcs11.CKM_ECDH1_DERIVE}
                : new long[] {Pkcs11.CKM_ECDSA};
    }

    @Override
    byte[] publicKey(Lane lane, long publicHalf, KeySpec spec) {
        Curve curve = Curve.of(spec);
        ECNamedDomainParameters domain = ECNamedDomainParameters.lookup(name(spec));
        byte[] point = point(lane, publicHalf, 1 + 2 * curve.bytes());
        try {
            return der(new ECPublicKeyParameters(domain.getCurve().decodePoint(point), domain));
        } catch (IllegalArgumentException e) {
            throw new ProvenObjects.WrongObjectException("the pair is not of " + spec);
        }
    }

    @Override
    byte[] publicKeyOf(Lane lane, long trial, KeySpec spec) {
        byte[] parameters =
                cryptoki()
                        .attributesOfAny(lane.session(), trial, Pkcs11.CKA_EC_PARAMS)
                        .bytes(Pkcs11.CKA_EC_PARAMS);
        if (!Arrays.equals(parameters, Curve.of(spec).parameters())) {
            throw new ProvenObjects.WrongObjectException("it is on another curve");
        }
        ECNamedDomainParameters domain = ECNamedDomainParameters.lookup(name(spec));
        return der(new PublicKeyRecovery(domain, digest -> raw(lane, trial, digest)).run());
    }

    @Override
    Attributes numbers(Attributes template, byte[] publicKey) {
        ECPublicKeyParameters key = (ECPublicKeyParameters) PublicKeys.parse(publicKey);
        byte[] point = PrivateKeyInfo.octets(key.getQ().getEncoded(false));
        return template.with(Pkcs11.CKA_EC_POINT, point);
    }

    @Override
    byte[] privateKey(Lane lane, long privateHalf, byte[] publicKey) {
        ECPublicKeyParameters key = (ECPublicKeyParameters) PublicKeys.parse(publicKey);
        int bytes = (key.getParameters().getN().bitLength() + 7) / 8;
        byte[] whole = padded(value(lane, privateHalf), bytes);
        return PrivateKeyInfo.of(algorithm(publicKey), PrivateKeyInfo.ellipticCurve(whole));
    }

    @Override
    boolean belongs(Lane lane, long object, Material material, byte[] publicKey) {
        return material.usage() == KeyUsage.KEY_AGREEMENT
                ? agrees(lane, object, material.spec(), publicKey)
                : signs(lane, object, material, publicKey);
    }

    private boolean agrees(Lane lane, long object, KeySpec spec, byte[] publicKey) {
        ECPublicKeyParameters ours = (ECPublicKeyParameters) PublicKeys.parse(publicKey);
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(ours.getParameters(), RANDOM));
        AsymmetricCipherKeyPair other = generator.generateKeyPair();
        ECDHBasicAgreement agreement = new ECDHBasicAgreement();
        agreement.init(other.getPrivate());
        byte[] expected =
                BigIntegers.asUnsignedByteArray(
                        Curve.of(spec).bytes(), agreement.calculateAgreement(ours));
        byte[] point = ((ECPublicKeyParameters) other.getPublic()).getQ().getEncoded(false);
        return MessageDigest.isEqual(expected, derive(lane, object, spec, point));
    }

    /** C_Sign of a digest; what tokens answer, r and s side by side, becomes DER. */
    @Override
    byte[] sign(Lane lane, long object, SigningAlgorithm algorithm, byte[] digest) {
        byte[] raw = raw(lane, object, digest);
        int half = raw.length / 2;
        BigInteger r = new BigInteger(1, raw, 0, half);
        BigInteger s = new BigInteger(1, raw, half, half);
        try {
            return StandardDSAEncoding.INSTANCE.encode(r.max(s).add(BigInteger.ONE), r, s);
        } catch (IOException e) {
            throw new IllegalStateException("a signature can be encoded", e);
        }
    }

    private byte[] raw(Lane lane, long object, byte[] digest) {
        Mechanism ecdsa = new Mechanism.Plain(Pkcs11.CKM_ECDSA);
        return cryptoki().sign(lane.session(), ecdsa, object, digest);
    }

    /**
     * C_DeriveKey, into an object of the session that is read and destroyed. The caller zeroes the
     * answer after use.
     *
     * @param point the other side's public key, uncompressed
     * @return the x coordinate of the shared point, as long as the curve's field
     */
    byte[] derive(Lane lane, long object, KeySpec spec, byte[] point) {
        Attributes made =
                new Attributes()
                        .with(Pkcs11.CKA_CLASS, Pkcs11.CKO_SECRET_KEY)
                        .with(Pkcs11.CKA_KEY_TYPE, Pkcs11.CKK_GENERIC_SECRET)
                        .with(Pkcs11.CKA_TOKEN, false)
                        .with(Pkcs11.CKA_SENSITIVE, false)
                        .with(Pkcs11.CKA_EXTRACTABLE, true)
                        .with(Pkcs11.CKA_VALUE_LEN, Curve.of(spec).bytes());
        long secret = cryptoki().deriveKey(lane.session(), new Mechanism.Ecdh(point), object, made);
        try {
            return padded(value(lane, secret), Curve.of(spec).bytes());
        } finally {
            cryptoki().destroyObject(lane.session(), secret);
        }
    }

    /**
     * The point of a public key that came from outside: on the curve of a key's spec, and not its
     * neutral element.
     *
     * @throws KmsFault ValidationException, as AWS's without a message if it is no public key
     */
    static byte[] point(KeySpec spec, byte[] publicKey) {
        try {
            // The curve first: other kinds of keys can take long to be parsed.
            AlgorithmIdentifier algorithm =
                    SubjectPublicKeyInfo.getInstance(publicKey).getAlgorithm();
            if (algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                    && name(spec).equals(algorithm.getParameters())
                    && PublicKeys.parse(publicKey) instanceof ECPublicKeyParameters key) {
                return key.getQ().getEncoded(false);
            }
        } catch (RuntimeException e) { // whatever the parser has against it
            log.debug("a public key that cannot be read", e);
            throw KmsFault.bare(FaultName.ValidationException);
        }
        throw KmsFault.of(
                FaultName.ValidationException,
                "PublicKey is not that of a pair on the curve of %s.",
                spec);
    }

    private static ASN1ObjectIdentifier name(KeySpec spec) {
        return ASN1ObjectIdentifier.getInstance(Curve.of(spec).parameters());
    }

    /** A number right-aligned in so many bytes; tokens may leave leading zeros out. It is wiped. */
    private static byte[] padded(byte[] number, int bytes) {
        byte[] whole = new byte[bytes];
        int length = Math.min(bytes, number.length);
        System.arraycopy(number, number.length - length, whole, bytes - length, length);
        Arrays.fill(number, (byte) 0);
        return whole;
    }

    /** CKA_EC_POINT, out of the OCTET STRING that it should be in. */
    private byte[] point(Lane lane, long publicHalf, int length) {
        byte[] given =
                cryptoki()
                        .attributes(lane.session(), publicHalf, Pkcs11.CKA_EC_POINT)
                        .bytes(Pkcs11.CKA_EC_POINT);
        int from = given.length - length;
        if (from < 0 || given[from] != UNCOMPRESSED) {
            throw new ProvenObjects.WrongObjectException("the token's CKA_EC_POINT is no point");
        }
        return Arrays.copyOfRange(given, from, given.length);
    }
}
