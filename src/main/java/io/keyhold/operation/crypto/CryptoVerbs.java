package io.keyhold.operation.crypto;

import com.google.protobuf.ByteString;
import io.keyhold.access.Need;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.DecapsulateRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DeriveSharedSecretRequest;
import io.keyhold.v1.EncapsulateRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.GenerateDataKeyPairRequest;
import io.keyhold.v1.GenerateDataKeyPairWithoutPlaintextRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GenerateMacRequest;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.SignRequest;
import io.keyhold.v1.VerifyMacRequest;
import io.keyhold.v1.VerifyRequest;
import java.util.ArrayList;
import java.util.List;

/** The rows of this room. */
public final class CryptoVerbs {

    private CryptoVerbs() {}

    public static List<Verb<?, ?>> rows(KeyStore keyStore, Lifecycle lifecycle) {
        List<Verb<?, ?>> rows = new ArrayList<>();
        SymmetricCipher cipher = new SymmetricCipher(keyStore, lifecycle);
        rows.addAll(ciphers(cipher, new RsaCipher(keyStore)));
        rows.addAll(dataKeyPairs(new DataKeyPairs(keyStore, cipher)));
        rows.addAll(others(keyStore, new Hmacs(keyStore)));
        rows.addAll(encapsulations(keyStore));
        return rows;
    }

    /** What has to do with ciphertexts. */
    private static List<Verb<?, ?>> ciphers(SymmetricCipher cipher, RsaCipher rsa) {
        return List.of(
                Verb.ofKeyOrAlias(
                        "Encrypt",
                        EncryptRequest.getDefaultInstance(),
                        AuditClass.USE,
                        EncryptRequest::getKeyId,
                        new Encrypt(cipher, rsa)),
                new Verb<>(
                        "Decrypt",
                        DecryptRequest.getDefaultInstance(),
                        AuditClass.USE,
                        CryptoVerbs::decryptNeeds,
                        new Decrypt(cipher, rsa)),
                new Verb<>(
                        "ReEncrypt",
                        ReEncryptRequest.getDefaultInstance(),
                        AuditClass.USE,
                        CryptoVerbs::reEncryptNeeds,
                        new ReEncrypt(cipher, rsa)),
                Verb.ofKeyOrAlias(
                        "GenerateDataKey",
                        GenerateDataKeyRequest.getDefaultInstance(),
                        AuditClass.USE,
                        GenerateDataKeyRequest::getKeyId,
                        new GenerateDataKey(cipher)),
                Verb.ofKeyOrAlias(
                        "GenerateDataKeyWithoutPlaintext",
                        GenerateDataKeyWithoutPlaintextRequest.getDefaultInstance(),
                        AuditClass.USE,
                        GenerateDataKeyWithoutPlaintextRequest::getKeyId,
                        new GenerateDataKeyWithoutPlaintext(cipher)));
    }

    private static List<Verb<?, ?>> dataKeyPairs(DataKeyPairs pairs) {
        return List.of(
                Verb.ofKeyOrAlias(
                        "GenerateDataKeyPair",
                        GenerateDataKeyPairRequest.getDefaultInstance(),
                        AuditClass.USE,
                        GenerateDataKeyPairRequest::getKeyId,
                        new GenerateDataKeyPair(pairs)),
                Verb.ofKeyOrAlias(
                        "GenerateDataKeyPairWithoutPlaintext",
                        GenerateDataKeyPairWithoutPlaintextRequest.getDefaultInstance(),
                        AuditClass.USE,
                        GenerateDataKeyPairWithoutPlaintextRequest::getKeyId,
                        new GenerateDataKeyPairWithoutPlaintext(pairs)));
    }

    /** Codes, signatures, secrets. */
    private static List<Verb<?, ?>> others(KeyStore keyStore, Hmacs hmacs) {
        return List.of(
                Verb.ofKeyOrAlias(
                        "GenerateMac",
                        GenerateMacRequest.getDefaultInstance(),
                        AuditClass.USE,
                        GenerateMacRequest::getKeyId,
                        new GenerateMac(hmacs)),
                Verb.ofKeyOrAlias(
                        "VerifyMac",
                        VerifyMacRequest.getDefaultInstance(),
                        AuditClass.USE,
                        VerifyMacRequest::getKeyId,
                        new VerifyMac(hmacs)),
                Verb.ofKeyOrAlias(
                        "Sign",
                        SignRequest.getDefaultInstance(),
                        AuditClass.USE,
                        SignRequest::getKeyId,
                        new Sign(keyStore)),
                Verb.ofKeyOrAlias(
                        "Verify",
                        VerifyRequest.getDefaultInstance(),
                        AuditClass.USE,
                        VerifyRequest::getKeyId,
                        new Verify(keyStore)),
                Verb.ofKeyOrAlias(
                        "DeriveSharedSecret",
                        DeriveSharedSecretRequest.getDefaultInstance(),
                        AuditClass.USE,
                        DeriveSharedSecretRequest::getKeyId,
                        new DeriveSharedSecret(keyStore)),
                Verb.ofAccount(
                        "GenerateRandom",
                        GenerateRandomRequest.getDefaultInstance(),
                        AuditClass.USE,
                        new GenerateRandom(keyStore)));
    }

    private static List<Verb<?, ?>> encapsulations(KeyStore keyStore) {
        return List.of(
                Verb.ofKeyOrAlias(
                        "Encapsulate",
                        EncapsulateRequest.getDefaultInstance(),
                        AuditClass.USE,
                        EncapsulateRequest::getKeyId,
                        new Encapsulate(keyStore)),
                Verb.ofKeyOrAlias(
                        "Decapsulate",
                        DecapsulateRequest.getDefaultInstance(),
                        AuditClass.USE,
                        DecapsulateRequest::getKeyId,
                        new Decapsulate(keyStore)));
    }

    private static List<Need> decryptNeeds(DecryptRequest request) {
        return List.of(
                ciphertext(
                        "kms:Decrypt",
                        request.getEncryptionAlgorithm(),
                        request.getCiphertextBlob(),
                        request.getKeyId()));
    }

    private static List<Need> reEncryptNeeds(ReEncryptRequest request) {
        return List.of(
                ciphertext(
                        "kms:ReEncryptFrom",
                        request.getSourceEncryptionAlgorithm(),
                        request.getCiphertextBlob(),
                        request.getSourceKeyId()),
                new Need("kms:ReEncryptTo", new Need.KeyOrAlias(request.getDestinationKeyId())));
    }

    /** A pair's ciphertext says nothing of its key, so that the request names it. */
    private static Need ciphertext(
            String action,
            EncryptionAlgorithmSpec.Value algorithm,
            ByteString blob,
            String identifier) {
        Need.Target target =
                RsaCipher.isMeant(algorithm) && !identifier.isEmpty()
                        ? new Need.KeyOrAlias(identifier)
                        : new Need.CiphertextKey(blob.asReadOnlyByteBuffer(), identifier);
        return new Need(action, target);
    }
}
