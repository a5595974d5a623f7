package io.keyhold.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DefaultKeyPolicyTest {

    @Test
    void theAccountsRootMayDoEverything() {
        JsonNode document =
                new JsonMapper().readTree(DefaultKeyPolicy.document("aws", "123456789012"));
        JsonNode expected =
                new JsonMapper()
                        .readTree(
                                """
                                {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [
                                  {"Sid": "Enable IAM User Permissions", "Effect": "Allow",
                                   "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                                   "Action": "kms:*", "Resource": "*"}]}
                                """);

        assertThat(document).isEqualTo(expected);
    }

    @Test
    void thePartitionIsThatOfTheDaemon() {
        assertThat(DefaultKeyPolicy.document("aws-cn", "123456789012"))
                .contains("\"arn:aws-cn:iam::123456789012:root\"");
    }
}
