package io.keyhold.operation.imports;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.keyhold.access.Authorized;
import io.keyhold.key.BackingKey;
import io.keyhold.key.FaultName;
import io.keyhold.key.ImportType;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;
import io.keyhold.key.StateRule;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.lifecycle.NewMaterial;
import io.keyhold.lifecycle.WrappingKeys;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.token.KeyStore;
import io.keyhold.token.WrappedMaterial;
import io.keyhold.v1.ExpirationModelType;
import io.keyhold.v1.ImportKeyMaterialRequest;
import io.keyhold.v1.ImportKeyMaterialResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Imports material. */
final class ImportKeyMaterial
        implements Operation<ImportKeyMaterialRequest, ImportKeyMaterialResponse> {

    private static final Duration LONGEST = Duration.ofDays(365);

    private final Lifecycle lifecycle;
    private final WrappingKeys wrappingKeys;
    private final KeyStore keyStore;
    private final ImportTokens tokens;
    private final InstantSource clock;

    ImportKeyMaterial(
            Lifecycle lifecycle,
            WrappingKeys wrappingKeys,
            KeyStore keyStore,
            ImportTokens tokens,
            InstantSource clock) {
        this.lifecycle = lifecycle;
        this.wrappingKeys = wrappingKeys;
        this.keyStore = keyStore;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public Effect<ImportKeyMaterialResponse> prepare(
            Authorized<ImportKeyMaterialRequest> authorized) {
        ImportKeyMaterialRequest request = authorized.request();
        KeyRecord key = authorized.key();
        Importable.require(key);
        key.require(StateRule.IMPORT);
        requireFields(request, key.spec());
        Optional<Instant> validTo = validTo(request);
        return Effect.slow(() -> answer(key, request, validTo));
    }

    private static void requireFields(ImportKeyMaterialRequest request, KeySpec spec) {
        boolean named =
                type(request).isPresent()
                        || request.hasKeyMaterialId()
                        || request.hasKeyMaterialDescription();
        if (named && spec != KeySpec.SYMMETRIC_DEFAULT) {
            throw invalid(
                    "ImportType, KeyMaterialId and KeyMaterialDescription are for symmetric"
                            + " encryption keys only.");
        }
        if (request.hasKeyMaterialId()
                && type(request).filter(ImportType.NEW_KEY_MATERIAL::equals).isPresent()) {
            throw invalid("KeyMaterialId cannot be specified with ImportType NEW_KEY_MATERIAL.");
        }
    }

    private static Optional<ImportType> type(ImportKeyMaterialRequest request) {
        return request.getImportType() == io.keyhold.v1.ImportType.Value.UNSPECIFIED
                ? Optional.empty()
                : Optional.of(ImportType.valueOf(request.getImportType().name()));
    }

    private Optional<Instant> validTo(ImportKeyMaterialRequest request) {
        if (request.getExpirationModel()
                == ExpirationModelType.Value.KEY_MATERIAL_DOES_NOT_EXPIRE) {
            if (request.hasValidTo()) {
                throw invalid(
                        "A validTo date must not be set if the ExpirationModel is"
                                + " KEY_MATERIAL_DOES_NOT_EXPIRE");
            }
            return Optional.empty();
        }
        if (!request.hasValidTo()) {
            throw invalid(
                    "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES");
        }
        return Optional.of(within(request.getValidTo()));
    }

    /** To the millisecond, as it is stored. */
    private Instant within(Timestamp validTo) {
        Instant now = clock.instant();
        Instant time = Instant.ofEpochMilli(Timestamps.toMillis(validTo));
        if (!time.isAfter(now) || time.isAfter(now.plus(LONGEST))) {
            throw invalid("ValidTo must be in the future, and at most 365 days from now.");
        }
        return time;
    }

    private static KmsFault invalid(String text) {
        return KmsFault.of(FaultName.ValidationException, "%s", text);
    }

    private ImportKeyMaterialResponse answer(
            KeyRecord key, ImportKeyMaterialRequest request, Optional<Instant> validTo) {
        ImportToken token = tokens.open(request.getImportToken().toByteArray(), key.arn());
        Importable.require(token.algorithm(), keyStore);
        KeyRecord wrapping =
                wrappingKeys
                        .find(key.arn(), token.wrappingKey())
                        .orElseThrow(ImportTokens::expired);
        BackingKey imported =
                lifecycle.importMaterial(
                        key.arn(),
                        new NewMaterial(
                                new WrappedMaterial(
                                        wrapping.material(wrapping.current()),
                                        token.algorithm(),
                                        request.getEncryptedKeyMaterial().toByteArray()),
                                type(request),
                                given(request.hasKeyMaterialId(), request.getKeyMaterialId()),
                                given(
                                        request.hasKeyMaterialDescription(),
                                        request.getKeyMaterialDescription()),
                                validTo));
        ImportKeyMaterialResponse.Builder answer =
                ImportKeyMaterialResponse.newBuilder().setKeyId(key.arn().toString());
        if (key.spec() == KeySpec.SYMMETRIC_DEFAULT) {
            answer.setKeyMaterialId(imported.keyMaterialId());
        }
        return answer.build();
    }

    private static Optional<String> given(boolean has, String value) {
        return has ? Optional.of(value) : Optional.empty();
    }
}
