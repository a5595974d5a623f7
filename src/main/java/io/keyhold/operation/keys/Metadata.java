package io.keyhold.operation.keys;

import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Timestamps;
import io.keyhold.v1.CustomerMasterKeySpec;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.KeyManagerType;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.OriginType;

/** A key as callers see it. */
final class Metadata {

    private Metadata() {}

    static KeyMetadata of(KeyRecord key) {
        KeyMetadata.Builder metadata =
                KeyMetadata.newBuilder()
                        .setAwsAccountId(key.arn().account())
                        .setKeyId(key.id().toString())
                        .setArn(key.arn().toString())
                        .setCreationDate(Timestamps.of(key.createdAt()))
                        .setEnabled(key.state() == io.keyhold.key.KeyState.Enabled)
                        .setDescription(key.description())
                        .setKeyUsage(KeyUsageType.Value.valueOf(key.usage().name()))
                        .setKeyState(KeyState.Value.valueOf(key.state().name()))
                        .setOrigin(OriginType.Value.valueOf(key.origin().name()))
                        .setKeyManager(KeyManagerType.Value.valueOf(key.manager().name()))
                        .setCustomerMasterKeySpec(
                                CustomerMasterKeySpec.Value.valueOf(key.spec().name()))
                        .setKeySpec(KeySpec.Value.valueOf(key.spec().name()))
                        .addEncryptionAlgorithms(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT)
                        .setMultiRegion(key.id().multiRegion())
                        .setCurrentKeyMaterialId(key.current().keyMaterialId());
        key.schedule()
                .deletion()
                .ifPresent(end -> metadata.setDeletionDate(Timestamps.of(end.date())));
        return metadata.build();
    }
}
