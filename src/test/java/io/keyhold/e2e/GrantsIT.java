package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateGrantResponse;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DeleteUserRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.GrantConstraints;
import io.keyhold.v1.GrantListEntry;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.ListGrantsRequest;
import io.keyhold.v1.ListGrantsResponse;
import io.keyhold.v1.ListRetirableGrantsRequest;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.RetireGrantRequest;
import io.keyhold.v1.RevokeGrantRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** M13: grants, from the door to the token. */
final class GrantsIT {

    private static final String ROOT = "arn:aws:iam::111122223333:root";
    private static final String ALICE = "arn:aws:iam::111122223333:user/alice";
    private static final String BOB = "arn:aws:iam::111122223333:user/bob";
    private static final String CAROL = "arn:aws:iam::111122223333:user/carol";
    private static final String DAVE = "arn:aws:iam::111122223333:user/dave";
    private static final String WORKER = "arn:aws:iam::111122223333:role/Worker";
    private static final String WORKER_ONE = "arn:aws:sts::111122223333:assumed-role/Worker/one";
    private static final String OTHER_ROOT = "arn:aws:iam::444455556666:root";
    private static final String OTHER_USER = "arn:aws:iam::444455556666:user/guest";
    private static final byte[] PLAINTEXT = "grant".getBytes(UTF_8);

    @RegisterExtension
    static final OneDaemon one = OneDaemon.ofAccounts("111122223333", "444455556666");

    @RegisterExtension static final Principals principals = new Principals(one);

    private final String key = createKey();

    @Test
    void aGranteeMayDoWhatTheGrantAllowsFromTheNextCallOn() {
        assertThat(denied(ALICE, encrypt())).contains("kms:Encrypt");

        grant(to(ALICE, GrantOperation.Value.Encrypt, GrantOperation.Value.Decrypt));

        byte[] blob = principals.as(ALICE).encrypt(key, PLAINTEXT, Map.of());
        assertThat(principals.as(ALICE).decrypt(blob, Map.of())).isEqualTo(PLAINTEXT);
        assertThat(denied(ALICE, describe())).contains("kms:DescribeKey");
        assertThat(denied(BOB, encrypt())).contains("kms:Encrypt");
    }

    @Test
    void aGrantToARoleIsForItsSessions() {
        grant(to(WORKER, GrantOperation.Value.Encrypt));

        send(WORKER_ONE, encrypt());
        assertThat(denied(ALICE, encrypt())).contains("kms:Encrypt");
    }

    @Test
    void anExplicitDenyInTheKeyPolicyWinsOverAGrant() {
        grant(to(ALICE, GrantOperation.Value.Encrypt));
        send(
                ROOT,
                PutKeyPolicyRequest.newBuilder()
                        .setKeyId(key)
                        .setPolicy(
                                policy(
                                        """
                                        , {"Effect": "Deny", "Principal": {"AWS": "%s"},
                                         "Action": "kms:Encrypt", "Resource": "*"}
                                        """
                                                .formatted(ALICE))));

        assertThat(denied(ALICE, encrypt()))
                .endsWith("with an explicit deny in a resource-based policy");
    }

    @Test
    void anotherAccountMayUseAGrantByKeyArnAndItsUsersNeedTheirAccountToo() {
        grant(to(OTHER_ROOT, GrantOperation.Value.Encrypt, GrantOperation.Value.DescribeKey));

        send(OTHER_ROOT, encrypt());
        send(OTHER_ROOT, describe());
        assertThat(denied(OTHER_USER, encrypt())).contains("kms:Encrypt");
    }

    @Test
    void constraintsBindTheEncryptionContext() {
        grant(
                to(ALICE, GrantOperation.Value.Encrypt, GrantOperation.Value.DescribeKey)
                        .setConstraints(
                                GrantConstraints.newBuilder()
                                        .putEncryptionContextSubset("App", "billing")));
        grant(
                to(BOB, GrantOperation.Value.Encrypt)
                        .setConstraints(
                                GrantConstraints.newBuilder()
                                        .putEncryptionContextEquals("app", "billing")));

        send(ALICE, encrypt().putEncryptionContext("aPP", "billing").putEncryptionContext("b", ""));
        send(ALICE, describe());
        assertThat(denied(ALICE, encrypt())).contains("kms:Encrypt");
        assertThat(denied(ALICE, encrypt().putEncryptionContext("app", "Billing"))).isNotEmpty();
        send(BOB, encrypt().putEncryptionContext("APP", "billing"));
        assertThat(
                        denied(
                                BOB,
                                encrypt()
                                        .putEncryptionContext("app", "billing")
                                        .putEncryptionContext("b", "")))
                .isNotEmpty();
    }

