package io.keyhold.policy;

import io.keyhold.key.Arn;
import io.keyhold.key.Service;

/**
 * The key policy of a service's key in an account: whoever is of the account may use it through the
 * service, and the account may look at it.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html">Key
 *     policies of AWS managed keys</a>
 */
public final class ManagedKeyPolicy {

    private static final String DOCUMENT =
            """
            {
              "Version" : "2012-10-17",
              "Id" : "auto-%1$s-1",
              "Statement" : [ {
                "Sid" : "Allow access through %1$s for all principals in the account",
                "Effect" : "Allow",
                "Principal" : {
                  "AWS" : "*"
                },
                "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*",
                  "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey" ],
                "Resource" : "*",
                "Condition" : {
                  "StringEquals" : {
                    "kms:CallerAccount" : "%2$s",
                    "kms:ViaService" : "%3$s"
                  }
                }
              }, {
                "Sid" : "Allow direct access to key metadata to the account",
                "Effect" : "Allow",
                "Principal" : {
                  "AWS" : "%4$s"
                },
                "Action" : [ "kms:Describe*", "kms:Get*", "kms:List*" ],
                "Resource" : "*"
              } ]
            }""";

    private ManagedKeyPolicy() {}

    /** The document for the key of an alias. */
    public static String document(Arn alias, Service service) {
        return DOCUMENT.formatted(
                service.name(),
                alias.account(),
                service.via(alias.region()),
                Arn.root(alias.partition(), alias.account()));
    }
}
