package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateGrantResponse;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GrantConstraints;
import io.keyhold.v1.GrantListEntry;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListRetirableGrantsRequest;
import io.keyhold.v1.RetireGrantRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Services as callers, and the names that the rules of an authority give. */
final class ServicePrincipalIT {

    private static final String ROOT = "arn:aws:iam::111122223333:root";
    private static final String USER = "arn:aws:iam::111122223333:user/ExampleUser";
    private static final String S3 = "Service:s3.amazonaws.com";
    private static final String SNS = "Service:sns.amazonaws.com";
    private static final String OWNER = "111122223333";
    private static final String BUCKET = "arn:aws:s3:::example-bucket";

    private static final String ENABLE_IAM =
            """
            {
            "Sid": "Enable IAM policies",
            "Effect": "Allow",
            "Principal": {
            "AWS": "arn:aws:iam::111122223333:root"
            },
            "Action": "kms:*",
            "Resource": "*"
            }
            """;

    private static final String ALLOW_S3 =
            """
            {
            "Sid": "Allow S3 service",
            "Effect": "Allow",
            "Principal": {
            "Service": "s3.amazonaws.com"
            },
            "Action": [
            "kms:GenerateDataKey*",
            "kms:Decrypt"
            ],
            "Resource": "*",
            "Condition": {
            "StringEquals": {
            "kms:CallerAccount": "111122223333"
            }
            }
            }
            """;

    @RegisterExtension
    static final OneDaemon one =
            new OneDaemon(
                    home -> {
                        home.configure(
                                """
                                account = "888888888888"
                                keys = ["customer-managed", "service-managed", "service-owned"]
                                """,
                                "");
                        home.configure(
                                """
                                accounts = ["123456789012"]
                                allow_root = true
                                services = ["s3.amazonaws.com"]
                                """,
                                """
                                accounts = ["123456789012", "111122223333"]
                                allow_root = true
                                services = ["s3.amazonaws.com", "sns.amazonaws.com"]

                                [[grpc.client_ca.mapping]]
                                uri = "spiffe://example.org/aws/{service}"
                                principal = "Service:{service}.amazonaws.com"

                                [[grpc.client_ca.mapping]]
                                uri = "spiffe://example.org/ns/{namespace}/sa/{name}"
                                principal = "arn:aws:iam::111122223333:role/{namespace}-{name}"
                                """);
                    });

    @RegisterExtension static final Principals principals = new Principals(one);

    @Test
    @DisplayName("Key policy example | S3 service | for the account of kms:CallerAccount only")
    void theStatementForS3LetsAServiceInForItsAccount() {
        String key = create(ENABLE_IAM, ALLOW_S3);
        byte[] blob = principals.as(ROOT).encrypt(key, new byte[1], Map.of());
        DecryptRequest.Builder decrypt = Client.decryptRequest(blob, Map.of()).toBuilder();

        send(S3, OWNER, dataKey(key));
        send(S3, OWNER, decrypt);
        send(S3, OWNER, decrypt.setKeyId(key));
        assertThat(denied(S3, OWNER, encrypt(key)))
                .isEqualTo(
                        "User: s3.amazonaws.com is not authorized to perform: kms:Encrypt on"
                                + " resource: "
                                + key
                                + " because no resource-based policy allows the kms:Encrypt action");
        assertThat(denied(S3, "123456789012", dataKey(key))).contains("kms:GenerateDataKey");
        assertThat(denied(S3, "", dataKey(key))).contains("kms:GenerateDataKey");
        assertThat(denied(S3, "", decrypt.clearKeyId())).contains("does not exist");
        assertThat(denied(SNS, OWNER, dataKey(key))).contains("User: sns.amazonaws.com");
    }

    @Test
    @DisplayName("Customer managed | multiple services | one key, each as its statement says")
    void oneKeyIsForManyServices() {
        String sns = ALLOW_S3.replace("S3", "SNS").replace("s3.", "sns.");
        String key = create(ENABLE_IAM, ALLOW_S3, sns.replace("kms:Decrypt", "kms:Encrypt"));

        send(S3, OWNER, dataKey(key));
        send(SNS, OWNER, dataKey(key));
        send(SNS, OWNER, encrypt(key));
        assertThat(denied(S3, OWNER, encrypt(key))).contains("User: s3.amazonaws.com");
    }

