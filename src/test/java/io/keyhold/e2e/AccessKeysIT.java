package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.deleteUser;
import static io.keyhold.e2e.Iam.put;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.AccessKey;
import io.keyhold.v1.AccessKeyLastUsed;
import io.keyhold.v1.AccessKeyMetadata;
import io.keyhold.v1.CreateAccessKeyRequest;
import io.keyhold.v1.CreateAccessKeyResponse;
import io.keyhold.v1.DeleteAccessKeyRequest;
import io.keyhold.v1.GetAccessKeyLastUsedRequest;
import io.keyhold.v1.GetAccessKeyLastUsedResponse;
import io.keyhold.v1.ListAccessKeysRequest;
import io.keyhold.v1.ListAccessKeysResponse;
import io.keyhold.v1.StatusType;
import io.keyhold.v1.UpdateAccessKeyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Access keys of users: their secret is shown once, and is nowhere else. */
final class AccessKeysIT {

    private static final String ACCOUNT = "123456789012";
    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String OTHER_ROOT = "arn:aws:iam::111122223333:root";

    @RegisterExtension static final OneDaemon one = OneDaemon.ofAccounts("111122223333");

    @RegisterExtension static final Principals principals = new Principals(one);

    private final Iam iam = new Iam(principals);

    @Test
    void theSecretIsShownOnceAndIsNowhere() throws IOException {
        iam.send(ROOT, createUser("alice"));

        AccessKey key = create("alice");

        assertThat(key.getUserName()).isEqualTo("alice");
        assertThat(key.getAccessKeyId()).matches("AKIA[A-Z2-7]{16}");
        assertThat(key.getSecretAccessKey()).matches("[A-Za-z0-9+/]{40}");
        assertThat(key.getStatus()).isEqualTo(StatusType.Value.Active);
        assertThat(key.hasCreateDate()).isTrue();
        JsonNode event = one.home().journal().successes("CreateAccessKey").getLast();
        JsonNode shown = event.path("responseElements").path("accessKey");
        assertThat(shown.path("accessKeyId").asString()).isEqualTo(key.getAccessKeyId());
        assertThat(shown.has("secretAccessKey")).isFalse();
        assertThat(event.path("eventSource").asString()).isEqualTo("iam.amazonaws.com");
        assertNowhere(key.getSecretAccessKey());
    }

    @Test
    void aUserHasTwoThatComeAndGo() {
        iam.send(ROOT, createUser("bob"));
        String first = create("bob").getAccessKeyId();
        String second = create("bob").getAccessKeyId();

        assertThat(iam.refused("LimitExceededException", ROOT, request("bob")))
                .isEqualTo("Cannot exceed quota for AccessKeysPerUser: 2");
        iam.send(ROOT, update("bob", first, StatusType.Value.Inactive));
        assertThat(list("bob"))
                .extracting(AccessKeyMetadata::getAccessKeyId)
                .containsExactlyInAnyOrder(first, second);
        assertThat(list("bob"))
                .filteredOn(key -> key.getStatus() == StatusType.Value.Inactive)
                .extracting(AccessKeyMetadata::getAccessKeyId)
                .containsExactly(first);
        assertThat(iam.refused("DeleteConflictException", ROOT, deleteUser("bob")))
                .isEqualTo("Cannot delete entity, must delete access keys first.");
        iam.send(ROOT, delete("bob", first));
        iam.send(ROOT, delete("bob", second));
        assertThat(iam.refused("NoSuchEntityException", ROOT, delete("bob", second)))
                .isEqualTo("The Access Key with id " + second + " cannot be found.");
        iam.send(ROOT, deleteUser("bob"));
    }

