package io.keyhold.token;

import io.keyhold.key.SigningAlgorithm;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;

/**
 * What RSASSA-PKCS1-v1_5 signs: a digest with the name of its hash.
 *
 * @see "RFC 8017, section 9.2"
 */
public final class DigestInfos {

    private DigestInfos() {}

    /** DER of a digest's DigestInfo. */
    public static byte[] of(SigningAlgorithm algorithm, byte[] digest) {
        AlgorithmIdentifier hash =
                new AlgorithmIdentifier(identifier(algorithm.digest()), DERNull.INSTANCE);
        try {
            return new DigestInfo(hash, digest).getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("a DigestInfo can be encoded", e);
        }
    }

    private static ASN1ObjectIdentifier identifier(String digest) {
        return switch (digest) {
            case "SHA-256" -> NISTObjectIdentifiers.id_sha256;
            case "SHA-384" -> NISTObjectIdentifiers.id_sha384;
            case "SHA-512" -> NISTObjectIdentifiers.id_sha512;
            default -> throw new IllegalArgumentException(digest);
        };
    }
}
