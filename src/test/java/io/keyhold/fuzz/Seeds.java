package io.keyhold.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import io.keyhold.key.Arn;
import io.keyhold.policy.DefaultKeyPolicy;
import io.keyhold.v1.Limits;
import io.keyhold.v1.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Good inputs to begin with, made from the messages' own descriptions. */
final class Seeds {

    private static final String POLICY =
            DefaultKeyPolicy.document(House.OPERATOR.partition(), House.OPERATOR.account());
    static final String IDENTITY_POLICY =
            """
            {"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Allow",
             "NotAction": ["kms:Enc*", "iam:?"], "NotResource": "arn:aws:kms:*:*:key/*",
             "Condition": {"StringLike": {"aws:PrincipalTag/a": ["${aws:username}*", "${*}"]},
              "ForAllValues:StringNotEqualsIfExists": {"kms:EncryptionContextKeys": "x"},
              "NumericLessThan": {"kms:RotationPeriodInDays": 365},
              "DateGreaterThan": {"aws:CurrentTime": "2026-01-31T12:00:00Z"},
              "IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]},
              "BinaryEquals": {"aws:b": "QmluYXJ5"}, "Null": {"aws:c": true},
              "ArnLike": {"aws:SourceArn": "arn:aws:s3:::${aws:d, 'e'}/*"}}}]}
            """;
    static final String TRUST_POLICY =
            """
            {"Statement": {"Effect": "Deny", "Action": "sts:*",
             "NotPrincipal": {"AWS": ["123456789012", "arn:aws:iam::123456789012:role/a/b"],
              "Service": "s3.amazonaws.com", "Federated": "f"}}}
            """;

    /** Longer ones take too long; the end-to-end tests have them. */
    private static final int LONGEST = 8192;

    private Seeds() {}

    /** A trust policy that names somebody. */
    static String trust(Arn principal) {
        return """
        {"Statement": {"Effect": "Allow", "Action": "sts:*", "Principal": {"AWS": "%s"}}}
        """
                .formatted(principal);
    }

    /** Writes one file a seed into a folder for each target. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        write(folder.resolve("BlobFuzz"), blobs());
        write(folder.resolve("ContextFuzz"), contexts());
        write(folder.resolve("PolicyFuzz"), policies());
        write(folder.resolve("PipelineFuzz"), calls());
        write(folder.resolve("JsonFuzz"), bodies());
        write(folder.resolve("QueryFuzz"), forms());
    }

    static List<byte[]> blobs() {
        return List.of(StandIns.BLOB, Arrays.copyOf(StandIns.BLOB, StandIns.BLOB.length + 4096));
    }

    static List<byte[]> contexts() {
        return List.of(
                ContextFuzz.input("a", "b"),
                ContextFuzz.input("\u00E9", "\u20AC", "\uD83D\uDD11", ""),
                ContextFuzz.input("long", "x".repeat(3000)));
    }

    static List<byte[]> policies() {
        return List.of(
                PolicyFuzz.input(0, POLICY),
                PolicyFuzz.input(0, POLICY.replace("Allow", "Deny")),
                PolicyFuzz.input(1, IDENTITY_POLICY),
                PolicyFuzz.input(2, TRUST_POLICY));
    }

    /**
     * The number of the rpc, then its request: what it must have, each field more, the same as long
     * as it may be, and all. The fuzzer makes no input longer than the longest seed.
     */
    static List<byte[]> calls() {
        List<byte[]> seeds = new ArrayList<>();
        List<MethodDescriptor> rpcs = House.RPCS;
        for (int rpc = 0; rpc < rpcs.size(); rpc++) {
            for (DynamicMessage.Builder request : requests(rpcs.get(rpc).getInputType())) {
                seeds.add(
                        ByteString.copyFrom(new byte[] {(byte) rpc})
                                .concat(request.build().toByteString())
                                .toByteArray());
            }
        }
        return seeds;
    }

    /** The number of the rpc, then its request as JSON: what it must have, and all. */
    static List<byte[]> bodies() {
        List<byte[]> seeds = new ArrayList<>();
        for (int rpc = 0; rpc < House.RPCS.size(); rpc++) {
            Descriptor type = House.RPCS.get(rpc).getInputType();
            seeds.add(JsonFuzz.input(rpc, filled(type, Seeds::required).build()));
            seeds.add(JsonFuzz.input(rpc, filled(type, field -> true).build()));
        }
        return seeds;
    }

    /** Likewise, as forms. */
    static List<byte[]> forms() {
        List<byte[]> seeds = new ArrayList<>();
        for (int rpc = 0; rpc < QueryFuzz.RPCS.size(); rpc++) {
            Descriptor type = QueryFuzz.RPCS.get(rpc).getInputType();
            seeds.add(QueryFuzz.input(rpc, filled(type, Seeds::required).build()));
            seeds.add(QueryFuzz.input(rpc, filled(type, field -> true).build()));
        }
        return seeds;
    }

