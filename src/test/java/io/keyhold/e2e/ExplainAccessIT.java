package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.keyhold.v1.AccessReason;
import io.keyhold.v1.AssumeRoleRequest;
import io.keyhold.v1.AssumeRoleResponse;
import io.keyhold.v1.ContextEntry;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateRoleRequest;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.ElementMismatch;
import io.keyhold.v1.ExplainAccessRequest;
import io.keyhold.v1.ExplainAccessResponse;
import io.keyhold.v1.GrantConstraints;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.IamTag;
import io.keyhold.v1.PutRolePolicyRequest;
import io.keyhold.v1.PutUserPolicyRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** B1: why a request is allowed or denied. */
final class ExplainAccessIT {

    private static final String ROOT = "arn:aws:iam::111122223333:root";
    private static final String ALICE = "arn:aws:iam::111122223333:user/alice";
    private static final String BOB = "arn:aws:iam::111122223333:user/bob";
    private static final String CAROL = "arn:aws:iam::111122223333:user/carol";
    private static final String GINA = "arn:aws:iam::111122223333:user/gina";
    private static final String OTHER_ROOT = "arn:aws:iam::444455556666:root";
    private static final String OTHER = "arn:aws:iam::444455556666:user/guest";

    private static final String LOOK =
            """
            {"Version": "2012-10-17", "Statement": {"Sid": "Look", "Effect": "Allow",
             "Action": "kms:Describe*", "Resource": "*"}}
            """;

    @RegisterExtension
    static final OneDaemon one = OneDaemon.ofAccounts("111122223333", "444455556666");

    @RegisterExtension static final Principals principals = new Principals(one);

    private static String key;

    @BeforeAll
    static void make() {
        String policy =
                """
                 {"Sid": "S3 for alice", "Effect": "Allow", "Principal": {"AWS": "%s"},
                  "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*", "Condition":
                   {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"},
                    "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
                 {"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*",
                  "Condition": {"StringEquals": {"kms:EncryptionContext:App": "secret"}}}
                """
                        .formatted(ALICE);
        key = createKey(policy);
        for (String name : new String[] {"alice", "bob"}) {
            principals.send(ROOT, CreateUserRequest.newBuilder().setUserName(name));
        }
        principals.send(
                ROOT,
                PutUserPolicyRequest.newBuilder()
                        .setUserName("bob")
                        .setPolicyName("lists")
                        .setPolicyDocument(LOOK));
        principals.send(
                ROOT,
                CreateAliasRequest.newBuilder().setAliasName("alias/why").setTargetKeyId(key));
    }

    @Test
    void whatIsAllowedNamesTheStatement() {
        ExplainAccessResponse why =
                explain(
                        ask(ALICE, "kms:Encrypt")
                                .addContextEntries(
                                        entry("kms:ViaService", "s3.us-east-1.amazonaws.com"))
                                .addContextEntries(entry("aws:SourceIp", "203.0.113.9")));

        assertThat(why.getAllowed()).isTrue();
        assertThat(why.getReason()).isEqualTo(AccessReason.Value.ALLOWED);
        assertThat(why.getStatement().getSid()).isEqualTo("S3 for alice");
        assertThat(why.getMessage())
                .isEqualTo(
                        ALICE
                                + " is authorized to perform: kms:Encrypt on resource: "
                                + key
                                + ". Decided by Statement[1] (S3 for alice) of the key policy.");
    }

