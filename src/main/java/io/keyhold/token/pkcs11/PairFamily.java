package io.keyhold.token.pkcs11;

import io.keyhold.key.Bytes16;
import io.keyhold.key.Canary;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Material;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.token.DataKeyPair;
import io.keyhold.token.PublicKeys;
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;
import java.io.IOException;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/**
 * A family of pairs. Both halves are objects of the token; the private one operates. The known
 * answer of a pair is its public key: the private half has to show that it belongs to it.
 */
abstract class PairFamily implements Family {

    private final Cryptoki cryptoki;
    private final Turns turns;

    PairFamily(Cryptoki cryptoki, Turns turns) {
        this.cryptoki = cryptoki;
        this.turns = turns;
    }

    final Cryptoki cryptoki() {
        return cryptoki;
    }

    /** How a pair is made. */
    abstract Mechanism generation();

    /** CKA_KEY_TYPE of both halves. */
    abstract long keyType();

    /** What the public half is made from, and what it may do. */
    abstract Attributes publicHalf(Attributes template, KeySpec spec, KeyUsage usage);

    /** With which mechanisms the private half operates. */
    abstract long[] mechanisms(KeyUsage usage);

    /** The public key that a public half holds, as SubjectPublicKeyInfo, DER. */
    abstract byte[] publicKey(Lane lane, long publicHalf, KeySpec spec);

    /**
     * PKCS#8 of a private half that may leave the token.
     *
     * @param publicKey its public half's SubjectPublicKeyInfo
     */
    abstract byte[] privateKey(Lane lane, long privateHalf, byte[] publicKey);

    /**
     * The public key of a private half that was unwrapped for this session and may sign.
     *
     * @return SubjectPublicKeyInfo, DER
     * @throws WrongObjectException if it is not of the spec
     * @throws IllegalArgumentException likewise
     */
    abstract byte[] publicKeyOf(Lane lane, long trial, KeySpec spec);

    /** What a public half holds of a public key. */
    abstract Attributes numbers(Attributes template, byte[] publicKey);

    /** Whether a private half belongs to a public key, shown by an operation of its usage. */
    abstract boolean belongs(Lane lane, long object, Material material, byte[] publicKey);

    /** Likewise, by every algorithm that is offered for it: before the pair is first used. */
    boolean doesAll(Lane lane, long object, Material material, byte[] publicKey) {
        return belongs(lane, object, material, publicKey);
    }

    /**
     * C_Sign.
     *
     * @param input the digest, or the message if the algorithm has none
     * @return in AWS's encoding
     */
    abstract byte[] sign(Lane lane, long object, SigningAlgorithm algorithm, byte[] input);

    @Override
    public final long objectClass() {
        return Pkcs11.CKO_PRIVATE_KEY;
    }

    @Override
    public final Attributes trial(KeySpec spec) {
        return SealedKey.trial(Pkcs11.CKO_PRIVATE_KEY, keyType());
    }

    @Override
    public final byte[] identity(Lane lane, long trial, KeySpec spec) {
        try {
            return publicKeyOf(lane, trial, spec);
        } catch (WrongObjectException | IllegalArgumentException e) {
            throw SealedKey.incorrect(spec); // numbers that are no key's
        }
    }

    @Override
    public final Attributes unwrapped(Material material) {
        return template(material).without(cryptoki.lacking());
    }

    @Override
    public final void complete(Lane lane, Material material, byte[] identity) {
        Attributes usages =
                publicHalf(
                                SealedKey.publicHalf(keyType(), material),
                                material.spec(),
                                material.usage())
                        .without(Pkcs11.CKA_MODULUS_BITS); // which is for pairs that are made
        Attributes publicHalf = numbers(usages, identity).without(cryptoki.lacking());
        cryptoki.createObject(lane.session(), publicHalf);
    }

    @Override
    public final long generate(Lane lane, Material material) {
        Attributes publicHalf =
                publicHalf(
                        SealedKey.publicHalf(keyType(), material),
                        material.spec(),
                        material.usage());
        return cryptoki.generateKeyPair(
                        lane.session(),
                        generation(),
                        publicHalf.without(cryptoki.lacking()),
                        template(material).without(cryptoki.lacking()))
                .privateKey();
    }

