package io.keyhold.operation.imports;

import io.keyhold.identity.Seal;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.lifecycle.WrappingKeys;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.DeleteImportedKeyMaterialRequest;
import io.keyhold.v1.GetParametersForImportRequest;
import io.keyhold.v1.ImportKeyMaterialRequest;
import java.time.InstantSource;
import java.util.List;

/** The rows of this room. */
public final class ImportVerbs {

    private ImportVerbs() {}

    public static List<Verb<?, ?>> rows(
            Lifecycle lifecycle,
            WrappingKeys wrappingKeys,
            KeyStore keyStore,
            Seal seal,
            InstantSource clock) {
        ImportTokens tokens = new ImportTokens(seal, clock);
        return List.of(
                Verb.ofKey(
                        "GetParametersForImport",
                        GetParametersForImportRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        GetParametersForImportRequest::getKeyId,
                        new GetParametersForImport(wrappingKeys, keyStore, tokens)),
                Verb.ofKey(
                        "ImportKeyMaterial",
                        ImportKeyMaterialRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        ImportKeyMaterialRequest::getKeyId,
                        new ImportKeyMaterial(lifecycle, wrappingKeys, keyStore, tokens, clock)),
                Verb.ofKey(
                        "DeleteImportedKeyMaterial",
                        DeleteImportedKeyMaterialRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        DeleteImportedKeyMaterialRequest::getKeyId,
                        new DeleteImportedKeyMaterial(lifecycle)));
    }
}
