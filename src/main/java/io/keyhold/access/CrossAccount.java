package io.keyhold.access;

import java.util.Set;

/**
 * What may be done with a key of another account, if both accounts allow it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html">Allowing
 *     users in other accounts to use a KMS key</a>
 */
final class CrossAccount {

    private static final Set<String> ACTIONS =
            Set.of(
                    "kms:CreateGrant",
                    "kms:Decapsulate",
                    "kms:Decrypt",
                    "kms:DeriveSharedSecret",
                    "kms:DescribeKey",
                    "kms:Encapsulate",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:GenerateDataKeyPair",
                    "kms:GenerateDataKeyPairWithoutPlaintext",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:GenerateMac",
                    "kms:GetKeyRotationStatus",
                    "kms:GetPublicKey",
                    "kms:ListGrants",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                    "kms:RetireGrant",
                    "kms:RevokeGrant",
                    "kms:Sign",
                    "kms:Verify",
                    "kms:VerifyMac");

    private CrossAccount() {}

    static boolean allows(String action) {
        return ACTIONS.contains(action);
    }
}
