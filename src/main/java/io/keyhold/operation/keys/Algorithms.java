package io.keyhold.operation.keys;

import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.MacAlgorithm;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.KeyAgreementAlgorithmSpec;
import io.keyhold.v1.MacAlgorithmSpec;
import io.keyhold.v1.SigningAlgorithmSpec;
import java.util.List;

/** The algorithms that a key can do, as callers see them. */
final class Algorithms {

    private Algorithms() {}

    static List<EncryptionAlgorithmSpec.Value> encryption(KeyRecord key, KeyStore keyStore) {
        return key.usage() == KeyUsage.ENCRYPT_DECRYPT
                ? keyStore.deciphers(key.spec()).stream()
                        .map(each -> EncryptionAlgorithmSpec.Value.valueOf(each.name()))
                        .toList()
                : List.of();
    }

    static List<SigningAlgorithmSpec.Value> signing(KeyRecord key) {
        return key.usage() == KeyUsage.SIGN_VERIFY
                ? SigningAlgorithm.of(key.spec()).stream()
                        .map(each -> SigningAlgorithmSpec.Value.valueOf(each.name()))
                        .toList()
                : List.of();
    }

    static List<KeyAgreementAlgorithmSpec.Value> agreement(KeyRecord key) {
        return key.usage() == KeyUsage.KEY_AGREEMENT
                ? List.of(KeyAgreementAlgorithmSpec.Value.ECDH)
                : List.of();
    }

    static List<MacAlgorithmSpec.Value> mac(KeyRecord key) {
        return MacAlgorithm.of(key.spec()).stream()
                .map(each -> MacAlgorithmSpec.Value.valueOf(each.name()))
                .toList();
    }
}
