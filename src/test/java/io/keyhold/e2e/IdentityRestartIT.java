package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.addUser;
import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.attach;
import static io.keyhold.e2e.Iam.createGroup;
import static io.keyhold.e2e.Iam.createPolicy;
import static io.keyhold.e2e.Iam.createRole;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.deleteUser;
import static io.keyhold.e2e.Iam.put;
import static io.keyhold.e2e.Iam.putGroup;
import static io.keyhold.e2e.Iam.trust;
import static io.keyhold.e2e.Iam.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.keyhold.v1.CreateAccountRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreatePolicyVersionRequest;
import io.keyhold.v1.GetGroupRequest;
import io.keyhold.v1.GetPolicyRequest;
import io.keyhold.v1.GetRoleRequest;
import io.keyhold.v1.GetUserRequest;
import io.keyhold.v1.ListAccountsRequest;
import io.keyhold.v1.ListAttachedUserPoliciesRequest;
import io.keyhold.v1.ListPolicyVersionsRequest;
import io.keyhold.v1.ListUserPoliciesRequest;
import io.keyhold.v1.ListUsersRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** M11: identities are there after a restart, and mean the same. */
final class IdentityRestartIT {

    private static final String ACCOUNT = "arn:aws:iam::123456789012:";
    private static final List<Message.Builder> LOOKS =
            List.of(
                    ListAccountsRequest.newBuilder(),
                    GetUserRequest.newBuilder().setUserName("alice"),
                    ListUserPoliciesRequest.newBuilder().setUserName("alice"),
                    ListAttachedUserPoliciesRequest.newBuilder().setUserName("alice"),
                    GetGroupRequest.newBuilder().setGroupName("crew"),
                    GetRoleRequest.newBuilder().setRoleName("worker"),
                    GetPolicyRequest.newBuilder().setPolicyArn(ACCOUNT + "policy/limit"),
                    ListPolicyVersionsRequest.newBuilder().setPolicyArn(ACCOUNT + "policy/limit"),
                    ListUsersRequest.newBuilder());

    @Test
    void everythingIsThereAgain() {
        try (Home home = Home.prepare()) {
            List<? extends Message> before;
            String key;
            try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                    Client operator = Listener.UNIX.connect(daemon)) {
                key = furnish(operator);
                before = LOOKS.stream().map(look -> ask(operator, look)).toList();
                daemon.terminate();
            }
            try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                    Client operator = Listener.UNIX.connect(daemon)) {
                assertThat(LOOKS.stream().map(look -> ask(operator, look)).toList())
                        .isEqualTo(before);
                operator.callAs(ACCOUNT + "user/alice", encrypt(key));
                Refusal renamed =
                        Refusal.of(() -> operator.callAs(ACCOUNT + "user/bob", encrypt(key)));
                assertThat(renamed.name()).isEqualTo("AccessDeniedException");
                assertThat(daemon.terminate()).isEqualTo(Daemon.TERMINATED);
            }
        }
    }

    /** The ID of a key whose policy named bob, who is another by now. */
    private static String furnish(Client operator) {
        String bob = ACCOUNT + "user/bob";
        String policy = ACCOUNT + "policy/limit";
        for (Message.Builder request :
                List.of(
                        CreateAccountRequest.newBuilder().setAccountName("another"),
                        createUser("alice"),
                        createUser("bob"),
                        createGroup("crew").setPath("/g/"),
                        createRole("worker", trust(bob)).setDescription("works"),
                        createPolicy("limit", allow("kms:Decrypt", "*")),
                        CreatePolicyVersionRequest.newBuilder()
                                .setPolicyArn(policy)
                                .setPolicyDocument(allow("kms:*", "*"))
                                .setSetAsDefault(true),
                        put("alice", allow("kms:Decrypt", "*")),
                        putGroup("crew", allow("kms:Encrypt", "*")),
                        addUser("alice", "crew"),
                        attach("alice", policy),
                        within("alice", policy))) {
            Request.of(request).send(operator);
        }
        String keyPolicy =
                """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "kms:*",
                   "Resource": "*"},
                  {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:*",
                   "Resource": "*"}]}
                """
                        .formatted(bob);
        String key =
                operator.call(
                                Rpc.CREATE_KEY,
                                CreateKeyRequest.newBuilder().setPolicy(keyPolicy).build())
                        .getKeyMetadata()
                        .getKeyId();
        operator.callAs(bob, encrypt(key));
        Request.of(deleteUser("bob")).send(operator);
        Request.of(createUser("bob")).send(operator);
        return key;
    }

    private static Request<?> encrypt(String key) {
        return Request.of(Client.encryptRequest(key, new byte[1], Map.of()).toBuilder());
    }

    private static Message ask(Client client, Message.Builder request) {
        Message message = request.build();
        return (Message) client.call(Rpc.taking(message), message);
    }
}
