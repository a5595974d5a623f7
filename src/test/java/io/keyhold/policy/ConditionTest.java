package io.keyhold.policy;

import static io.keyhold.policy.Policies.keys;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConditionTest {

    private static final String KEY = "aws:Some";

    /** What the policy has, what the request has (bars between values, - for none), and whether. */
    @ParameterizedTest
    @CsvSource({
        "StringEquals, Blue, Blue, true",
        "StringEquals, Blue, blue, false",
        "StringEquals, Bl*, Blue, false",
        "StringEquals, Bl*, Bl*, true",
        "StringEquals, Blue, -, false",
        "StringEquals, Blue, Red|Blue, true",
        "StringEqualsIfExists, Blue, -, true",
        "StringEqualsIfExists, Blue, Red, false",
        "StringNotEquals, Blue, Red, true",
        "StringNotEquals, Blue, Blue, false",
        "StringNotEquals, Blue, Red|Blue, false",
        "StringNotEquals, Blue, -, true",
        "StringEqualsIgnoreCase, Blue, bLUE, true",
        "StringNotEqualsIgnoreCase, Blue, bLUE, false",
        "StringLike, B?u*, Blue, true",
        "StringLike, B?u*, Be, false",
        "StringLike, *, '', true",
        "StringLike, *a*a*a*a*a*b, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac, false",
        "StringNotLike, B*, Blue, false",
        "NumericEquals, 10, 10.0, true",
        "NumericNotEquals, 10, 11, true",
        "NumericLessThan, 10, 9, true",
        "NumericLessThan, 10, 10, false",
        "NumericLessThanEquals, 10, 10, true",
        "NumericGreaterThan, 10, 9, false",
        "NumericGreaterThan, 10, 11, true",
        "NumericGreaterThanEquals, 10, 10, true",
        "NumericEquals, 10, ten, false",
        "NumericNotEquals, 10, ten, false",
        "DateNotEquals, 2026-01-31, soon, false",
        "NotIpAddress, 10.0.0.0/8, somewhere, false",
        "DateEquals, 2026-01-31T12:00:00Z, 1769860800, true",
        "DateNotEquals, 2026-01-31T12:00:00Z, 2026-01-31T13:00:00+01:00, false",
        "DateLessThan, 2026-01-31, 2026-01-30T23:59:59Z, true",
        "DateLessThan, 2026-01-31, 2026-01-31T00:00:00Z, false",
        "DateLessThanEquals, 2026-01-31, 2026-01-31T00:00:00Z, true",
        "DateGreaterThan, 2026-01-31, 2026-02-01T00:00:00.5Z, true",
        "DateGreaterThanEquals, 1769860800, 2026-01-31T12:00:00Z, true",
        "DateLessThan, 9999999999, 2026-01-31T12:00:00Z, true",
        "DateGreaterThan, 999999999999, 2026-01-31T12:00:00Z, false",
        "DateEquals, 9999999999, 2286-11-20T17:46:39Z, true",
        "DateEquals, 1769860800.5, 2026-01-31T12:00:00.5Z, true",
        "DateEquals, 999999999999.000000001, 999999999999, false",
        "DateGreaterThan, 9223372036.854775807, 9223372036.854775808, true",
        "Bool, true, TRUE, true",
        "Bool, true, false, false",
        "Bool, false, -, false",
        "BoolIfExists, false, -, true",
        "BinaryEquals, QmluYXJ5, QmluYXJ5, true",
        "BinaryEquals, QmluYXJ5, QmluYXJ6, false",
        "IpAddress, 203.0.113.0/24, 203.0.113.255, true",
        "IpAddress, 203.0.113.0/24, 203.0.114.0, false",
        "IpAddress, 203.0.113.7, 203.0.113.7, true",
        "IpAddress, 2001:db8::/33, 2001:db8:7fff::1, true",
        "IpAddress, 2001:db8::/33, 2001:db8:8000::1, false",
        "IpAddress, 0.0.0.0/0, 2001:db8::1, false",
        "IpAddress, 0.0.0.0/0, unix, false",
        "NotIpAddress, 203.0.113.0/24, 203.0.113.1, false",
        "NotIpAddress, 203.0.113.0/24, 198.51.100.1, true",
        "ArnLike, arn:aws:s3:::bucket/*, arn:aws:s3:::bucket/a:b/c, true",
        "ArnLike, arn:aws:*:*:111122223333:*, arn:aws:s3:x:111122223333:y, true",
        "ArnLike, arn:aws:s3*:111122223333:y, arn:aws:s3:x:111122223333:y, malformed",
        "ArnEquals, arn:aws:s3:::buck?t, arn:aws:s3:::bucket, true",
        "ArnLike, arn:*:*:*:*:*, no-arn, false",
        "ArnNotLike, arn:aws:s3:::bucket, arn:aws:s3:::other, true",
        "ArnNotEquals, arn:aws:s3:::bucket, arn:aws:s3:::bucket, false",
        "Null, true, -, true",
        "Null, true, x, false",
        "Null, false, x, true",
        "Null, false, -, false",
        "ForAnyValue:StringEquals, a, a|b, true",
        "ForAnyValue:StringEquals, a, b|c, false",
        "ForAnyValue:StringEquals, a, -, false",
        "ForAnyValue:StringNotEquals, a, a|b, true",
        "ForAnyValue:StringNotEquals, a, a, false",
        "ForAllValues:StringEquals, a, a|a, true",
        "ForAllValues:StringEquals, a, a|b, false",
        "ForAllValues:StringEquals, a, -, true",
        "ForAllValues:StringNotEquals, a, b|c, true",
        "ForAllValues:StringNotEquals, a, a|b, false",
        "ForAllValues:StringLike, a*, ab|ac, true",
        "ForAnyValue:StringEqualsIfExists, a, -, false",
        "StringEquals, 7, 7, true",
        "StringLikes, a, a, malformed",
        "NullIfExists, true, -, malformed",
        "ForAnyValue:Null, true, -, malformed",
        "NumericEquals, ten, 10, malformed",
        "NumericEquals, 1e9999, 10, malformed",
        "DateEquals, yesterday, 1, malformed",
        "DateEquals, 2026-01-31T12:00:00.00000000000000000000000000000000Z, 1, malformed",
        "Bool, yes, true, malformed",
        "BinaryEquals, '***', x, malformed",
        "IpAddress, 203.0.113.0/33, x, malformed",
        "IpAddress, example.com, x, malformed",
        "ArnLike, bucket, x, malformed"
    })
    void holds(String operator, String wanted, String actual, String expected) {
        assertThat(outcome(operator, "'" + wanted + "'", actual)).isEqualTo(expected);
    }

    @Test
    void oneOfSeveralValuesIsEnoughAndForNegatedOnesNoneMayFit() {
        assertThat(outcome("StringEquals", "['a', 'b']", "b")).isEqualTo("true");
        assertThat(outcome("StringNotEquals", "['a', 'b']", "b")).isEqualTo("false");
        assertThat(outcome("StringNotEquals", "['a', 'b']", "c")).isEqualTo("true");
    }

    @Test
    void numbersAndTruthValuesNeedNoQuotes() {
        assertThat(outcome("NumericEquals", "[7, 8]", "8")).isEqualTo("true");
        assertThat(outcome("Bool", "true", "true")).isEqualTo("true");
        assertThat(outcome("Bool", "null", "true")).isEqualTo("malformed");
        assertThat(outcome("StringEquals", "{}", "true")).isEqualTo("malformed");
        assertThat(outcome("StringEquals", "[]", "true")).isEqualTo("malformed");
    }

    @Test
    void everyLineOfAConditionMustHold() {
        String both =
                "{'StringEquals': {'aws:A': '1', 'aws:B': '2'}, 'StringLike': {'aws:A': '*'}}";

        assertThat(outcome(both, keys("aws:A", "1", "aws:B", "2"))).isEqualTo("true");
        assertThat(outcome(both, keys("aws:A", "1", "aws:B", "3"))).isEqualTo("false");
        assertThat(outcome(both, keys("aws:B", "2"))).isEqualTo("false");
    }

    @Test
    void namesOfKeysAndOfEncryptionContextAreCaseInsensitive() {
        String condition = "{'StringEquals': {'KMS:encryptioncontext:APP': 'x'}}";

        assertThat(outcome(condition, keys("kms:EncryptionContext:App", "x"))).isEqualTo("true");
        assertThat(outcome(condition, keys("kms:EncryptionContext:App", "X"))).isEqualTo("false");
        assertThat(
                        outcome(
                                "{'Null': {'aws:principaltag/T': 'false'}}",
                                keys("aws:PrincipalTag/t", "")))
                .isEqualTo("true");
    }

    @ParameterizedTest
    @CsvSource({
        "StringEquals, ${aws:username}, alice, true",
        "StringEquals, ${aws:username}, bob, false",
        "StringEquals, '${aws:nobody, ''anon''}', anon, true",
        "StringEquals, ${aws:nobody}, '', false",
        "StringNotEquals, ${aws:nobody}, x, true",
        "StringEquals, ${aws:two}, a, false",
        "StringLike, home/${aws:username}/*, home/alice/x, true",
        "StringLike, ${aws:star}, anything, false",
        "StringLike, ${aws:star}, *, true",
        "StringLike, a${*}, ab, false",
        "StringLike, a${*}${?}${$}, a*?$, true",
        "StringEqualsIgnoreCase, ${aws:username}, ALICE, true",
        "ArnLike, arn:aws:iam::*:user/${aws:username}, arn:aws:iam::1:user/alice, true",
        "ArnLike, arn:aws:iam::${aws:nobody}:user/x, arn:aws:iam::1:user/x, false",
        "StringEquals, ${aws:username, alice, malformed",
        "StringEquals, ${username}, alice, malformed",
        "StringEquals, '${aws:nobody, anon}', anon, malformed"
    })
    void variablesStandForWhatTheRequestHas(
            String operator, String wanted, String actual, String expected) {
        ContextKeys keys =
                keys(KEY, actual, "aws:username", "alice", "aws:star", "*", "aws:two", "a|b");
        String condition =
                "{'%s': {'%s': \"%s\"}}".formatted(operator, KEY, wanted.replace("'", "\\u0027"));

        assertThat(outcome(condition, keys)).isEqualTo(expected);
    }

    @Test
    void theOldVersionHasNoVariables() {
        String document =
                """
                {"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "*",
                 "Resource": "*", "Condition": {"StringEquals": {"aws:Some": "${aws:username}"}}}}
                """;
        Statement statement = PolicyParser.ofIdentity(document, "old").statements().getFirst();

        assertThat(statement.answers(question(keys(KEY, "${aws:username}")))).isTrue();
        assertThat(statement.answers(question(keys(KEY, "alice", "aws:username", "alice"))))
                .isFalse();
    }

    private static String outcome(String operator, String values, String actual) {
        return outcome(
                "{'%s': {'%s': %s}}".formatted(operator, KEY, values),
                actual.equals("-") ? keys() : keys(KEY, actual));
    }

    private static String outcome(String condition, ContextKeys keys) {
        Policy policy;
        try {
            policy =
                    Policies.identity(
                            "{'Effect': 'Allow', 'Action': '*', 'Resource': '*', 'Condition': "
                                    + condition
                                    + "}");
        } catch (io.keyhold.key.KmsFault e) {
            assertThat(e.text()).startsWith("Statement[0].Condition");
            return "malformed";
        }
        return String.valueOf(policy.statements().getFirst().answers(question(keys)));
    }

    private static Question question(ContextKeys keys) {
        return Policies.question(Policies.USER, "kms:Encrypt", keys);
    }
}
