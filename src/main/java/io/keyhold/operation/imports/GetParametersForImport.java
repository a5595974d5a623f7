package io.keyhold.operation.imports;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;
import io.keyhold.key.StateRule;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.lifecycle.WrappingKeys;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Timestamps;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.AlgorithmSpec;
import io.keyhold.v1.GetParametersForImportRequest;
import io.keyhold.v1.GetParametersForImportResponse;
import io.keyhold.v1.WrappingKeySpec;
import java.time.Instant;

/** Answers what material has to be wrapped by. */
final class GetParametersForImport
        implements Operation<GetParametersForImportRequest, GetParametersForImportResponse> {

    private static final String NO_SM2 = "SunPKCS11 cannot carry a mechanism for SM2";

    private final WrappingKeys wrappingKeys;
    private final KeyStore keyStore;
    private final ImportTokens tokens;

    GetParametersForImport(WrappingKeys wrappingKeys, KeyStore keyStore, ImportTokens tokens) {
        this.wrappingKeys = wrappingKeys;
        this.keyStore = keyStore;
        this.tokens = tokens;
    }

    @Override
    public Effect<GetParametersForImportResponse> prepare(
            Authorized<GetParametersForImportRequest> authorized) {
        GetParametersForImportRequest request = authorized.request();
        KeyRecord key = authorized.key();
        Importable.require(key);
        key.require(StateRule.IMPORT_PARAMETERS);
        KeySpec wrapping = spec(request.getWrappingKeySpec());
        WrappingAlgorithm algorithm = algorithm(request.getWrappingAlgorithm());
        Importable.require(algorithm, keyStore);
        requireRoom(key.spec(), wrapping, algorithm);
        return Effect.slow(() -> answer(key, wrapping, algorithm));
    }

    private static KeySpec spec(WrappingKeySpec.Value asked) {
        if (asked == WrappingKeySpec.Value.SM2) {
            throw unsupported("WrappingKeySpec", asked, NO_SM2);
        }
        return KeySpec.valueOf(asked.name());
    }

    private static WrappingAlgorithm algorithm(AlgorithmSpec.Value asked) {
        return switch (asked) {
            case SM2PKE -> throw unsupported("WrappingAlgorithm", asked, NO_SM2);
            case RSAES_PKCS1_V1_5 ->
                    throw unsupported("WrappingAlgorithm", asked, "its padding invites oracles");
            default -> WrappingAlgorithm.valueOf(asked.name());
        };
    }

    private static KmsFault unsupported(String field, Enum<?> asked, String why) {
        return KmsFault.of(
                FaultName.UnsupportedOperationException,
                "%s %s is not supported: %s.",
                field,
                asked,
                why);
    }

    /** RSA alone takes no more than its modulus has room for. */
    private static void requireRoom(KeySpec spec, KeySpec wrapping, WrappingAlgorithm algorithm) {
        boolean tooLong =
                switch (spec) {
                    case RSA_2048, RSA_3072, RSA_4096 -> true;
                    case ECC_NIST_P521 -> wrapping == KeySpec.RSA_2048;
                    default -> false;
                };
        if (tooLong && !algorithm.isKeyWrap()) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "WrappingAlgorithm %s with WrappingKeySpec %s cannot wrap key material of %s;"
                            + " RSA_AES_KEY_WRAP_SHA_1 and RSA_AES_KEY_WRAP_SHA_256 can.",
                    algorithm,
                    wrapping,
                    spec);
        }
    }

    private GetParametersForImportResponse answer(
            KeyRecord key, KeySpec spec, WrappingAlgorithm algorithm) {
        KeyRecord wrapping = wrappingKeys.current(key.arn(), spec);
        Instant validTo = tokens.now().plus(WrappingKeys.LIFE);
        ImportToken token = new ImportToken(key.arn(), wrapping.id(), algorithm, validTo);
        byte[] publicKey = keyStore.publicKey(wrapping.material(wrapping.current()));
        return GetParametersForImportResponse.newBuilder()
                .setKeyId(key.arn().toString())
                .setImportToken(UnsafeByteOperations.unsafeWrap(tokens.issue(token)))
                .setPublicKey(UnsafeByteOperations.unsafeWrap(publicKey))
                .setParametersValidTo(Timestamps.of(validTo))
                .build();
    }
}
