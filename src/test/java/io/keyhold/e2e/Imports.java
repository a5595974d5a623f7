package io.keyhold.e2e;

import com.google.protobuf.ByteString;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.testkit.Wrapping;
import io.keyhold.v1.AlgorithmSpec;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.ExpirationModelType;
import io.keyhold.v1.GetParametersForImportRequest;
import io.keyhold.v1.GetParametersForImportResponse;
import io.keyhold.v1.ImportKeyMaterialRequest;
import io.keyhold.v1.OriginType;
import io.keyhold.v1.WrappingKeySpec;

/** Keys that wait for material of their owner, and material for them. */
final class Imports {

    private Imports() {}

    /** The ID of a new symmetric key without material. */
    static String external(Client client) {
        return client.call(
                        Rpc.CREATE_KEY,
                        CreateKeyRequest.newBuilder().setOrigin(OriginType.Value.EXTERNAL).build())
                .getKeyMetadata()
                .getKeyId();
    }

    /** Imports random material into such a key. */
    static ImportKeyMaterialRequest request(Client client, String keyId) {
        GetParametersForImportResponse parameters =
                client.call(
                        Rpc.GET_PARAMETERS_FOR_IMPORT,
                        GetParametersForImportRequest.newBuilder()
                                .setKeyId(keyId)
                                .setWrappingAlgorithm(AlgorithmSpec.Value.RSAES_OAEP_SHA_1)
                                .setWrappingKeySpec(WrappingKeySpec.Value.RSA_2048)
                                .build());
        byte[] wrapped =
                Wrapping.wrap(
                        parameters.getPublicKey().toByteArray(),
                        WrappingAlgorithm.RSAES_OAEP_SHA_1,
                        Wrapping.random(32));
        return ImportKeyMaterialRequest.newBuilder()
                .setKeyId(keyId)
                .setImportToken(parameters.getImportToken())
                .setEncryptedKeyMaterial(ByteString.copyFrom(wrapped))
                .setExpirationModel(ExpirationModelType.Value.KEY_MATERIAL_DOES_NOT_EXPIRE)
                .build();
    }
}