    @Test
    void aDenialNamesTheNearestStatementAndWhatDidNotMatch() {
        ExplainAccessResponse why =
                explain(
                        ask(ALICE, "kms:Encrypt")
                                .addContextEntries(entry("aws:SourceIp", "10.0.0.1")));

        assertThat(why.getAllowed()).isFalse();
        assertThat(why.getReason()).isEqualTo(AccessReason.Value.NO_IDENTITY_POLICY);
        assertThat(why.getTrustingStatement().getSid()).isEqualTo("Trust");
        assertThat(why.getNearest().getStatement().getSid()).isEqualTo("S3 for alice");
        assertThat(why.getNearest().getMismatchesList())
                .extracting(ElementMismatch::getKey)
                .containsExactly("kms:ViaService", "aws:SourceIp");
        assertThat(why.getMessage())
                .isEqualTo(
                        ALICE
                                + " is not authorized to perform: kms:Encrypt on resource: "
                                + key
                                + " because no identity-based policy allows the kms:Encrypt"
                                + " action. Left to the policies of the account by Statement[0]"
                                + " (Trust) of the key policy. Nearest is Statement[1] (S3 for alice)"
                                + " of the key policy: Condition: StringEquals kms:ViaService asks"
                                + " for [s3.us-east-1.amazonaws.com], and the request has no such"
                                + " key; Condition: IpAddress aws:SourceIp asks for"
                                + " [203.0.113.0/24], and the request has [10.0.0.1].");
    }

    @Test
    void theNearestStatementOfAnIdentityPolicyIsNamedToo() {
        ExplainAccessResponse why = explain(ask(BOB, "kms:Encrypt"));

        assertThat(why.getNearest().getStatement().getSid()).isEqualTo("Look");
        assertThat(why.getNearest().getMismatchesList())
                .containsExactly(
                        ElementMismatch.newBuilder()
                                .setElement("Action")
                                .addWanted("kms:Describe*")
                                .addActual("kms:Encrypt")
                                .build());
        assertThat(why.getMessage())
                .endsWith(
                        "of "
                                + why.getNearest().getStatement().getPolicy()
                                + ": Action names [kms:Describe*], and the request has"
                                + " [kms:Encrypt].");
    }

    @Test
    void aPrincipalWhomNothingConcernsHearsOfTheKeyPolicysNearestStatement() {
        ExplainAccessResponse why = explain(ask(OTHER, "kms:Encrypt"));

        assertThat(why.getReason()).isEqualTo(AccessReason.Value.NO_RESOURCE_POLICY);
        assertThat(why.getNearest().getStatement().getSid()).isEqualTo("Trust");
        assertThat(why.getNearest().getMismatchesList())
                .extracting(ElementMismatch::getElement)
                .containsExactly("Principal");
    }

    @Test
    void anExplicitDenyNamesItsStatement() {
        ExplainAccessResponse why =
                explain(ask(ROOT, "kms:Decrypt").putEncryptionContext("app", "secret"));

        assertThat(why.getReason()).isEqualTo(AccessReason.Value.DENY_RESOURCE_POLICY);
        assertThat(why.getStatement().getIndex()).isEqualTo(2);
        assertThat(why.getStatement().hasSid()).isFalse();
        assertThat(explain(ask(ROOT, "kms:Decrypt")).getAllowed()).isTrue();
    }

    @Test
    void aGrantIsNamedByItsId() {
        assertThat(explain(ask(CAROL, "kms:GenerateDataKey")).getAllowed()).isFalse();
        CreateGrantRequest grant =
                CreateGrantRequest.newBuilder()
                        .setKeyId(key)
                        .setGranteePrincipal(CAROL)
                        .addOperations(GrantOperation.Value.GenerateDataKey)
                        .build();
        String id = principals.as(ROOT).call(Rpc.CREATE_GRANT, grant).getGrantId();

        ExplainAccessResponse why = explain(ask(CAROL, "kms:GenerateDataKey"));
        assertThat(why.getAllowed()).isTrue();
        assertThat(why.getGrantId()).isEqualTo(id);
        assertThat(why.hasStatement()).isFalse();
        assertThat(why.getMessage()).endsWith(" Decided by grant " + id + ".");
    }

