package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Kinds.ACCOUNT;
import static io.keyhold.e2e.Kinds.OTHER_ACCOUNT;
import static io.keyhold.e2e.Kinds.OTHER_ROOT;
import static io.keyhold.e2e.Kinds.ROOT;
import static io.keyhold.e2e.Kinds.S3;
import static io.keyhold.e2e.Kinds.encrypt;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateGrantResponse;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GrantConstraints;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.ReEncryptRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What an account's trail says of calls that are about keys of others too. */
final class TrailsIT {

    private static final String INTERNAL = "alias/internal";

    @RegisterExtension static final OneDaemon one = OneDaemon.ofAccounts(OTHER_ACCOUNT);

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);
    private static final Kinds kinds = new Kinds(principals);
    private static String shared;
    private static String owned;

    @BeforeAll
    static void aKeyOfAnAccountAndOneOfAService() {
        iam.send(ROOT, createUser("alice"));
        shared = kinds.create(ROOT);
        iam.send(
                ROOT,
                PutKeyPolicyRequest.newBuilder()
                        .setKeyId(shared)
                        .setPolicy(
                                Iam.policyOf(
                                        """
                                        {"Effect": "Allow", "Action": "kms:*", "Resource": "*",
                                         "Principal": {"AWS": ["%s", "%s"],
                                                       "Service": "s3.amazonaws.com"}}"""
                                                .formatted(ACCOUNT, OTHER_ACCOUNT))));
        owned = kinds.create(S3);
        iam.send(S3, CreateAliasRequest.newBuilder().setAliasName(INTERNAL).setTargetKeyId(owned));
    }

    /** However the service names it, and whatever comes of the call. */
    @Test
    void noCustomerReadsOfAServiceOwnedKey() {
        EncryptResponse ofCustomer = iam.ask(ROOT, encrypt(shared));
        EncryptResponse ofService = kinds.byS3(owned, ACCOUNT);
        String id = owned.substring(owned.indexOf('/') + 1);

        byS3(reEncrypt(ofCustomer).setDestinationKeyId(owned));
        byS3(reEncrypt(ofCustomer).setDestinationKeyId(INTERNAL));
        byS3(reEncrypt(ofService).setSourceKeyId(id).setDestinationKeyId(shared));
        iam.send(S3, DisableKeyRequest.newBuilder().setKeyId(id));
        Message.Builder disabled =
                reEncrypt(ofService).setSourceKeyId(INTERNAL).setDestinationKeyId(shared);
        iam.refused("DisabledException", S3, disabled);
        iam.send(S3, EnableKeyRequest.newBuilder().setKeyId(id));
        principals.ask(S3, "keyhold-source-arn", owned, dataKey(shared));
        CreateGrantResponse grant =
                iam.ask(
                        S3,
                        CreateGrantRequest.newBuilder()
                                .setKeyId(id)
                                .setGranteeServicePrincipal("s3.amazonaws.com")
                                .setRetiringServicePrincipal("s3.amazonaws.com")
                                .setConstraints(
                                        GrantConstraints.newBuilder()
                                                .setSourceArn("arn:aws:s3:::bucket"))
                                .addOperations(GrantOperation.Value.Encrypt));
        byS3(
                reEncrypt(ofCustomer)
                        .setDestinationKeyId(owned)
                        .addGrantTokens(grant.getGrantToken()));
        throughS3(dataKey(owned));
        throughS3(reEncrypt(ofCustomer).setDestinationKeyId(owned));
        throughS3(dataKey(owned).putEncryptionContext("key", owned));

        assertThat(trail(ACCOUNT))
                .hasSizeGreaterThan(8)
                .noneMatch(event -> event.contains(id))
                .noneMatch(event -> event.contains(INTERNAL))
                .noneMatch(event -> event.contains(grant.getGrantToken()))
                .noneMatch(event -> event.contains("888888888888"));
        assertThat(trail("888888888888"))
                .filteredOn(event -> event.contains("\"ReEncrypt\"") && event.contains(owned))
                .hasSize(5);
    }

    /** Each owner hears of the half that is about its own key. */
    @Test
    void anOwnerDoesNotReadWhatElseTheCallerDoes() {
        EncryptResponse data = iam.ask(ROOT, encrypt(shared).putEncryptionContext("of", "shared"));
        String own = kinds.create(OTHER_ROOT);
        String alias = "alias/project-manhattan";
        iam.send(
                OTHER_ROOT,
                CreateAliasRequest.newBuilder().setAliasName(alias).setTargetKeyId(own));

        iam.send(
                OTHER_ROOT,
                reEncrypt(data)
                        .putSourceEncryptionContext("of", "shared")
                        .setDestinationKeyId(alias)
                        .putDestinationEncryptionContext("of", "other"));

        JsonNode owners = last(ACCOUNT);
        assertThat(owners.path("requestParameters"))
                .hasToString("{\"sourceEncryptionContext\":{\"of\":\"shared\"}}");
        assertThat(owners.toString()).doesNotContain(own, alias);
        JsonNode callers = last(OTHER_ACCOUNT);
        assertThat(callers.toString()).contains(own, shared, alias);
        assertThat(callers.path("sharedEventID").asString())
                .isNotEmpty()
                .isEqualTo(owners.path("sharedEventID").asString());
    }

    /** The service uses the one's key for the other's bucket, as that one's policy lets it. */
    @Test
    void anOwnerReadsForWhichAccountAServiceCallsAndNotForWhichBucket() {
        Metadata others = Principals.metadata("keyhold-source-account", OTHER_ACCOUNT);
        others.merge(Principals.metadata("keyhold-source-arn", "arn:aws:s3:::secret-plans"));
        principals.as(S3).callWith(others, Request.of(dataKey(shared)));
        assertThat(last(ACCOUNT).path("additionalEventData"))
                .hasToString("{\"sourceAccount\":\"111122223333\"}");
    }

    /** What is refused to somebody does not tell whether it is there. */
    @Test
    void aRefusalIsTheSameOfAKeyThatIsNotThere() {
        String closed = kinds.create(ROOT);
        String nothing = closed.substring(0, closed.length() - 12) + "0123456789ab";
        for (String key : List.of(closed, nothing)) {
            iam.denied(OTHER_ROOT, encrypt(key));
            JsonNode refused = one.home().journal().events().getLast();
            assertThat(refused.path("resources").size()).as(key).isZero();
            assertThat(refused.at("/requestParameters/keyId").asString()).isEqualTo(key);
        }
    }

    private static void byS3(ReEncryptRequest.Builder request) {
        principals.ask(S3, "keyhold-source-account", ACCOUNT, request);
    }

    /** The service makes a mistake: there it cannot use its own. */
    private static void throughS3(Message.Builder request) {
        Refusal refusal = principals.refusal(S3, "keyhold-on-behalf-of", ROOT, request);
        assertThat(refusal.name()).isEqualTo("AccessDeniedException");
    }

    private static ReEncryptRequest.Builder reEncrypt(EncryptResponse data) {
        ByteString blob = data.getCiphertextBlob();
        return ReEncryptRequest.newBuilder().setCiphertextBlob(blob);
    }

    private static GenerateDataKeyRequest.Builder dataKey(String key) {
        return GenerateDataKeyRequest.newBuilder().setKeyId(key).setNumberOfBytes(16);
    }

    private static List<String> trail(String account) {
        return events(account).stream().map(JsonNode::toString).toList();
    }

    private static JsonNode last(String account) {
        return events(account).getLast();
    }

    private static List<JsonNode> events(String account) {
        return one.home().journal().of(account).events();
    }
}
