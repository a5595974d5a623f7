package io.keyhold.access;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Services;
import java.util.Set;

/**
 * What may be done with a key of another account, if both accounts allow it: with a service's own
 * keys nothing, whatever their policies say.
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

    private final Services services;

    CrossAccount(Services services) {
        this.services = services;
    }

    /** Whether somebody may do something with a key, as far as its account is concerned. */
    boolean reaches(Caller caller, String action, Arn key) {
        boolean own = key.account().equals(caller.account());
        return own || (!services.own(key.account()) && ACTIONS.contains(action));
    }
}