    private static List<DynamicMessage.Builder> requests(Descriptor type) {
        List<DynamicMessage.Builder> requests = new ArrayList<>();
        requests.add(filled(type, Seeds::required));
        requests.add(filled(type, field -> true));
        requests.add(filled(type, field -> !limits(field).getUnsupported()));
        for (FieldDescriptor one : type.getFields()) {
            requests.add(filled(type, field -> required(field) || field == one));
            longest(one)
                    .map(value -> filled(type, Seeds::required).setField(one, value))
                    .ifPresent(requests::add);
        }
        return requests;
    }

    private static DynamicMessage.Builder filled(
            Descriptor type, Predicate<FieldDescriptor> which) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            if (which.test(field)) {
                if (field.isRepeated()) {
                    message.addRepeatedField(field, value(field));
                } else {
                    message.setField(field, value(field));
                }
            }
        }
        return message;
    }

    private static Object value(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case BOOLEAN -> true;
            case INT -> 5;
            case LONG -> 5L;
            case FLOAT -> 5f;
            case DOUBLE -> 5d;
            case STRING -> text(field);
            case BYTE_STRING -> ByteString.copyFrom(bytes(field.getName()));
            case ENUM -> firstLiteral(field);
            case MESSAGE -> filled(field.getMessageType(), inner -> true).build();
        };
    }

    private static byte[] bytes(String field) {
        return switch (field) {
            case "ciphertext_blob" -> StandIns.BLOB;
            case "mac" -> StandIns.MAC;
            case "signature" -> StandIns.SIGNATURE;
            case "public_key" -> StandIns.PUBLIC_KEY;
            case "import_token" -> StandIns.IMPORT_TOKEN;
            case "encrypted_key_material" -> StandIns.WRAPPED;
            default -> new byte[] {'x'};
        };
    }

    /** The ID of a key that can do what a request asks for. */
    private static String keyId(String request) {
        return switch (request) {
            case "GenerateMacRequest", "VerifyMacRequest" -> StandIns.HMAC_ID;
            case "SignRequest", "VerifyRequest", "GetPublicKeyRequest" -> StandIns.SIGNING_ID;
            case "DeriveSharedSecretRequest" -> StandIns.AGREEMENT_ID;
            case "GetParametersForImportRequest",
                    "ImportKeyMaterialRequest",
                    "DeleteImportedKeyMaterialRequest" ->
                    StandIns.EXTERNAL_ID;
            default -> StandIns.KEY_ID;
        };
    }

    private static String text(FieldDescriptor field) {
        if (field.getName().equals("access_key_id")) {
            return Residents.ACCESS_KEY_ID;
        }
        if (field.getName().endsWith("key_id")) {
            return keyId(field.getContainingType().getName());
        }
        if (field.getName().endsWith("service_principal")) {
            return "s3.amazonaws.com";
        }
        if (field.getName().endsWith("_principal")) {
            return "arn:aws:iam::123456789012:user/x";
        }
        return switch (field.getName()) {
            case "action", "actions" -> "kms:Encrypt";
            case "service_principal" -> "s3.amazonaws.com";
            case "context_key_name" -> "aws:SourceIp";
            case "principal" -> "arn:aws:iam::123456789012:user/x";
            case "account_id" -> "210987654321";
            case "alias_name" -> "alias/x";
            case "assume_role_policy_document" -> TRUST_POLICY;
            case "grant_id" -> StandIns.GRANT_ID;
            case "object_id" -> StandIns.WAIF.toString().replace("-", "");
            case "grant_token", "grant_tokens" -> StandIns.GRANT_TOKEN;
            case "path", "path_prefix" -> "/";
            case "role_arn" -> Residents.ROLE_ARN.toString();
            case "arn", "permissions_boundary", "policy_arn" -> Residents.POLICY_ARN.toString();
            case "source_arn" -> "arn:aws:s3:::x";
            case "policy" ->
                    field.getContainingType().getName().equals("AssumeRoleRequest")
                            ? IDENTITY_POLICY
                            : POLICY;
            case "policy_document" ->
                    field.getContainingType().getName().startsWith("UpdateAssumeRole")
                            ? TRUST_POLICY
                            : IDENTITY_POLICY;
            case "policy_name" -> Residents.POLICY;
            case "version_id" -> "v2";
            default -> Residents.NAME;
        };
    }

    private static Optional<Object> longest(FieldDescriptor field) {
        long most = limits(field).getMax();
        if (field.isRepeated() || most == 0 || most > LONGEST) {
            return Optional.empty();
        }
        return switch (field.getJavaType()) {
            case STRING -> Optional.of("x".repeat((int) most));
            case BYTE_STRING -> Optional.of(ByteString.copyFrom(new byte[(int) most]));
            default -> Optional.empty();
        };
    }

    private static EnumValueDescriptor firstLiteral(FieldDescriptor field) {
        return field.getEnumType().getValues().get(1); // 0 is UNSPECIFIED
    }

    private static boolean required(FieldDescriptor field) {
        return limits(field).getRequired();
    }

    private static Limits limits(FieldDescriptor field) {
        return field.getOptions().getExtension(Options.limits);
    }

    private static void write(Path folder, List<byte[]> seeds) throws IOException {
        Files.createDirectories(folder);
        for (int number = 0; number < seeds.size(); number++) {
            Files.write(folder.resolve("seed-" + number), seeds.get(number));
        }
    }
}
