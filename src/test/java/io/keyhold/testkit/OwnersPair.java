package io.keyhold.testkit;

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
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
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
public record OwnersPair(byte[] privateKey, byte[] publicKey) {

    /** A new one of a kind. */
    public static OwnersPair of(KeySpec spec) throws GeneralSecurityException {
        if (spec == KeySpec.ECC_SECG_P256K1) {
            return byBouncyCastle();
        }
        KeyPairGenerator generator;
        if (spec.name().startsWith("RSA")) {
            generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(8 * spec.modulusBytes());
        } else {
            generator = KeyPairGenerator.getInstance("EC");
            String bits = spec.name().replace("ECC_NIST_P", "");
            generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
        }
        KeyPair pair = generator.generateKeyPair();
        return new OwnersPair(pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
    }

    private static OwnersPair byBouncyCastle() {
        ECNamedDomainParameters domain =
                ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256k1);
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

    /** The public half of one on a curve. */
    public PublicKey jdkPublicKey() throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(publicKey));
    }
}
