package io.keyhold.operation.crypto;

import com.google.protobuf.ByteString;
import io.keyhold.access.Need;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DeriveSharedSecretRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GenerateMacRequest;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.SignRequest;
import io.keyhold.v1.VerifyMacRequest;
import io.keyhold.v1.VerifyRequest;
import java.util.List;

/** The rows of this room. */
public final class CryptoVerbs {

    private CryptoVerbs() {}

    public static List<Verb<?, ?>> rows(KeyStore keyStore, Lifecycle lifecycle) {
        SymmetricCipher cipher = new SymmetricCipher(keyStore, lifecycle);
        Hmacs hmacs = new Hmacs(keyStore);
        return List.of(
                Verb.ofKeyOrAlias(
                        "Encrypt",
                        EncryptRequest.getDefaultInstance(),
                        AuditClass.USE,
                        EncryptRequest::getKeyId,
                        new Encrypt(cipher)),
                new Verb<>(
                        "Decrypt",
                        DecryptRequest.getDefaultInstance(),
                        AuditClass.USE,
                        CryptoVerbs::decryptNeeds,
                        new Decrypt(cipher)),
                new Verb<>(
                        "ReEncrypt",
                        ReEncryptRequest.getDefaultInstance(),
                        AuditClass.USE,
                        CryptoVerbs::reEncryptNeeds,
                        new ReEncrypt(cipher)),
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
                        new GenerateDataKeyWithoutPlaintext(cipher)),
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

    private static List<Need> decryptNeeds(DecryptRequest request) {
        return List.of(ciphertext("kms:Decrypt", request.getCiphertextBlob(), request.getKeyId()));
    }

    private static List<Need> reEncryptNeeds(ReEncryptRequest request) {
        return List.of(
                ciphertext(
                        "kms:ReEncryptFrom", request.getCiphertextBlob(), request.getSourceKeyId()),
                new Need("kms:ReEncryptTo", new Need.KeyOrAlias(request.getDestinationKeyId())));
    }

    private static Need ciphertext(String action, ByteString blob, String identifier) {
        return new Need(action, new Need.CiphertextKey(blob.asReadOnlyByteBuffer(), identifier));
    }
}
