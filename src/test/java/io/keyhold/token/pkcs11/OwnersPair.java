package io.keyhold.token.pkcs11;

import io.keyhold.key.KeySpec;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/**
 * A pair that somebody has outside: by the JDK, or by Bouncy Castle for the curve that it lacks.
 *
 * @param privateKey PKCS #8
 * @param publicKey SubjectPublicKeyInfo
 */
record OwnersPair(byte[] privateKey, byte[] publicKey) {

    static OwnersPair of(KeySpec spec) throws GeneralSecurityException {
        if (spec == KeySpec.ECC_SECG_P256K1) {
            return byBouncyCastle(spec);
        }
        KeyPairGenerator generator;
        if (spec.name().startsWith("RSA")) {
            generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(8 * spec.modulusBytes());
        } else {
            generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(Curve.of(spec).jcaName()));
        }
        KeyPair pair = generator.generateKeyPair();
        return new OwnersPair(pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
    }

    private static OwnersPair byBouncyCastle(KeySpec spec) {
        ECNamedDomainParameters domain =
                ECNamedDomainParameters.lookup(
                        ASN1ObjectIdentifier.getInstance(Curve.of(spec).parameters()));
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(domain, new SecureRandom()));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        try {
            return new OwnersPair(
                    PrivateKeyInfoFactory.createPrivateKeyInfo(pair.getPrivate()).getEncoded(),
                    SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(pair.getPublic())
                            .getEncoded());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    PublicKey jdkPublicKey() throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(publicKey));
    }
}
