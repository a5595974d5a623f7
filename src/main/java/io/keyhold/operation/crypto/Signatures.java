package io.keyhold.operation.crypto;

import com.google.protobuf.ByteString;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.key.StateRule;
import io.keyhold.v1.MessageType;
import io.keyhold.v1.SigningAlgorithmSpec;

/** What Sign and Verify have in common: algorithm, and what is signed of a message. */
final class Signatures {

    private Signatures() {}

    /**
     * The algorithm, if the key can do this verb with it, in its state.
     *
     * @throws KmsFault InvalidKeyUsageException, UnsupportedOperationException, DisabledException
     *     or KMSInvalidStateException
     */
    static SigningAlgorithm require(KeyRecord key, SigningAlgorithmSpec.Value asked, String verb) {
        Usages.require(key, KeyUsage.SIGN_VERIFY, verb);
        SigningAlgorithm algorithm = SigningAlgorithm.valueOf(asked.name());
        if (!SigningAlgorithm.of(key.spec()).contains(algorithm)) {
            throw algorithm.isMissingFor(key.spec())
                    ? unsupported(algorithm)
                    : Usages.incompatible(algorithm, key);
        }
        key.require(StateRule.USE);
        return algorithm;
    }

    private static KmsFault unsupported(SigningAlgorithm algorithm) {
        return KmsFault.of(
                FaultName.UnsupportedOperationException,
                "SigningAlgorithm %s is not supported: SunPKCS11 cannot carry the parameters of"
                        + " CKM_EDDSA.",
                algorithm);
    }

    /**
     * What is signed.
     *
     * @throws KmsFault ValidationException if the algorithm does not take such a message
     */
    static byte[] input(SigningAlgorithm algorithm, MessageType.Value type, ByteString message) {
        return switch (type) {
            case UNSPECIFIED, RAW -> algorithm.input(message.toByteArray());
            case DIGEST -> digest(algorithm, message);
            default -> throw wrongType(algorithm, type);
        };
    }

    private static byte[] digest(SigningAlgorithm algorithm, ByteString digest) {
        if (algorithm.digest().isEmpty()) {
            throw wrongType(algorithm, MessageType.Value.DIGEST);
        }
        if (digest.size() != algorithm.digestLength()) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "Digest is invalid length for algorithm %s.",
                    algorithm);
        }
        return digest.toByteArray();
    }

    private static KmsFault wrongType(SigningAlgorithm algorithm, MessageType.Value type) {
        return KmsFault.of(
                FaultName.ValidationException,
                "MessageType %s is not valid for algorithm %s.",
                type,
                algorithm);
    }
}