    @Test
    void theNearestGrantAndItsConstraintAreNamed() {
        CreateGrantRequest grant =
                CreateGrantRequest.newBuilder()
                        .setKeyId(key)
                        .setGranteePrincipal(GINA)
                        .addOperations(GrantOperation.Value.Encrypt)
                        .setConstraints(
                                GrantConstraints.newBuilder()
                                        .putEncryptionContextSubset("Team", "blue"))
                        .build();
        String id = principals.as(ROOT).call(Rpc.CREATE_GRANT, grant).getGrantId();

        ExplainAccessResponse why =
                explain(ask(GINA, "kms:Encrypt").putEncryptionContext("team", "red"));
        assertThat(why.getNearestGrant().getGrantId()).isEqualTo(id);
        assertThat(why.getMessage())
                .endsWith(
                        " Nearest grant is "
                                + id
                                + ": EncryptionContextSubset names [Team=blue], and the request has"
                                + " [team=red].");
        assertThat(
                        explain(ask(GINA, "kms:Encrypt").putEncryptionContext("team", "blue"))
                                .getAllowed())
                .isTrue();
        assertThat(explain(ask(GINA, "kms:Decrypt")).getNearestGrant().getMismatchesList())
                .extracting(ElementMismatch::getElement)
                .contains("Operations");
    }

    @Test
    void ofAStrangerOnlyTheKeysSideIsSeen() {
        principals.send(
                OTHER_ROOT,
                CreateUserRequest.newBuilder()
                        .setUserName("guest")
                        .addTags(IamTag.newBuilder().setKey("team").setValue("secret-team")));
        String tagged =
                createKey(
                        """
                        {"Effect": "Allow", "Principal": {"AWS": "444455556666"},
                         "Action": "kms:Encrypt", "Resource": "*", "Condition": {"StringEquals":
                          {"aws:PrincipalTag/team": "x", "aws:userid": "x"}}},
                        {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Resource": "*",
                         "Action": "kms:Decrypt"}
                        """
                                .formatted(OTHER));

        ExplainAccessResponse why = explain(ask(OTHER, "kms:Encrypt").setKeyId(tagged));
        assertThat(why.getAllowed()).isFalse();
        assertThat(why.toString()).doesNotContain("secret-team").doesNotContain("AIDA");
        why = explain(ask(OTHER, "kms:Decrypt").setKeyId(tagged));
        assertThat(why.getAllowed()).isTrue();
        assertThat(why.getOtherAccountMustAllow()).isTrue();
        assertThat(why.getMessage())
                .endsWith(" Its own account must allow it too, which is not looked at.");
        assertThat(why.toString()).doesNotContain("AIDA");
        assertThat(explain(ask(OTHER_ROOT, "kms:Decrypt").setKeyId(tagged)).getAllowed()).isFalse();
    }

    @Test
    void itIsAboutTheCallersOwnSession() {
        principals.send(
                ROOT,
                CreateRoleRequest.newBuilder()
                        .setRoleName("narrow")
                        .setAssumeRolePolicyDocument(
                                """
                                {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                                 "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"}}
                                """
                                        .formatted(BOB)));
        principals.send(
                ROOT,
                PutRolePolicyRequest.newBuilder()
                        .setRoleName("narrow")
                        .setPolicyName("all")
                        .setPolicyDocument(LOOK.replace("kms:Describe*", "kms:*")));
        AssumeRoleResponse session =
                principals.ask(
                        BOB,
                        AssumeRoleRequest.newBuilder()
                                .setRoleArn("arn:aws:iam::111122223333:role/narrow")
                                .setRoleSessionName("one")
                                .setPolicy(LOOK.replace("kms:Describe*", "kms:GetKeyPolicy")));
        ExplainAccessRequest request =
                ExplainAccessRequest.newBuilder().setKeyId(key).setAction("kms:Encrypt").build();
        Metadata token = new Metadata();
        token.put(
                Metadata.Key.of("keyhold-session-token", Metadata.ASCII_STRING_MARSHALLER),
                session.getCredentials().getSessionToken());

        ExplainAccessResponse why =
                (ExplainAccessResponse)
                        principals.as(BOB).callWith(token, Rpc.taking(request), request);

        assertThat(why.getReason()).isEqualTo(AccessReason.Value.NO_SESSION_POLICY);
    }