    @Test
    void withoutAStatementNoServiceGetsIn() {
        String key = create(ENABLE_IAM);

        assertThat(denied(S3, OWNER, dataKey(key))).contains("no resource-based policy allows");
    }

    @Test
    void conditionsKnowTheServiceAndItsSource() {
        String condition =
                """
                {"Effect": "Allow", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*",
                 "Condition": {
                   "StringEquals": {"aws:PrincipalServiceName": "s3.amazonaws.com",
                                    "aws:SourceAccount": "111122223333"},
                   "ArnLike": {"aws:SourceArn": "arn:aws:s3:::example-*"},
                   "Bool": {"aws:PrincipalIsAWSService": "true"},
                   "Null": {"aws:PrincipalArn": "true", "aws:PrincipalAccount": "true"}}}
                """;
        String key = create(ENABLE_IAM, condition);
        Request<?> encrypt = Request.of(encrypt(key));

        principals.as(S3).callWith(headers(OWNER, BUCKET), encrypt);
        assertThat(denied(S3, headers(OWNER, "arn:aws:s3:::other"), encrypt)).contains("Encrypt");
        assertThat(denied(S3, headers(OWNER, ""), encrypt)).contains("kms:Encrypt");
        assertThat(denied(S3, headers("", BUCKET), encrypt)).contains("kms:Encrypt");
        assertThat(denied(SNS, headers(OWNER, BUCKET), encrypt)).contains("kms:Encrypt");
        assertThat(denied(USER, new Metadata(), encrypt)).contains("kms:Encrypt");
    }

    /** "Everybody of my account" is no service that says it calls for that account. */
    @Test
    void whoeverCallsFromAnAccountIsNoServiceThatSaysSo() {
        String everybody =
                """
                {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Encrypt",
                 "Resource": "*", "Condition": {"StringEquals":
                   {"kms:CallerAccount": "111122223333"}}}
                """;
        String key = create(ENABLE_IAM, everybody);

        send(USER, "", encrypt(key));
        assertThat(denied(S3, OWNER, encrypt(key))).contains("kms:Encrypt");
        assertThat(denied(SNS, OWNER, encrypt(key))).contains("kms:Encrypt");
    }

    /** Nor is it meant by what is true of whoever does not say. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"StringNotEquals\": {\"kms:CallerAccount\": \"123456789012\"}}",
                "{\"StringEqualsIfExists\": {\"kms:CallerAccount\": \"111122223333\"}}",
                "{\"ForAllValues:StringEquals\": {\"kms:CallerAccount\": \"111122223333\"}}",
                "{\"Null\": {\"kms:CallerAccount\": \"true\"}}"
            })
    void noConditionOnTheAccountLetsInAServiceThatIsNotNamed(String condition) {
        String statement =
                """
                {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Encrypt",
                 "Resource": "*", "Condition": %s}
                """;
        String key = create(ENABLE_IAM, statement.formatted(condition));

        for (String account : List.of("", OWNER, "123456789012")) {
            assertThat(denied(S3, account, encrypt(key))).contains("kms:Encrypt");
        }
    }

    /** Nor does "nobody but my account" spare it. */
    @Test
    void aDenialOfWhoeverCallsFromElsewhereCountsWhateverAServiceSays() {
        String key =
                create(
                        ENABLE_IAM,
                        """
                        {"Effect": "Allow", "Principal": "*", "Action": "kms:Encrypt",
                         "Resource": "*"},
                        {"Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt",
                         "Resource": "*", "Condition": {"StringNotEquals":
                           {"kms:CallerAccount": "111122223333"}}}
                        """);

        send(USER, "", encrypt(key));
        assertThat(denied(SNS, OWNER, encrypt(key))).contains("kms:Encrypt");
        assertThat(denied(SNS, "123456789012", encrypt(key))).contains("kms:Encrypt");
    }

