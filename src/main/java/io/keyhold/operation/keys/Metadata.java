package io.keyhold.operation.keys;

import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Timestamps;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.CustomerMasterKeySpec;
import io.keyhold.v1.ExpirationModelType;
import io.keyhold.v1.KeyManagerType;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.OriginType;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** A key as callers see it. */
final class Metadata {

    private Metadata() {}

    static KeyMetadata of(KeyRecord key, KeyStore keyStore) {
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
                        .setKeySpec(KeySpec.Value.valueOf(key.spec().name()))
                        .setMultiRegion(key.id().multiRegion())
                        .addAllEncryptionAlgorithms(Algorithms.encryption(key, keyStore))
                        .addAllSigningAlgorithms(Algorithms.signing(key))
                        .addAllKeyAgreementAlgorithms(Algorithms.agreement(key))
                        .addAllMacAlgorithms(Algorithms.mac(key));
        olderName(key).ifPresent(metadata::setCustomerMasterKeySpec);
        if (key.spec() == io.keyhold.key.KeySpec.SYMMETRIC_DEFAULT && key.currentId() != null) {
            metadata.setCurrentKeyMaterialId(key.current().keyMaterialId());
        }
        if (key.origin() == KeyOrigin.EXTERNAL && !key.materials().isEmpty()) {
            addExpiration(key, metadata);
        }
        key.schedule()
                .deletion()
                .ifPresent(end -> metadata.setDeletionDate(Timestamps.of(end.date())));
        return metadata.build();
    }

    private static void addExpiration(KeyRecord key, KeyMetadata.Builder metadata) {
        Optional<Instant> first =
                key.backingKeys().stream()
                        .flatMap(each -> each.expires().stream())
                        .min(Comparator.naturalOrder());
        metadata.setExpirationModel(
                first.isPresent()
                        ? ExpirationModelType.Value.KEY_MATERIAL_EXPIRES
                        : ExpirationModelType.Value.KEY_MATERIAL_DOES_NOT_EXPIRE);
        first.ifPresent(time -> metadata.setValidTo(Timestamps.of(time)));
    }

    /** The spec under its older name, which newer specs do not have. */
    static Optional<CustomerMasterKeySpec.Value> olderName(KeyRecord key) {
        return Optional.ofNullable(
                        CustomerMasterKeySpec.Value.getDescriptor()
                                .findValueByName(key.spec().name()))
                .map(CustomerMasterKeySpec.Value::valueOf);
    }
}
