package io.keyhold.e2e;

import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.OriginType;

/** Keys that a test makes by AWS's SDK. */
final class AwsKeys {

    /** The ID of a key that there is not. */
    static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    private AwsKeys() {}

    static KeyMetadata symmetric(KmsClient kms) {
        return kms.createKey().keyMetadata();
    }

    static String id(KmsClient kms) {
        return symmetric(kms).keyId();
    }

    static String disabled(KmsClient kms) {
        String key = id(kms);
        kms.disableKey(r -> r.keyId(key));
        return key;
    }

    static String pendingDeletion(KmsClient kms) {
        String key = id(kms);
        kms.scheduleKeyDeletion(r -> r.keyId(key));
        return key;
    }

    /** A key that waits for material. */
    static String external(KmsClient kms) {
        return kms.createKey(r -> r.origin(OriginType.EXTERNAL)).keyMetadata().keyId();
    }

    static String mac(KmsClient kms) {
        return of(kms, KeySpec.HMAC_256, KeyUsageType.GENERATE_VERIFY_MAC);
    }

    /** A pair on P-256. */
    static String pair(KmsClient kms, KeyUsageType usage) {
        return of(kms, KeySpec.ECC_NIST_P256, usage);
    }

    private static String of(KmsClient kms, KeySpec spec, KeyUsageType usage) {
        return kms.createKey(r -> r.keySpec(spec).keyUsage(usage)).keyMetadata().keyId();
    }
}
