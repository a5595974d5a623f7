package io.keyhold.policy;

import io.keyhold.key.Arn;

/**
 * The key policy of a key that is created without one: the account may do everything.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html">Default
 *     key policy</a>
 */
public final class DefaultKeyPolicy {

    private static final String DOCUMENT =
            """
            {
              "Version" : "2012-10-17",
              "Id" : "key-default-1",
              "Statement" : [ {
                "Sid" : "Enable IAM User Permissions",
                "Effect" : "Allow",
                "Principal" : {
                  "AWS" : "%s"
                },
                "Action" : "kms:*",
                "Resource" : "*"
              } ]
            }""";

    private DefaultKeyPolicy() {}

    /** The document for a key of this account. */
    public static String document(String partition, String account) {
        return DOCUMENT.formatted(Arn.root(partition, account));
    }
}
