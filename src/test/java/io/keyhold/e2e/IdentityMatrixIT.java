package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.StatusRuntimeException;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreatePolicyRequest;
import io.keyhold.v1.CreateRoleRequest;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.IdentityProto;
import io.keyhold.v1.Options;
import io.keyhold.v1.PutUserPermissionsBoundaryRequest;
import io.keyhold.v1.PutUserPolicyRequest;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * R24: who gets in, for every verb of Identity and every way in or out. Requests have only what
 * they must have, so that one that gets in may still find nothing; what counts is whether it does.
 */
final class IdentityMatrixIT {

    private static final String ROOT = "arn:aws:iam::111122223333:root";
    private static final String ALLOWED = "arn:aws:iam::111122223333:user/allowed";
    private static final String FORBIDDEN = "arn:aws:iam::111122223333:user/forbidden";
    private static final String BOUNDED = "arn:aws:iam::111122223333:user/bounded";
    private static final String NOBODY = "arn:aws:iam::111122223333:user/nobody";
    private static final String POLICY = "arn:aws:iam::111122223333:policy/boundary";
    private static final String STRANGER = "arn:aws:iam::999999999999:root";
    private static final String DENIED = "AccessDeniedException";

    /** The operator's alone, whatever policies say. */
    private static final Set<String> OF_OPERATOR = Set.of("CreateAccount", "ListAccounts");

    /** Nobody needs permission for it. */
    private static final Set<String> OF_EVERYBODY = Set.of("GetCallerIdentity");

    /** Nobody who has a record needs permission for it. */
    private static final Set<String> OF_RECORD = Set.of("GetSessionToken");

    /** The role trusts its account, whose root may not assume roles. */
    private static final Set<String> OF_ROLE = Set.of("AssumeRole");

    /** What who gets in may hear: nothing, or that there is no such thing, or one already. */
    private static final Set<String> FINDINGS =
            Set.of(
                    "",
                    "DeleteConflictException",
                    "EntityAlreadyExistsException",
                    "InvalidInputException",
                    "MalformedPolicyDocumentException",
                    "NoSuchEntityException");

    @RegisterExtension static final OneDaemon one = OneDaemon.ofAccounts("111122223333");

    @RegisterExtension static final Principals principals = new Principals(one);

    private static String key;

    /** A way in or out. */
    enum Cell {
        NO_IDENTITY,
        NO_POLICY,
        EXPLICIT_DENY,
        BEYOND_THE_BOUNDARY,
        ALLOW_BY_IAM_POLICY,
        ROOT_OF_THE_ACCOUNT
    }

    @BeforeAll
    static void make() {
        String allow = "{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}";
        user("allowed", allow);
        user("forbidden", allow, allow.replace("Allow", "Deny"));
        user("bounded", allow);
        principals.send(
                ROOT,
                CreatePolicyRequest.newBuilder()
                        .setPolicyName("boundary")
                        .setPolicyDocument(Iam.policyOf(allow.replace("*\", \"R", "s3:*\", \"R"))));
        principals.send(
                ROOT,
                PutUserPermissionsBoundaryRequest.newBuilder()
                        .setUserName("bounded")
                        .setPermissionsBoundary(POLICY));
        principals.send(
                ROOT,
                CreateRoleRequest.newBuilder()
                        .setRoleName("trusting")
                        .setAssumeRolePolicyDocument(
                                Iam.policyOf(
                                        """
                                        {"Effect": "Allow", "Action": "sts:AssumeRole",
                                         "Principal": {"AWS": "111122223333"}}
                                        """)));
        key =
                principals
                        .as(ROOT)
                        .call(Rpc.CREATE_KEY, CreateKeyRequest.getDefaultInstance())
                        .getKeyMetadata()
                        .getArn();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cells")
    void cell(String verb, Cell cell) {
        String caller =
                switch (cell) {
                    case NO_IDENTITY -> STRANGER;
                    case NO_POLICY -> NOBODY;
                    case EXPLICIT_DENY -> FORBIDDEN;
                    case BEYOND_THE_BOUNDARY -> BOUNDED;
                    case ALLOW_BY_IAM_POLICY -> ALLOWED;
                    case ROOT_OF_THE_ACCOUNT -> ROOT;
                };

        String answer = answer(caller, rpc(verb));

        if (cell == Cell.NO_IDENTITY) {
            assertThat(answer).isEqualTo("UnrecognizedClientException");
        } else if (isLetIn(verb, cell)) {
            assertThat(answer).isIn(FINDINGS);
        } else {
            assertThat(answer).isEqualTo(DENIED);
        }
    }

    private static boolean isLetIn(String verb, Cell cell) {
        if (OF_RECORD.contains(verb)) {
            return cell != Cell.NO_POLICY; // whose user has none
        }
        boolean byPolicy = cell == Cell.ALLOW_BY_IAM_POLICY;
        boolean asRoot = cell == Cell.ROOT_OF_THE_ACCOUNT && !OF_ROLE.contains(verb);
        return OF_EVERYBODY.contains(verb) || !OF_OPERATOR.contains(verb) && (byPolicy || asRoot);
    }

    static Stream<Arguments> cells() {
        return rpcs().flatMap(
                        rpc -> Stream.of(Cell.values()).map(c -> arguments(rpc.getName(), c)));
    }

    private static Stream<MethodDescriptor> rpcs() {
        return IdentityProto.getDescriptor().findServiceByName("Identity").getMethods().stream();
    }

    private static MethodDescriptor rpc(String name) {
        return rpcs().filter(rpc -> rpc.getName().equals(name)).findFirst().orElseThrow();
    }

    /** The exception that came, or nothing. */
    private static String answer(String caller, MethodDescriptor rpc) {
        String name = rpc.getService().getFullName() + "/" + rpc.getName();
        try {
            principals.as(caller).send(name, request(rpc).toByteArray());
            return "";
        } catch (StatusRuntimeException e) {
            return Refusal.of(e).name();
        }
    }

    private static DynamicMessage request(MethodDescriptor rpc) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(rpc.getInputType());
        for (FieldDescriptor field : rpc.getInputType().getFields()) {
            boolean named = field.getName().equals("user_name");
            if (named || field.getOptions().getExtension(Options.limits).getRequired()) {
                if (field.isRepeated()) {
                    message.addRepeatedField(field, value(field));
                } else {
                    message.setField(field, value(field));
                }
            }
        }
        return message.build();
    }

    private static Object value(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING -> text(field.getName());
            case ENUM -> field.getEnumType().getValues().get(1);
            case MESSAGE ->
                    DynamicMessage.newBuilder(field.getMessageType())
                            .setField(field.getMessageType().findFieldByName("key"), "k")
                            .setField(field.getMessageType().findFieldByName("value"), "v")
                            .build();
            default -> throw new AssertionError(field);
        };
    }

    private static String text(String field) {
        return Map.of(
                        "key_id", key,
                        "action", "kms:Encrypt",
                        "policy_arn", POLICY.replace("boundary", "none"),
                        "permissions_boundary", POLICY.replace("boundary", "none"),
                        "role_arn", "arn:aws:iam::111122223333:role/trusting",
                        "access_key_id", "AKIAAAAAAAAAAAAAAAAA",
                        "version_id", "v1")
                .getOrDefault(field, field.endsWith("document") ? "{}" : "none");
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
}
