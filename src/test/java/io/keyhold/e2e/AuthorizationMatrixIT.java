package io.keyhold.e2e;

import static io.keyhold.e2e.MatrixStage.GRANTEE;
import static io.keyhold.e2e.MatrixStage.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import io.keyhold.key.KeyState;
import io.keyhold.testkit.KeyStates;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.KeyManagementProto;
import io.keyhold.v1.PutUserPolicyRequest;
import io.keyhold.v1.RevokeGrantRequest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R24: who gets in, for every verb of KeyManagement and every way in or out. */
final class AuthorizationMatrixIT {

    private static final String ALICE = "arn:aws:iam::111122223333:user/alice";
    private static final String ALLOWED = "arn:aws:iam::111122223333:user/allowed";
    private static final String FORBIDDEN = "arn:aws:iam::111122223333:user/forbidden";
    private static final String OTHER_ROOT = "arn:aws:iam::444455556666:root";
    private static final String OK = "";
    private static final String DENIED = "AccessDeniedException";

    /** Verbs without a key: only the policies of the caller's account count. */
    private static final Set<String> OF_ACCOUNT =
            Set.of("CreateKey", "GenerateRandom", "ListAliases", "ListKeys", "ListRetirableGrants");

    /** Verbs for which the account's own policies must allow the alias, whatever the key says. */
    private static final Set<String> OF_ALIAS = Set.of("CreateAlias", "DeleteAlias", "UpdateAlias");

    private static final Map<Cell, MatrixStage> closed = new EnumMap<>(Cell.class);

    @RegisterExtension
    static final OneDaemon one = OneDaemon.ofAccounts("111122223333", "444455556666");

    @RegisterExtension static final Principals principals = new Principals(one);

    /** A way in or out. */
    enum Cell {
        NO_IDENTITY,
        WRONG_ACCOUNT,
        NO_STATEMENT,
        EXPLICIT_DENY,
        ALLOW_BY_KEY_POLICY,
        ALLOW_BY_IAM_POLICY,
        ALLOW_BY_GRANT,
        ALLOW_BY_GRANT_TOKEN,
        REVOKED_GRANT,
        DISABLED,
        PENDING_DELETION
    }

    @BeforeAll
    static void makeUsers() {
        String all = "{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}";
        user("allowed", all);
        user("forbidden", all, all.replace("Allow", "Deny"));
    }

    private static void user(String name, String... statements) {
        principals.send(ROOT, CreateUserRequest.newBuilder().setUserName(name));
        principals.send(
                ROOT,
                PutUserPolicyRequest.newBuilder()
                        .setUserName(name)
                        .setPolicyName("matrix")
                        .setPolicyDocument(Iam.policyOf(statements)));
    }

