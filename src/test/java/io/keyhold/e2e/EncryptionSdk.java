package io.keyhold.e2e;

import com.amazonaws.encryptionsdk.kmssdkv2.KmsMasterKeyProvider;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.cryptography.materialproviders.IKeyring;
import software.amazon.cryptography.materialproviders.MaterialProviders;
import software.amazon.cryptography.materialproviders.model.CreateAwsKmsKeyringInput;
import software.amazon.cryptography.materialproviders.model.MaterialProvidersConfig;

/** The two ways of AWS's Encryption SDK for Java to a key. */
final class EncryptionSdk {

    private EncryptionSdk() {}

    static KmsMasterKeyProvider masterKey(KmsClient kms, String arn) {
        return KmsMasterKeyProvider.builder()
                .customRegionalClientSupplier(region -> kms)
                .buildStrict(arn);
    }

    static IKeyring keyring(KmsClient kms, String arn) {
        return MaterialProviders.builder()
                .MaterialProvidersConfig(MaterialProvidersConfig.builder().build())
                .build()
                .CreateAwsKmsKeyring(
                        CreateAwsKmsKeyringInput.builder().kmsClient(kms).kmsKeyId(arn).build());
    }
}