    @Test
    void reEncryptAsksForEachSideOnItsOwnKey() {
        grant(to(ALICE, GrantOperation.Value.ReEncryptFrom));
        String second = createKey();
        ByteString blob =
                ByteString.copyFrom(principals.as(ROOT).encrypt(key, PLAINTEXT, Map.of()));
        ReEncryptRequest.Builder request =
                ReEncryptRequest.newBuilder().setCiphertextBlob(blob).setDestinationKeyId(second);

        assertThat(denied(ALICE, request)).contains("kms:ReEncryptTo");
        grant(to(ALICE, GrantOperation.Value.ReEncryptTo).setKeyId(second));
        send(ALICE, request);
    }

    @Test
    void tokensAreTakenByEveryVerbThatHasThem() {
        CreateGrantResponse made = grant(to(ALICE, GrantOperation.Value.DescribeKey));
        String token = made.getGrantToken();

        send(ALICE, describe().addGrantTokens(token));
        send(ROOT, encrypt().addGrantTokens(token));
        revoke(made);
        for (Message.Builder request :
                List.of(
                        describe().addGrantTokens(token),
                        encrypt().addGrantTokens(token),
                        encrypt().addGrantTokens("no token"),
                        DecryptRequest.newBuilder()
                                .setCiphertextBlob(ByteString.copyFrom(new byte[9]))
                                .addGrantTokens(token),
                        to(BOB, GrantOperation.Value.Encrypt).addGrantTokens(token))) {
            assertThat(refused("InvalidGrantTokenException", ROOT, request))
                    .isEqualTo("The grant token stands for no grant that there is.");
        }
    }

    @Test
    void whoMayCreateGrantsByAGrantCanOnlyHandOnWhatItHas() {
        grant(
                to(ALICE, GrantOperation.Value.CreateGrant, GrantOperation.Value.Encrypt)
                        .setConstraints(
                                GrantConstraints.newBuilder()
                                        .putEncryptionContextSubset("app", "billing")));
        CreateGrantRequest.Builder more = to(BOB, GrantOperation.Value.Decrypt);
        CreateGrantRequest.Builder looser = to(BOB, GrantOperation.Value.Encrypt);
        CreateGrantRequest.Builder same =
                to(BOB, GrantOperation.Value.Encrypt)
                        .setConstraints(
                                GrantConstraints.newBuilder()
                                        .putEncryptionContextSubset("app", "billing")
                                        .putEncryptionContextSubset("env", "test"));

        assertThat(denied(ALICE, more)).contains("kms:CreateGrant");
        assertThat(denied(ALICE, looser)).contains("kms:CreateGrant");
        send(ALICE, same);
        send(
                BOB,
                encrypt()
                        .putEncryptionContext("app", "billing")
                        .putEncryptionContext("env", "test"));
        assertThat(denied(BOB, encrypt().putEncryptionContext("app", "billing"))).isNotEmpty();
    }

    @Test
    void aNameMakesARepeatedRequestTheSame() {
        CreateGrantRequest.Builder named = to(ALICE, GrantOperation.Value.Encrypt).setName("n");

        CreateGrantResponse first = grant(named);
        assertThat(grant(named).getGrantId()).isEqualTo(first.getGrantId());
        assertThat(grant(to(BOB, GrantOperation.Value.Encrypt).setName("n")).getGrantId())
                .isNotEqualTo(first.getGrantId());
        assertThat(grant(named.clearName()).getGrantId()).isNotEqualTo(grant(named).getGrantId());
    }

    @Test
    void aGrantIsForTheUserThatThereWasAndNotForALaterOneOfThatName() {
        CreateUserRequest.Builder dave = CreateUserRequest.newBuilder().setUserName("dave");
        send(ROOT, dave);
        grant(to(DAVE, GrantOperation.Value.Encrypt));
        send(DAVE, encrypt());

        send(ROOT, DeleteUserRequest.newBuilder().setUserName("dave"));
        assertThat(denied(DAVE, encrypt())).contains("kms:Encrypt");
        send(ROOT, dave);
        assertThat(denied(DAVE, encrypt())).contains("kms:Encrypt");
        grant(to(DAVE, GrantOperation.Value.Encrypt));
        send(DAVE, encrypt());
    }