    @Test
    void everyVerbIsInTheMatrix() {
        assertThat(MatrixStage.verbs())
                .containsExactlyElementsOf(
                        KeyManagementProto.getDescriptor()
                                .findServiceByName("KeyManagement")
                                .getMethods()
                                .stream()
                                .map(MethodDescriptor::getName)
                                .sorted()
                                .toList());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cells")
    void cell(String verb, Cell cell) {
        MatrixStage stage = stage(verb, cell);
        Message request = stage.request(verb).build();
        if (cell == Cell.ALLOW_BY_GRANT_TOKEN || cell == Cell.REVOKED_GRANT) {
            request = withToken(request, stage.grant().getGrantToken());
        }

        boolean withoutKey = OF_ACCOUNT.contains(verb) || OF_ALIAS.contains(verb);
        assertThat(answer(cell, withoutKey, request)).isEqualTo(expected(verb, cell, request));
    }

    static Stream<Arguments> cells() {
        return MatrixStage.verbs().stream()
                .flatMap(verb -> Stream.of(Cell.values()).map(cell -> arguments(verb, cell)));
    }

    /** Where nobody gets in nothing changes, and one stage is enough. */
    private static MatrixStage stage(String verb, Cell cell) {
        return switch (cell) {
            case NO_IDENTITY, WRONG_ACCOUNT, NO_STATEMENT, EXPLICIT_DENY ->
                    closed.computeIfAbsent(cell, c -> set("any", c));
            default -> set(verb, cell);
        };
    }

    private static MatrixStage set(String verb, Cell cell) {
        String alice = "{\"AWS\": \"%s\"}".formatted(ALICE);
        String policy =
                switch (cell) {
                    case ALLOW_BY_KEY_POLICY -> MatrixStage.policy(alice, "Allow");
                    case EXPLICIT_DENY ->
                            MatrixStage.policy("{\"AWS\": \"" + ALLOWED + "\"}", "Deny");
                    default -> MatrixStage.policy("{\"AWS\": \"" + ROOT + "\"}", "Allow");
                };
        MatrixStage stage = MatrixStage.set(one.client(), verb + "/" + cell, policy);
        boolean cancels = verb.equals("CancelKeyDeletion") && cell != Cell.DISABLED;
        if (cell == Cell.PENDING_DELETION || cancels) {
            one.client().callAs(ROOT, Request.of(stage.request("ScheduleKeyDeletion")));
        }
        if (cell == Cell.DISABLED) {
            one.client().callAs(ROOT, Rpc.DISABLE_KEY, disable(stage));
        }
        if (cell == Cell.REVOKED_GRANT && !verb.equals("RevokeGrant")) {
            one.client().callAs(ROOT, Rpc.REVOKE_GRANT, revoke(stage));
        }
        return stage;
    }

    private static DisableKeyRequest disable(MatrixStage stage) {
        return DisableKeyRequest.newBuilder().setKeyId(stage.key()).build();
    }

    private static RevokeGrantRequest revoke(MatrixStage stage) {
        return RevokeGrantRequest.newBuilder()
                .setKeyId(stage.key())
                .setGrantId(stage.grant().getGrantId())
                .build();
    }

    /** The exception that came, or nothing. */
    private static String answer(Cell cell, boolean withoutKey, Message request) {
        Request<?> call = Request.of(request.toBuilder());
        String caller =
                switch (cell) {
                    case NO_IDENTITY -> "arn:aws:iam::999999999999:root";
                    case WRONG_ACCOUNT -> OTHER_ROOT;
                    case NO_STATEMENT, ALLOW_BY_KEY_POLICY -> ALICE;
                    case EXPLICIT_DENY -> withoutKey ? FORBIDDEN : ALLOWED;
                    case ALLOW_BY_IAM_POLICY -> ALLOWED;
                    case ALLOW_BY_GRANT, ALLOW_BY_GRANT_TOKEN, REVOKED_GRANT -> GRANTEE;
                    case DISABLED, PENDING_DELETION -> ROOT;
                };
        try {
            call.send(principals.as(caller));
            return OK;
        } catch (io.grpc.StatusRuntimeException e) {
            return Refusal.of(e).name();
        }
    }

    /** Whoever gets in to a verb that no key is for hears that this one is for something else. */
    private static String expected(String verb, Cell cell, Message request) {
        String answer = answerOfAKey(verb, cell, request);
        boolean inside = answer.equals(OK) || cell.compareTo(Cell.DISABLED) >= 0;
        return inside && MatrixStage.OF_NO_TOKEN.contains(verb)
                ? "InvalidKeyUsageException"
                : answer;
    }

    private static String answerOfAKey(String verb, Cell cell, Message request) {
        return switch (cell) {
            case NO_IDENTITY -> "UnrecognizedClientException";
            case WRONG_ACCOUNT -> inAnotherAccount(verb);
            case NO_STATEMENT, EXPLICIT_DENY -> DENIED;
            case ALLOW_BY_KEY_POLICY ->
                    OF_ACCOUNT.contains(verb)
                                    || OF_ALIAS.contains(verb)
                                    || verb.equals("RetireGrant")
                            ? DENIED
                            : OK;
            case ALLOW_BY_IAM_POLICY -> OK;
            case ALLOW_BY_GRANT, ALLOW_BY_GRANT_TOKEN -> isGranted(verb) ? OK : DENIED;
            case REVOKED_GRANT ->
                    tokens(request) != null || verb.equals("RetireGrant")
                            ? "InvalidGrantTokenException"
                            : DENIED;
            case DISABLED -> inState(verb, KeyState.Disabled);
            case PENDING_DELETION -> inState(verb, KeyState.PendingDeletion);
        };
    }

    private static String inAnotherAccount(String verb) {
        boolean ofOwn = OF_ACCOUNT.contains(verb) && !verb.equals("ListRetirableGrants");
        return ofOwn ? OK : verb.equals("DeleteAlias") ? "NotFoundException" : DENIED;
    }

    private static boolean isGranted(String verb) {
        return MatrixStage.operations(verb).stream()
                .map(GrantOperation.Value::name)
                .anyMatch(operation -> operation.matches(verb + "(From|To)?"));
    }

    private static String inState(String verb, KeyState state) {
        if (OF_ACCOUNT.contains(verb)) {
            return OK;
        }
        KeyStates.Cell cell = KeyStates.cell(verb, state);
        return cell.works() ? OK : cell.note().orElseThrow().exception();
    }

    private static FieldDescriptor tokens(Message request) {
        return request.getDescriptorForType().findFieldByName("grant_tokens");
    }

    private static Message withToken(Message request, String token) {
        FieldDescriptor tokens = tokens(request);
        return tokens == null
                ? request
                : request.toBuilder().addRepeatedField(tokens, token).build();
    }
}
