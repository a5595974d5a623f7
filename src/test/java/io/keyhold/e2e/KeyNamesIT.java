package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.ListKeyPoliciesRequest;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListResourceTagsRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.Tag;
import io.keyhold.v1.TagResourceRequest;
import io.keyhold.v1.UntagResourceRequest;
import io.keyhold.v1.UpdateKeyDescriptionRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a KeyId may be, in every verb that takes one. */
final class KeyNamesIT {

    /** The verbs that take an alias. */
    private static final Set<String> USE =
            Set.of(
                    "DescribeKey",
                    "Encrypt",
                    "Decrypt",
                    "GenerateDataKey",
                    "GenerateDataKeyWithoutPlaintext");

    private static final String ACCOUNT = "arn:aws:kms:us-east-1:123456789012:";

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void whatNamesNoKeyIsRefused(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata key = client.createKey();
        String unknown = UUID.randomUUID().toString();
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put(unknown, "NotFoundException");
        expected.put("mrk-" + unknown.replace("-", ""), "NotFoundException");
        expected.put("mrk-" + key.getKeyId().replace("-", ""), "NotFoundException");
        expected.put("no-such-key", "NotFoundException");
        expected.put(key.getKeyId() + " ", "NotFoundException");
        expected.put(key.getKeyId().substring(1), "NotFoundException");
        expected.put("../" + key.getKeyId(), "NotFoundException");
        expected.put("' OR 1=1 --", "NotFoundException");
        expected.put("%s%n%x", "NotFoundException");
        expected.put("\u0000\n\u20AC\uD83D\uDD11", "NotFoundException");
        expected.put(ACCOUNT + "key/" + unknown, "NotFoundException");
        expected.put(key.getArn().replace("us-east-1", "eu-west-1"), "NotFoundException");
        expected.put(key.getArn().replace("123456789012", "999999999999"), "AccessDeniedException");
        expected.put("arn:", "InvalidArnException");
        expected.put(ACCOUNT, "InvalidArnException");
        expected.put(ACCOUNT + key.getKeyId(), "InvalidArnException");
        expected.put(key.getArn().replace(":kms:", ":s3:"), "InvalidArnException");
        expected.put(key.getArn().replace("arn:aws:", "arn:aws-cn:"), "InvalidArnException");
        byte[] blob = client.encrypt(key.getKeyId(), "x".getBytes(UTF_8), Map.of());
        for (Map.Entry<String, String> entry : expected.entrySet()) {
            for (Message.Builder verb : verbs(blob)) {
                Refusal refusal = naming(verb, entry.getKey()).refusal(client);
                assertThat(refusal.name())
                        .as("%s: %s", naming(verb, entry.getKey()), refusal.text())
                        .isEqualTo(entry.getValue());
                assertThat(refusal.text()).isNotEmpty();
            }
        }
    }

    /** Verbs that use a key take its alias; those that change it do not. */
    @ParameterizedTest
    @EnumSource
    void anAliasThatIsNotThereAndAnotherAccounts(Listener listener) {
        Map<String, String> expected =
                Map.of(
                        "alias/none",
                        "NotFoundException",
                        ACCOUNT + "alias/none",
                        "NotFoundException",
                        "arn:aws:kms:us-east-1:999999999999:alias/x",
                        "AccessDeniedException");
        byte[] blob =
                one.client().encrypt(one.client().createKey().getKeyId(), new byte[1], Map.of());
        for (Message.Builder verb : verbs(blob)) {
            expected.forEach(
                    (alias, name) -> {
                        Request<?> request = naming(verb, alias);
                        boolean uses = USE.contains(request.rpc().getBareMethodName());
                        assertThat(request.refusal(one.client(listener)).name())
                                .as(request.toString())
                                .isEqualTo(uses ? name : "InvalidArnException");
                    });
        }
    }

    /** A stranger's ARN gets one answer, whether the key exists there or not. */
    @ParameterizedTest
    @EnumSource
    void anotherAccountsKeysCannotBeProbed(Listener listener) {
        Client client = one.client(listener);
        String arn = client.createKey().getArn().replace("123456789012", "999999999999");
        for (Message.Builder verb : verbs(new byte[1])) {
            if (verb instanceof DecryptRequest.Builder) {
                continue; // it looks at the ciphertext first
            }
            Request<?> request = naming(verb, arn);
            Refusal refusal = request.refusal(client);
            assertThat(refusal.text())
                    .isEqualTo(
                            "User: arn:aws:iam::123456789012:root is not authorized to perform:"
                                    + " kms:%1$s on resource: %2$s because no resource-based policy"
                                    + " allows the kms:%1$s action",
                            request.rpc().getBareMethodName(), arn);
        }
    }

    /** Keys are made and looked for in the region that is served, and in no other. */
    @ParameterizedTest
    @EnumSource
    void aRegionThatIsNotServedIsRefused(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        for (String region : List.of("eu-west-1", "", "x y:z", "../..", "r".repeat(5000))) {
            for (Request<?> request :
                    List.of(
                            Request.of(CreateKeyRequest.newBuilder()),
                            Request.of(DescribeKeyRequest.newBuilder().setKeyId(key)))) {
                Refusal refusal = Refusal.of(() -> client.callIn(region, request));
                assertThat(refusal.name()).as(region).isEqualTo("ValidationException");
                assertThat(refusal.text()).startsWith("Region '");
            }
        }
        client.callIn("us-east-1", Request.of(DescribeKeyRequest.newBuilder().setKeyId(key)));
    }

    /** Every verb that takes a KeyId, with everything but that. */
    private static List<Message.Builder> verbs(byte[] blob) {
        return List.of(
                DescribeKeyRequest.newBuilder(),
                EncryptRequest.newBuilder().setPlaintext(ByteString.copyFromUtf8("x")),
                DecryptRequest.newBuilder().setCiphertextBlob(ByteString.copyFrom(blob)),
                GenerateDataKeyRequest.newBuilder().setNumberOfBytes(1),
                GenerateDataKeyWithoutPlaintextRequest.newBuilder().setNumberOfBytes(1),
                EnableKeyRequest.newBuilder(),
                DisableKeyRequest.newBuilder(),
                UpdateKeyDescriptionRequest.newBuilder().setDescription("x"),
                TagResourceRequest.newBuilder()
                        .addTags(Tag.newBuilder().setTagKey("k").setTagValue("v")),
                UntagResourceRequest.newBuilder().addTagKeys("k"),
                ListResourceTagsRequest.newBuilder(),
                GetKeyPolicyRequest.newBuilder(),
                ListKeyPoliciesRequest.newBuilder(),
                GetKeyRotationStatusRequest.newBuilder(),
                RotateKeyOnDemandRequest.newBuilder(),
                ListKeyRotationsRequest.newBuilder());
    }

    private static Request<?> naming(Message.Builder verb, String keyId) {
        FieldDescriptor field = verb.getDescriptorForType().findFieldByName("key_id");
        return Request.of(verb.clone().setField(field, keyId));
    }
}