    @Test
    void grantsAreListedWithAllThatTheySay() {
        CreateGrantResponse full =
                grant(
                        to(ALICE, GrantOperation.Value.Encrypt, GrantOperation.Value.RetireGrant)
                                .setName("full")
                                .setRetiringPrincipal(BOB)
                                .setConstraints(
                                        GrantConstraints.newBuilder()
                                                .putEncryptionContextEquals("a", "1")));
        CreateGrantResponse service =
                grant(
                        CreateGrantRequest.newBuilder()
                                .setKeyId(key)
                                .setGranteeServicePrincipal("s3.amazonaws.com")
                                .setRetiringServicePrincipal("s3.amazonaws.com")
                                .addOperations(GrantOperation.Value.Decrypt)
                                .setConstraints(
                                        GrantConstraints.newBuilder()
                                                .setSourceArn("arn:aws:s3:::bucket")));

        GrantListEntry shown =
                list(ListGrantsRequest.newBuilder().setGranteePrincipal(ALICE)).getFirst();
        assertThat(shown.toBuilder().clearCreationDate().build())
                .isEqualTo(
                        GrantListEntry.newBuilder()
                                .setKeyId(key)
                                .setGrantId(full.getGrantId())
                                .setName("full")
                                .setGranteePrincipal(ALICE)
                                .setRetiringPrincipal(BOB)
                                .setIssuingAccount(ROOT)
                                .addOperations(GrantOperation.Value.Encrypt)
                                .addOperations(GrantOperation.Value.RetireGrant)
                                .setConstraints(
                                        GrantConstraints.newBuilder()
                                                .putEncryptionContextEquals("a", "1"))
                                .build());
        assertThat(
                        list(
                                ListGrantsRequest.newBuilder()
                                        .setGranteeServicePrincipal("s3.amazonaws.com")))
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.getGrantId()).isEqualTo(service.getGrantId());
                            assertThat(entry.hasGranteePrincipal()).isFalse();
                            assertThat(entry.getRetiringServicePrincipal())
                                    .isEqualTo("s3.amazonaws.com");
                        });
        assertThat(list(ListGrantsRequest.newBuilder().setGrantId(full.getGrantId())))
                .containsExactly(shown);
        assertThat(list(ListGrantsRequest.newBuilder().setGranteePrincipal(CAROL))).isEmpty();
    }

    @Test
    void listsComeInPages() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(grant(to(ALICE, GrantOperation.Value.Encrypt)).getGrantId());
        }

        List<String> seen = new ArrayList<>();
        ListGrantsRequest.Builder request =
                ListGrantsRequest.newBuilder().setKeyId(key).setLimit(2);
        ListGrantsResponse page;
        do {
            page = principals.as(ROOT).call(Rpc.LIST_GRANTS, request.build());
            page.getGrantsList().forEach(grant -> seen.add(grant.getGrantId()));
            request.setMarker(page.getNextMarker());
        } while (page.getTruncated());

        assertThat(seen).isSorted().containsExactlyInAnyOrderElementsOf(made);
        assertThat(refused("InvalidMarkerException", ROOT, request.setMarker("x"))).isNotEmpty();
    }

    @Test
    void theRetiringPrincipalMayRetire() {
        CreateGrantResponse made =
                grant(to(ALICE, GrantOperation.Value.Encrypt).setRetiringPrincipal(BOB));

        assertThat(denied(ALICE, retire(made))).contains("kms:RetireGrant");
        assertThat(denied(CAROL, retire(made))).contains("kms:RetireGrant");
        assertThat(
                        principals
                                .as(ROOT)
                                .call(
                                        Rpc.LIST_RETIRABLE_GRANTS,
                                        ListRetirableGrantsRequest.newBuilder()
                                                .setRetiringPrincipal(BOB)
                                                .build())
                                .getGrantsList())
                .extracting(GrantListEntry::getGrantId)
                .contains(made.getGrantId());
        send(BOB, retire(made));
        assertThat(denied(ALICE, encrypt())).contains("kms:Encrypt");
        assertThat(refused("InvalidGrantTokenException", BOB, retire(made))).isNotEmpty();
    }

    @Test
    void aGranteeMayRetireItsGrantIfItHoldsThatOperation() {
        CreateGrantResponse made =
                grant(to(ALICE, GrantOperation.Value.Encrypt, GrantOperation.Value.RetireGrant));

        assertThat(denied(BOB, retireById(made))).contains("kms:RetireGrant");
        send(ALICE, retireById(made));
        assertThat(denied(ALICE, encrypt())).contains("kms:Encrypt");
    }

    @Test
    void theIssuingAccountMayRetireAndTheKeysOwnerMayRevoke() {
        grant(to(OTHER_ROOT, GrantOperation.Value.CreateGrant, GrantOperation.Value.Encrypt));
        CreateGrantResponse theirs =
                principals
                        .as(OTHER_ROOT)
                        .call(
                                Rpc.CREATE_GRANT,
                                to(OTHER_USER, GrantOperation.Value.Encrypt).build());
        CreateGrantResponse second =
                principals
                        .as(OTHER_ROOT)
                        .call(
                                Rpc.CREATE_GRANT,
                                to(OTHER_USER, GrantOperation.Value.Encrypt).build());

        assertThat(denied(ROOT, retire(theirs))).contains("kms:RetireGrant");
        send(OTHER_ROOT, retire(theirs));
        assertThat(denied(OTHER_ROOT, revokeRequest(second))).contains("kms:RevokeGrant");
        revoke(second);
    }

    @Test
    void whatIsNotAGrantIsRefused() {
        CreateGrantRequest.Builder good = to(ALICE, GrantOperation.Value.Encrypt);

        assertThat(refused("InvalidArnException", ROOT, good.clone().setGranteePrincipal("alice")))
                .startsWith("ARN does not refer to a valid principal: alice.");
        assertThat(
                        refused(
                                "InvalidArnException",
                                ROOT,
                                good.clone()
                                        .setGranteePrincipal("arn:aws:iam::999999999999:user/x")))
                .contains("999999999999");
        assertThat(
                        refused(
                                "InvalidArnException",
                                ROOT,
                                good.clone()
                                        .setRetiringPrincipal("arn:aws-cn:iam::111122223333:root")))
                .contains("aws-cn");
        assertThat(
                        refused(
                                "ValidationException",
                                ROOT,
                                good.clone().setGranteeServicePrincipal("s3.amazonaws.com")))
                .contains("either a GranteePrincipal or a GranteeServicePrincipal");
        assertThat(refused("ValidationException", ROOT, good.clone().clearOperations()))
                .contains("operations");
        assertThat(
                        refused(
                                "ValidationException",
                                ROOT,
                                good.clone().addOperations(GrantOperation.Value.Sign)))
                .isEqualTo(
                        "A grant for a key with KeySpec SYMMETRIC_DEFAULT and KeyUsage"
                                + " ENCRYPT_DECRYPT cannot allow Sign.");
        assertThat(
                        refused(
                                "ValidationException",
                                ROOT,
                                good.clone()
                                        .setConstraints(
                                                GrantConstraints.newBuilder()
                                                        .putEncryptionContextEquals(
                                                                "a", "x".repeat(384)))))
                .isEqualTo("EncryptionContextEquals has 385 characters; the most is 384.");
        assertThat(
                        refused(
                                "ValidationException",
                                ROOT,
                                good.clone()
                                        .clearGranteePrincipal()
                                        .setGranteeServicePrincipal("s3.amazonaws.com")))
                .contains("SourceArn");
        assertThat(
                        refused(
                                "InvalidGrantIdException",
                                ROOT,
                                RevokeGrantRequest.newBuilder().setKeyId(key).setGrantId("x")))
                .contains("64 hexadecimal digits");
        assertThat(
                        refused(
                                "NotFoundException",
                                ROOT,
                                RevokeGrantRequest.newBuilder()
                                        .setKeyId(key)
                                        .setGrantId("0".repeat(64))))
                .isEqualTo("Grant ID " + "0".repeat(64) + " not found");
        assertThat(
                        refused(
                                "ValidationException",
                                ROOT,
                                RetireGrantRequest.newBuilder().setKeyId(key)))
                .contains("GrantToken alone");
        assertThat(refused("ValidationException", ROOT, ListRetirableGrantsRequest.newBuilder()))
                .contains("RetiringPrincipal");
        assertThat(
                        denied(
                                ROOT,
                                ListRetirableGrantsRequest.newBuilder()
                                        .setRetiringPrincipal(OTHER_ROOT)))
                .contains("kms:ListRetirableGrants");
        assertThat(
                        denied(
                                ROOT,
                                ListRetirableGrantsRequest.newBuilder()
                                        .setRetiringServicePrincipal("s3.amazonaws.com")))
                .contains("kms:ListRetirableGrants");
        assertThat(list(ListGrantsRequest.newBuilder())).isEmpty();
    }

    @Test
    void aDisabledKeyGetsNoGrantAndADryRunMakesNone() {
        CreateGrantRequest.Builder good = to(ALICE, GrantOperation.Value.Encrypt);

        assertThat(refused("DryRunOperationException", ROOT, good.clone().setDryRun(true)))
                .isNotEmpty();
        send(ROOT, DisableKeyRequest.newBuilder().setKeyId(key));
        assertThat(refused("DisabledException", ROOT, good)).isEqualTo(key + " is disabled.");
        send(ROOT, EnableKeyRequest.newBuilder().setKeyId(key));
        assertThat(list(ListGrantsRequest.newBuilder())).isEmpty();
    }

    @Test
    void aPolicyCanSayWhichGrantsMayBeMade() {
        send(
                ROOT,
                PutKeyPolicyRequest.newBuilder()
                        .setKeyId(key)
                        .setPolicy(
                                policy(
                                        """
                                        , {"Effect": "Allow", "Principal": {"AWS": "%s"},
                                         "Action": "kms:CreateGrant", "Resource": "*", "Condition": {
                                          "ForAllValues:StringEquals":
                                            {"kms:GrantOperations": ["Encrypt", "Decrypt"]},
                                          "StringEquals": {"kms:GranteePrincipal": "%s",
                                           "kms:GrantConstraintType": "EncryptionContextSubset"},
                                          "Bool": {"kms:GrantIsForAWSResource": "false"}}}
                                        """
                                                .formatted(ALICE, BOB))));
        CreateGrantRequest.Builder good =
                to(BOB, GrantOperation.Value.Encrypt)
                        .setConstraints(
                                GrantConstraints.newBuilder().putEncryptionContextSubset("a", "1"));

        send(ALICE, good);
        assertThat(denied(ALICE, good.clone().setGranteePrincipal(CAROL))).isNotEmpty();
        assertThat(denied(ALICE, good.clone().addOperations(GrantOperation.Value.DescribeKey)))
                .isNotEmpty();
        assertThat(denied(ALICE, good.clone().clearConstraints())).isNotEmpty();
    }

    private static String createKey() {
        return principals
                .as(ROOT)
                .call(Rpc.CREATE_KEY, CreateKeyRequest.newBuilder().setPolicy(policy("")).build())
                .getKeyMetadata()
                .getArn();
    }

    private static String policy(String more) {
        return """
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*",
         "Principal": {"AWS": "%s"}, "Resource": "*"}%s]}
        """
                .formatted(ROOT, more);
    }

    private CreateGrantRequest.Builder to(String grantee, GrantOperation.Value... operations) {
        return CreateGrantRequest.newBuilder()
                .setKeyId(key)
                .setGranteePrincipal(grantee)
                .addAllOperations(List.of(operations));
    }

    private static CreateGrantResponse grant(CreateGrantRequest.Builder request) {
        return principals.as(ROOT).call(Rpc.CREATE_GRANT, request.build());
    }

    private static RetireGrantRequest.Builder retire(CreateGrantResponse grant) {
        return RetireGrantRequest.newBuilder().setGrantToken(grant.getGrantToken());
    }

    private RetireGrantRequest.Builder retireById(CreateGrantResponse grant) {
        return RetireGrantRequest.newBuilder().setKeyId(key).setGrantId(grant.getGrantId());
    }

    private RevokeGrantRequest.Builder revokeRequest(CreateGrantResponse grant) {
        return RevokeGrantRequest.newBuilder().setKeyId(key).setGrantId(grant.getGrantId());
    }

    private void revoke(CreateGrantResponse grant) {
        send(ROOT, revokeRequest(grant));
    }

    private List<GrantListEntry> list(ListGrantsRequest.Builder request) {
        return principals
                .as(ROOT)
                .call(Rpc.LIST_GRANTS, request.setKeyId(key).build())
                .getGrantsList();
    }

    private EncryptRequest.Builder encrypt() {
        return Client.encryptRequest(key, PLAINTEXT, Map.of()).toBuilder();
    }

    private DescribeKeyRequest.Builder describe() {
        return DescribeKeyRequest.newBuilder().setKeyId(key);
    }

    private static void send(String principal, Message.Builder request) {
        principals.send(principal, request);
    }

    private static String denied(String principal, Message.Builder request) {
        return principals.denied(principal, request);
    }

    private static String refused(String name, String principal, Message.Builder request) {
        return principals.refused(name, principal, request);
    }
}