    @Test
    void aUserMakesTheirOwnIfTheyMay() {
        String carl = "arn:aws:iam::" + ACCOUNT + ":user/carl";
        iam.send(ROOT, createUser("carl"));
        iam.send(ROOT, createUser("dora"));
        CreateAccessKeyRequest.Builder own = CreateAccessKeyRequest.newBuilder();

        assertThat(iam.denied(carl, own)).contains("iam:CreateAccessKey on resource: " + carl);
        iam.send(ROOT, put("carl", allow("iam:*AccessKey*", carl)));
        CreateAccessKeyResponse made = iam.ask(carl, own);
        assertThat(made.getAccessKey().getUserName()).isEqualTo("carl");
        iam.denied(carl, request("dora"));
        assertThat(iam.refused("ValidationException", ROOT, own))
                .isEqualTo("Must specify userName when calling with non-User credentials");
        String of = made.getAccessKey().getAccessKeyId();
        iam.refused("NoSuchEntityException", ROOT, delete("dora", of));
        iam.send(carl, DeleteAccessKeyRequest.newBuilder().setAccessKeyId(of));
    }

    @Test
    void noneWasEverUsed() {
        iam.send(ROOT, createUser("emil"));
        String emil = "arn:aws:iam::" + ACCOUNT + ":user/emil";
        String id = create("emil").getAccessKeyId();
        GetAccessKeyLastUsedRequest.Builder asked = lastUsed(id);

        GetAccessKeyLastUsedResponse answer = iam.ask(ROOT, asked);

        assertThat(answer.getUserName()).isEqualTo("emil");
        assertThat(answer.getAccessKeyLastUsed())
                .isEqualTo(
                        AccessKeyLastUsed.newBuilder()
                                .setServiceName("N/A")
                                .setRegion("N/A")
                                .build());
        String unknown = "AKIA" + "2".repeat(16);
        iam.refused("NoSuchEntityException", ROOT, lastUsed(unknown));
        iam.refused("NoSuchEntityException", OTHER_ROOT, asked);
        // Whoever may not ask does not learn which there are.
        assertThat(iam.denied(emil, asked))
                .isEqualTo(iam.denied(emil, lastUsed(unknown)).replace(unknown, id));
        iam.send(ROOT, put("emil", allow("iam:GetAccessKeyLastUsed", emil)));
        iam.send(emil, asked);
        iam.denied(emil, lastUsed(unknown));
    }

    private AccessKey create(String user) {
        CreateAccessKeyResponse made = iam.ask(ROOT, request(user));
        return made.getAccessKey();
    }

    private List<AccessKeyMetadata> list(String user) {
        ListAccessKeysResponse listed =
                iam.ask(ROOT, ListAccessKeysRequest.newBuilder().setUserName(user));
        assertThat(listed.getIsTruncated()).isFalse();
        return listed.getAccessKeyMetadataList();
    }

    private static CreateAccessKeyRequest.Builder request(String user) {
        return CreateAccessKeyRequest.newBuilder().setUserName(user);
    }

    private static UpdateAccessKeyRequest.Builder update(
            String user, String id, StatusType.Value status) {
        return UpdateAccessKeyRequest.newBuilder()
                .setUserName(user)
                .setAccessKeyId(id)
                .setStatus(status);
    }

    private static DeleteAccessKeyRequest.Builder delete(String user, String id) {
        return DeleteAccessKeyRequest.newBuilder().setUserName(user).setAccessKeyId(id);
    }

    private static GetAccessKeyLastUsedRequest.Builder lastUsed(String id) {
        return GetAccessKeyLastUsedRequest.newBuilder().setAccessKeyId(id);
    }

    /** Not in journal, database or log, in no spelling; nor in any other file of the home. */
    private static void assertNowhere(String secret) throws IOException {
        Canary canary = new Canary("the secret access key", secret.getBytes(UTF_8));
        try (Stream<Path> all = Files.walk(one.home().folder())) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            assertThat(files)
                    .contains(
                            one.home().path("audit/journal.jsonl"), one.home().path("keyhold.db"));
            for (Path file : files) {
                assertThat(canary.tracesIn(Files.readAllBytes(file))).as("%s", file).isEmpty();
            }
        }
        assertThat(canary.tracesIn(one.daemon().log().getBytes(UTF_8))).isEmpty();
    }
}
