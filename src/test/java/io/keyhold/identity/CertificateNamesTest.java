package io.keyhold.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the URI of a certificate names: services, and SPIFFE IDs by the rules of an authority. */
class CertificateNamesTest {

    private static final ClientCa AUTHORITY =
            new ClientCa(
                    Path.of("ca.crt"),
                    Optional.empty(),
                    Set.of("123456789012"),
                    false,
                    Set.of("s3.amazonaws.com", "sns.amazonaws.com"),
                    List.of(
                            new Mapping(
                                    "spiffe://example.org/ns/kube/sa/{name}",
                                    "Service:{name}.amazonaws.com"),
                            new Mapping(
                                    "spiffe://example.org/ns/{namespace}/sa/{name}",
                                    "arn:aws:iam::123456789012:role/{namespace}-{name}"),
                            new Mapping(
                                    "spiffe://example.org/account/{account}/{kind}",
                                    "arn:aws:iam::{account}:{kind}"),
                            new Mapping(
                                    "spiffe://example.org/a.b",
                                    "arn:aws:iam::123456789012:user/ab")));

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::123456789012:user/alice, arn:aws:iam::123456789012:user/alice",
        "Service:s3.amazonaws.com, s3.amazonaws.com",
        "spiffe://example.org/ns/web/sa/shop, arn:aws:iam::123456789012:role/web-shop",
        "spiffe://example.org/ns/W_1.x/sa/-, arn:aws:iam::123456789012:role/W_1.x--",
        "spiffe://example.org/ns/kube/sa/sns, sns.amazonaws.com",
        "spiffe://example.org/a.b, arn:aws:iam::123456789012:user/ab",
    })
    void aPrincipalThatTheAuthorityMayName(String uri, String principal) {
        assertThat(CertificateNames.principal(uri, AUTHORITY, "aws")).hasToString(principal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://example.org",
                "spiffe://example.com/ns/web/sa/shop",
                "spiffe://example.org/ns/web/sa",
                "spiffe://example.org/ns/web/sa/",
                "spiffe://example.org/ns//sa/shop",
                "spiffe://example.org/ns/web/sa/shop/",
                "spiffe://example.org/ns/web/x/sa/shop",
                "spiffe://example.org/ns/web/sa/shop?x",
                "spiffe://example.org/ns/web/sa/sh%6Fp",
                "spiffe://example.org/ns/web/sa/..",
                "spiffe://example.org/ns/./sa/shop",
                "spiffe://example.org/ns/web/sa/$1",
                "spiffe://example.org/axb",
            })
    void noRuleIsForTheseIds(String uri) {
        assertThat(refusal(uri))
                .isEqualTo(
                        "The client certificate is refused: no mapping of its authority is for its"
                                + " SPIFFE ID.");
    }

    /** The first rule that matches counts, even where it leads to nobody. */
    @ParameterizedTest
    @CsvSource({
        "spiffe://example.org/ns/kube/sa/ec2, service ec2.amazonaws.com",
        "spiffe://example.org/ns/kube/sa/S3, service S3.amazonaws.com",
        "Service:, service",
        "Service:ec2.amazonaws.com, service ec2.amazonaws.com",
        "spiffe://example.org/account/999999999999/root, account 999999999999",
        "spiffe://example.org/account/123456789012/root, an account's root",
        "spiffe://example.org/account/12345678901/root, no IAM user",
        "spiffe://example.org/account/123456789012/user, no IAM user",
        "service:s3.amazonaws.com, no ARN",
        "SPIFFE://example.org/ns/web/sa/shop, no ARN",
    })
    void whatComesOutMustStillBeAllowed(String uri, String why) {
        assertThat(refusal(uri)).contains(why);
    }

    @Test
    void anAuthorityNamesNoServiceUnlessItMay() {
        ClientCa plain =
                new ClientCa(
                        Path.of("ca.crt"),
                        Optional.empty(),
                        Set.of("123456789012"),
                        true,
                        Set.of(),
                        List.of());

        assertThat(refusal("Service:s3.amazonaws.com", plain)).contains("s3.amazonaws.com");
        assertThat(refusal("spiffe://example.org/a.b", plain)).contains("no mapping");
    }

    private static String refusal(String uri) {
        return refusal(uri, AUTHORITY);
    }

    private static String refusal(String uri, ClientCa authority) {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class, () -> CertificateNames.principal(uri, authority, "aws"));
        assertThat(fault).as(uri).isNotNull();
        assertThat(fault.name()).isEqualTo(FaultName.UnrecognizedClientException);
        return fault.text();
    }
}