    @Test
    void aServiceOwnsNothingAndNamesKeysByTheirArn() {
        String key = create(ENABLE_IAM, ALLOW_S3);
        String id = key.substring(key.lastIndexOf('/') + 1);
        CreateAliasRequest.Builder alias =
                CreateAliasRequest.newBuilder().setAliasName("alias/for-s3").setTargetKeyId(key);
        Request.of(alias).send(principals.as(ROOT));
        String aliasArn = key.replace("key/" + id, "alias/for-s3");

        send(S3, OWNER, dataKey(aliasArn));
        assertThat(refused("NotFoundException", S3, dataKey(id)))
                .isEqualTo(
                        "'"
                                + id
                                + "' cannot be found: s3.amazonaws.com has no account of its own;"
                                + " it names keys and aliases by their ARN.");
        assertThat(refused("NotFoundException", S3, dataKey("alias/for-s3"))).contains("by their");
        assertThat(denied(S3, OWNER, dataKey(aliasArn + "x"))).contains("alias/for-s3x");
        assertThat(denied(S3, OWNER, CreateKeyRequest.newBuilder())).contains("kms:CreateKey");
        assertThat(denied(S3, OWNER, ListKeysRequest.newBuilder())).contains("kms:ListKeys");
        assertThat(denied(S3, OWNER, ListAliasesRequest.newBuilder())).contains("ListAliases");
        assertThat(denied(S3, OWNER, alias.setAliasName("alias/y"))).contains("kms:CreateAlias");
        assertThat(denied(S3, OWNER, DisableKeyRequest.newBuilder().setKeyId(key)))
                .contains("kms:DisableKey");
    }

    @Test
    void aGrantToAServiceIsForTheResourceThatItCallsFor() {
        String key = create(ENABLE_IAM);
        CreateGrantResponse grant =
                principals
                        .as(ROOT)
                        .call(
                                Rpc.CREATE_GRANT,
                                CreateGrantRequest.newBuilder()
                                        .setKeyId(key)
                                        .setGranteeServicePrincipal("s3.amazonaws.com")
                                        .setRetiringServicePrincipal("s3.amazonaws.com")
                                        .addOperations(GrantOperation.Value.Encrypt)
                                        .setConstraints(
                                                GrantConstraints.newBuilder().setSourceArn(BUCKET))
                                        .build());
        Request<?> encrypt = Request.of(encrypt(key));
        ListRetirableGrantsRequest.Builder own =
                ListRetirableGrantsRequest.newBuilder()
                        .setRetiringServicePrincipal("s3.amazonaws.com");
        RetireGrantRequest.Builder retire =
                RetireGrantRequest.newBuilder().setGrantToken(grant.getGrantToken());

        principals.as(S3).callWith(headers("", BUCKET), encrypt);
        assertThat(denied(S3, headers("", BUCKET + "2"), encrypt)).contains("kms:Encrypt");
        assertThat(denied(S3, headers(OWNER, ""), encrypt)).contains("kms:Encrypt");
        assertThat(denied(SNS, headers("", BUCKET), encrypt)).contains("kms:Encrypt");
        assertThat(denied(SNS, OWNER, own)).contains("kms:ListRetirableGrants");
        assertThat(denied(SNS, OWNER, retire)).contains("kms:RetireGrant");
        assertThat(principals.as(S3).call(Rpc.LIST_RETIRABLE_GRANTS, own.build()).getGrantsList())
                .extracting(GrantListEntry::getGrantId)
                .containsExactly(grant.getGrantId());
        send(S3, "", retire);
        assertThat(denied(S3, headers("", BUCKET), encrypt)).contains("kms:Encrypt");
    }

    @Test
    void theRecordNamesTheServiceAndItsSource() {
        String key = create(ENABLE_IAM, ALLOW_S3);

        principals.as(S3).callWith(headers(OWNER, BUCKET), Request.of(dataKey(key)));

        JsonNode event = one.home().journal().events().getLast();
        assertThat(event.path("userIdentity"))
                .hasToString("{\"type\":\"AWSService\",\"invokedBy\":\"s3.amazonaws.com\"}");
        assertThat(event.path("additionalEventData").path("sourceAccount").asString())
                .isEqualTo(OWNER);
        assertThat(event.path("additionalEventData").path("sourceArn").asString())
                .isEqualTo(BUCKET);
        assertThat(event.path("recipientAccountId").asString()).isEqualTo(OWNER);
    }

