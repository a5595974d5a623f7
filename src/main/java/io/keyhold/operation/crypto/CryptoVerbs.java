package io.keyhold.operation.crypto;

import io.keyhold.access.Need;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.EncryptRequest;
import java.util.List;

/** The rows of this room. */
public final class CryptoVerbs {

    private CryptoVerbs() {}

    public static List<Verb<?, ?>> rows(KeyStore keyStore) {
        return List.of(
                Verb.ofKey(
                        "Encrypt",
                        EncryptRequest.getDefaultInstance(),
                        AuditClass.USE,
                        EncryptRequest::getKeyId,
                        new Encrypt(keyStore)),
                new Verb<>(
                        "Decrypt",
                        DecryptRequest.getDefaultInstance(),
                        AuditClass.USE,
                        CryptoVerbs::decryptNeeds,
                        new Decrypt(keyStore)));
    }

    private static List<Need> decryptNeeds(DecryptRequest request) {
        return List.of(
                new Need(
                        "kms:Decrypt",
                        new Need.CiphertextKey(
                                request.getCiphertextBlob().asReadOnlyByteBuffer(),
                                request.getKeyId())));
    }
}