    @Test
    void whatIsNeverForOtherAccountsIsSaidToBeSo() {
        assertThat(explain(ask(OTHER, "kms:DisableKey")).getReason())
                .isEqualTo(AccessReason.Value.NEVER_ACROSS_ACCOUNTS);
    }

    @Test
    void withoutAPrincipalItIsAboutTheCallerAndAnAliasCounts() {
        ExplainAccessRequest.Builder request =
                ExplainAccessRequest.newBuilder()
                        .setKeyId("alias/why")
                        .setAction("kms:DescribeKey");

        assertThat(explain(request).getMessage()).startsWith(ROOT + " is authorized");
    }

    @Test
    void whoMayNotReadThePolicyHearsNothing() {
        assertThat(principals.denied(ALICE, ask(ALICE, "kms:Encrypt")))
                .contains("kms:GetKeyPolicy");
        principals.send(
                ROOT,
                PutUserPolicyRequest.newBuilder()
                        .setUserName("alice")
                        .setPolicyName("read")
                        .setPolicyDocument(
                                """
                                {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                                 "Action": "kms:GetKeyPolicy", "Resource": "*"}}
                                """));
        principals.send(ALICE, ask(ALICE, "kms:Encrypt"));
        assertThat(principals.denied(ALICE, ask(BOB, "kms:Encrypt")))
                .contains("iam:SimulatePrincipalPolicy on resource: " + BOB);
        assertThat(principals.denied(OTHER, ask(OTHER, "kms:Encrypt")))
                .contains("kms:GetKeyPolicy");
    }

    @Test
    void badQuestionsAreRefused() {
        for (String action : new String[] {"kms:Nothing", "kms:ReEncrypt", "kms:CreateKey"}) {
            assertThat(principals.refused("ValidationException", ROOT, ask(ROOT, action)))
                    .startsWith("'" + action + "' is no action on a key; there are ")
                    .contains("kms:ReEncryptFrom, kms:ReEncryptTo");
        }
        assertThat(
                        principals.refused(
                                "ValidationException",
                                ROOT,
                                ask(ROOT, "kms:Encrypt")
                                        .addContextEntries(entry("kms:EncryptionContext:a", "b"))))
                .contains("but as EncryptionContext");
        assertThat(principals.refused("ValidationException", ROOT, ask(ROOT, "s3:GetObject")))
                .contains("action");
        assertThat(principals.refused("InvalidArnException", ROOT, ask("alice", "kms:Encrypt")))
                .startsWith("'alice' is neither");
    }

    /** With the account's trust in itself, and more statements. */
    private static String createKey(String statements) {
        String policy =
                """
                {"Version": "2012-10-17", "Statement": [
                 {"Sid": "Trust", "Effect": "Allow", "Principal": {"AWS": "%s"},
                  "Action": "kms:*", "Resource": "*"}, %s]}
                """
                        .formatted(ROOT, statements);
        return principals
                .as(ROOT)
                .call(Rpc.CREATE_KEY, CreateKeyRequest.newBuilder().setPolicy(policy).build())
                .getKeyMetadata()
                .getArn();
    }

    private static ExplainAccessRequest.Builder ask(String principal, String action) {
        return ExplainAccessRequest.newBuilder()
                .setKeyId(key)
                .setAction(action)
                .setPrincipal(principal);
    }

    private static ContextEntry entry(String name, String value) {
        return ContextEntry.newBuilder().setContextKeyName(name).addContextKeyValues(value).build();
    }

    private static ExplainAccessResponse explain(ExplainAccessRequest.Builder request) {
        return principals.ask(ROOT, request);
    }
}