    @Test
    void onlyAServiceCallsForOthersAndSaysSoOnce() {
        String key = create(ENABLE_IAM, ALLOW_S3);
        Request<?> request = Request.of(dataKey(key));
        Metadata twice = headers(OWNER, "");
        twice.merge(headers(OWNER, ""));

        for (String somebody : new String[] {ROOT, USER, "spiffe://example.org/ns/web/sa/shop"}) {
            assertThat(unrecognized(somebody, headers(OWNER, ""), request))
                    .isEqualTo(
                            "keyhold-source-account is refused: only a service calls for others.");
            assertThat(unrecognized(somebody, headers("", BUCKET), request))
                    .startsWith("keyhold-source-arn is refused: ");
        }
        Client operator = one.client(Listener.UNIX);
        assertThat(Refusal.of(() -> operator.callWith(headers(OWNER, ""), request)).name())
                .isEqualTo("UnrecognizedClientException");
        assertThat(unrecognized(S3, twice, request)).contains("2 times");
        assertThat(unrecognized(S3, headers("s3", ""), request)).contains("12 digits");
    }

    @Test
    void aSpiffeIdIsWhomTheFirstRuleSays() {
        String key =
                create(
                        ENABLE_IAM,
                        ALLOW_S3,
                        """
                        {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*",
                         "Principal": {"AWS": "arn:aws:iam::111122223333:role/web-shop"}}
                        """);

        send("spiffe://example.org/aws/s3", OWNER, dataKey(key));
        send("spiffe://example.org/ns/web/sa/shop", "", encrypt(key));
        assertThat(denied("spiffe://example.org/ns/web/sa/till", "", encrypt(key)))
                .startsWith("User: arn:aws:iam::111122223333:role/web-till is not authorized");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Service:ec2.amazonaws.com",
                "spiffe://example.org/aws/ec2",
                "spiffe://example.org/ns/web",
            })
    void whomTheAuthorityMayNotNameIsNobody(String uri) {
        assertThat(unrecognized(uri, new Metadata(), Request.of(ListKeysRequest.newBuilder())))
                .startsWith("The client certificate is refused: ");
    }

    private static String create(String... statements) {
        String policy = Iam.policyOf(statements);
        return principals
                .as(ROOT)
                .call(Rpc.CREATE_KEY, CreateKeyRequest.newBuilder().setPolicy(policy).build())
                .getKeyMetadata()
                .getArn();
    }

    private static EncryptRequest.Builder encrypt(String key) {
        return Client.encryptRequest(key, new byte[1], Map.of()).toBuilder();
    }

    private static GenerateDataKeyRequest.Builder dataKey(String key) {
        return GenerateDataKeyRequest.newBuilder().setKeyId(key).setNumberOfBytes(32);
    }

    /** What a service says of whom it calls for; nothing where a text is empty. */
    private static Metadata headers(String account, String arn) {
        Metadata headers = new Metadata();
        put(headers, "keyhold-source-account", account);
        put(headers, "keyhold-source-arn", arn);
        return headers;
    }

    private static void put(Metadata headers, String name, String value) {
        if (!value.isEmpty()) {
            headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        }
    }

    private static void send(String principal, String source, Message.Builder request) {
        principals.as(principal).callWith(headers(source, ""), Request.of(request));
    }

    private static String denied(String principal, String source, Message.Builder request) {
        return denied(principal, headers(source, ""), Request.of(request));
    }

    private static String denied(String principal, Metadata headers, Request<?> request) {
        return refused("AccessDeniedException", principal, headers, request);
    }

    private static String refused(String name, String principal, Message.Builder request) {
        return refused(name, principal, headers(OWNER, ""), Request.of(request));
    }

    private static String unrecognized(String principal, Metadata headers, Request<?> request) {
        return refused("UnrecognizedClientException", principal, headers, request);
    }

    private static String refused(
            String name, String principal, Metadata headers, Request<?> request) {
        Refusal refusal = Refusal.of(() -> principals.as(principal).callWith(headers, request));
        assertThat(refusal.name()).as(refusal.text()).isEqualTo(name);
        return refusal.text();
    }
}
