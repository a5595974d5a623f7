package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArnTest {

    private static final String UUID = "1234abcd-12ab-34cd-56ef-1234567890ab";
    private static final KeyId ID = KeyId.parse(UUID).orElseThrow();

    @Test
    void keyArnIsAwsShaped() {
        Arn arn = Arn.key("aws", "us-east-1", "123456789012", ID);

        assertThat(arn).hasToString("arn:aws:kms:us-east-1:123456789012:key/" + UUID);
        assertThat(arn.keyId()).contains(UUID);
        assertThat(arn.isAlias()).isFalse();
        assertThat(arn.isRoot()).isFalse();
    }

    @Test
    void aliasArnIsAwsShapedAndNamesNoKey() {
        Arn arn = Arn.alias("aws-cn", "cn-north-1", "123456789012", "alias/orders");

        assertThat(arn).hasToString("arn:aws-cn:kms:cn-north-1:123456789012:alias/orders");
        assertThat(arn.isAlias()).isTrue();
        assertThat(arn.keyId()).isEmpty();
    }

    @Test
    void rootArnIsAwsShapedAndHasNoRegion() {
        Arn arn = Arn.root("aws", "123456789012");

        assertThat(arn).hasToString("arn:aws:iam::123456789012:root");
        assertThat(arn.isRoot()).isTrue();
        assertThat(arn.region()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:kms:us-east-1:123456789012:key/" + UUID,
                "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
                "arn:aws:kms:us-east-1:123456789012:alias/a/b",
                "arn:aws:iam::123456789012:user/path/alice",
                "arn:aws:iam::aws:policy/x",
                "arn:aws:sts::123456789012:assumed-role/admin/alice",
                "arn:aws:lambda:us-east-1:123456789012:function:name:42",
                "arn:aws:s3:::bucket",
            })
    void whatParsesIsWrittenAsItWasRead(String text) {
        assertThat(Arn.parse(text)).map(Arn::toString).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "arn",
                "arn:",
                ":::::",
                "arn:aws:kms:us-east-1:123456789012",
                "arn:aws:kms:us-east-1:123456789012:",
                "arn::kms:us-east-1:123456789012:key/x",
                "arn:aws::us-east-1:123456789012:key/x",
                "ARN:aws:kms:us-east-1:123456789012:key/x",
                " arn:aws:kms:us-east-1:123456789012:key/x",
                "urn:aws:kms:us-east-1:123456789012:key/x",
            })
    void whatHasNotTheShapeOfAnArnIsRefused(String text) {
        assertThat(Arn.parse(text)).isEmpty();
    }

    @Test
    void onlyArnsOfKmsNameKeysAndAliases() {
        Arn key = Arn.parse("arn:aws:s3:us-east-1:123456789012:key/" + UUID).orElseThrow();
        Arn alias = Arn.parse("arn:aws:s3:us-east-1:123456789012:alias/x").orElseThrow();

        assertThat(key.keyId()).isEmpty();
        assertThat(alias.isAlias()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:kms::123456789012:root",
                "arn:aws:sts::123456789012:root",
                "arn:aws:iam::123456789012:user/root",
                "arn:aws:iam::123456789012:rooted",
            })
    void onlyIamRootIsRoot(String text) {
        assertThat(Arn.parse(text)).map(Arn::isRoot).contains(false);
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::123456789012:role/a/path/Worker, Worker, false",
        "arn:aws:iam::123456789012:role/Worker, Worker, false",
        "arn:aws:sts::123456789012:assumed-role/Worker/one, Worker, true",
        "arn:aws:iam::123456789012:user/role/Worker, '', false",
        "arn:aws:iam::123456789012:root, '', false"
    })
    void aRoleAndItsSessionsHaveTheRolesName(String text, String name, boolean session) {
        Arn arn = Arn.parse(text).orElseThrow();

        assertThat(arn.roleName()).isEqualTo(name);
        assertThat(arn.isSession()).isEqualTo(session);
    }
}