    /** A pair for use outside, made by the token in this session; it keeps nothing of it. */
    final DataKeyPair forOutside(Lane lane, KeySpec spec) {
        Attributes publicHalf =
                publicHalf(
                        new Attributes().with(Pkcs11.CKA_TOKEN, false), spec, KeyUsage.SIGN_VERIFY);
        Attributes privateHalf =
                new Attributes()
                        .with(Pkcs11.CKA_TOKEN, false)
                        .with(Pkcs11.CKA_PRIVATE, true)
                        .with(Pkcs11.CKA_SENSITIVE, false)
                        .with(Pkcs11.CKA_EXTRACTABLE, true)
                        .with(Pkcs11.CKA_SIGN, true)
                        .with(Pkcs11.CKA_DECRYPT, false) // as the other half may not encrypt
                        .with(Pkcs11.CKA_UNWRAP, false);
        Cryptoki.KeyPair pair =
                cryptoki.generateKeyPair(lane.session(), generation(), publicHalf, privateHalf);
        try {
            byte[] publicKey = publicKey(lane, pair.publicKey(), spec);
            return new DataKeyPair(privateKey(lane, pair.privateKey(), publicKey), publicKey);
        } finally {
            try {
                cryptoki.destroyObject(lane.session(), pair.privateKey());
            } finally {
                cryptoki.destroyObject(lane.session(), pair.publicKey());
            }
        }
    }

    @Override
    public final Canary canary(Lane lane, long object, Material material) {
        byte[] publicKey = publicKey(lane, publicHalf(lane, material), material.spec());
        if (!doesAll(lane, object, material, publicKey)) {
            throw new WrongObjectException(material.label() + ": its halves are of two pairs");
        }
        return new Canary(publicKey);
    }

    @Override
    public final boolean answers(Lane lane, long object, Material material, Canary canary) {
        return belongs(lane, object, material, canary.bytes());
    }

    /** A signature of nothing in particular, which the public key verifies. */
    final boolean signs(Lane lane, long object, Material material, byte[] publicKey) {
        SigningAlgorithm algorithm = SigningAlgorithm.of(material.spec()).iterator().next();
        byte[] input = algorithm.input(SealedKey.identity(material));
        return PublicKeys.verify(publicKey, algorithm, input, sign(lane, object, algorithm, input));
    }

    @Override
    public final Attributes template(Material material) {
        KeyUsage usage = material.usage();
        return SealedKey.template(Pkcs11.CKO_PRIVATE_KEY, keyType(), material)
                .with(Pkcs11.CKA_SIGN, usage == KeyUsage.SIGN_VERIFY)
                .with(Pkcs11.CKA_DECRYPT, decrypts(usage))
                .with(Pkcs11.CKA_DERIVE, usage == KeyUsage.KEY_AGREEMENT)
                .with(Pkcs11.CKA_UNWRAP, usage == KeyUsage.UNWRAP)
                .withAll(Pkcs11.CKA_ALLOWED_MECHANISMS, mechanisms(usage));
    }

    /** CKA_DECRYPT of a private half. */
    boolean decrypts(KeyUsage usage) {
        return usage == KeyUsage.ENCRYPT_DECRYPT;
    }

    /** CKA_VALUE of an object that may leave the token. The caller wipes it. */
    final byte[] value(Lane lane, long object) {
        Attributes given = cryptoki.attributes(lane.session(), object, Pkcs11.CKA_VALUE);
        byte[] value = given.bytes(Pkcs11.CKA_VALUE);
        given.wipe();
        return value;
    }

    /** How a public key names its algorithm, DER. */
    static byte[] algorithm(byte[] publicKey) {
        try {
            return SubjectPublicKeyInfo.getInstance(publicKey)
                    .getAlgorithm()
                    .getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("an algorithm can be encoded", e);
        }
    }

    /** SubjectPublicKeyInfo of a public key, DER. */
    static byte[] der(AsymmetricKeyParameter key) {
        try {
            return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key)
                    .getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("a public key can be encoded", e);
        }
    }

    @Override
    public final boolean isWhole(Lane lane, Material material) {
        return publicHalves(lane, material).size() == 1;
    }

    private List<Long> publicHalves(Lane lane, Material material) {
        Attributes wanted =
                new Attributes()
                        .with(Pkcs11.CKA_CLASS, Pkcs11.CKO_PUBLIC_KEY)
                        .with(Pkcs11.CKA_ID, Bytes16.of(material.ckaId()))
                        .with(Pkcs11.CKA_LABEL, material.label());
        return turns.take(() -> cryptoki.findObjects(lane.session(), wanted));
    }

    private long publicHalf(Lane lane, Material material) {
        List<Long> found = publicHalves(lane, material);
        if (found.size() != 1) {
            throw new WrongObjectException(
                    material.label() + " has " + found.size() + " public halves");
        }
        return found.getFirst();
    }
}
