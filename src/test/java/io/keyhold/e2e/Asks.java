package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.AwsStage.Value;
import io.keyhold.e2e.SignedHttp.Answer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Calls that get an error. */
final class Asks {

    static final byte[] MESSAGE = "some important message".getBytes(UTF_8);
    static final Value SYMMETRIC = key("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
    static final Value SIGNING = key("RSA_2048", "SIGN_VERIFY");
    static final Value AGREEING = key("ECC_NIST_P256", "KEY_AGREEMENT");
    static final Value EXTERNAL = stage -> stage.newKey("Origin", "EXTERNAL");
    static final Value EXTERNAL_PAIR =
            stage ->
                    stage.newKey(
                            "Origin",
                            "EXTERNAL",
                            "KeySpec",
                            "RSA_4096",
                            "KeyUsage",
                            "ENCRYPT_DECRYPT");

    private static final Map<String, String> CONTEXT = Map.of("context-key", "context-value");
    private static final int MOST_ROTATIONS = 25;

    /** One of them. */
    interface Call {

        Answer on(AwsStage stage);
    }

    private Asks() {}

    /** Names and values in turn. */
    static Call ask(String verb, Object... parameters) {
        return stage -> stage.ask(verb, parameters);
    }

    static Value key(String spec, String usage) {
        return stage -> stage.key(spec, usage);
    }

    static Value mac(String spec) {
        return key(spec, "GENERATE_VERIFY_MAC");
    }

    static String arn(String region, String id) {
        return "arn:aws:kms:%s:123456789012:key/%s".formatted(region, id);
    }

    static Call encrypts(Value key) {
        return ask("Encrypt", "KeyId", key, "Plaintext", MESSAGE);
    }

    /** One byte more than goes. */
    static Call tooMuch(String spec, String algorithm, int most) {
        return ask(
                "Encrypt",
                "KeyId",
                key(spec, "ENCRYPT_DECRYPT"),
                "EncryptionAlgorithm",
                algorithm,
                "Plaintext",
                new byte[most + 1]);
    }

    static Value ciphertext() {
        return stage ->
                stage.bytes("CiphertextBlob", "Encrypt", "KeyId", SYMMETRIC, "Plaintext", MESSAGE);
    }

    static Value longerCiphertext() {
        return stage -> {
            byte[] blob = (byte[]) ciphertext().on(stage);
            return Arrays.copyOf(blob, blob.length + 8);
        };
    }

    /** A ciphertext, by whatever verb, that has an encryption context. */
    static Value ofContext(String name, String verb, String parameter, Object value) {
        return stage ->
                stage.bytes(
                        name,
                        verb,
                        "KeyId",
                        SYMMETRIC,
                        "EncryptionContext",
                        CONTEXT,
                        parameter,
                        value);
    }

    static Call decrypts(Value blob) {
        return ask("Decrypt", "CiphertextBlob", blob);
    }

    static Call sign(Value key, String algorithm, String type) {
        return ask(
                "Sign",
                "KeyId",
                key,
                "Message",
                MESSAGE,
                "MessageType",
                type,
                "SigningAlgorithm",
                algorithm);
    }

    static Call badDigest(Value key, String algorithm) {
        return sign(key, algorithm, "DIGEST");
    }

    /** One of another message. */
    static Call badSignature(Value key, String algorithm) {
        Value signature =
                stage ->
                        stage.bytes(
                                "Signature",
                                "Sign",
                                "KeyId",
                                key,
                                "Message",
                                "another".getBytes(UTF_8),
                                "SigningAlgorithm",
                                algorithm);
        return verify(key, algorithm, signature);
    }

    static Call verify(Value key, String algorithm, Object signature) {
        return ask(
                "Verify",
                "KeyId",
                key,
                "Message",
                MESSAGE,
                "Signature",
                signature,
                "SigningAlgorithm",
                algorithm);
    }

    static Call generateMac(Object key, String algorithm) {
        return ask("GenerateMac", "KeyId", key, "Message", MESSAGE, "MacAlgorithm", algorithm);
    }

    static Call verifyMac(Object key, String algorithm) {
        return ask(
                "VerifyMac",
                "KeyId",
                key,
                "Message",
                MESSAGE,
                "Mac",
                new byte[32],
                "MacAlgorithm",
                algorithm);
    }

    static Call derive(Value key, String algorithm) {
        return ask(
                "DeriveSharedSecret",
                "KeyId",
                key,
                "KeyAgreementAlgorithm",
                algorithm,
                "PublicKey",
                "InvalidPublicKey".getBytes(UTF_8));
    }

    static Call importParameters() {
        return ask(
                "GetParametersForImport",
                "KeyId",
                SYMMETRIC,
                "WrappingAlgorithm",
                "RSAES_OAEP_SHA_256",
                "WrappingKeySpec",
                "RSA_4096");
    }

    static Call dryRun(String verb) {
        return ask(verb, "KeyId", SYMMETRIC, "KeyPairSpec", "RSA_2048", "DryRun", true);
    }

    static Map<String, String> tag(String key, String value) {
        return Map.of("TagKey", key, "TagValue", value);
    }

    static Call tagged(Object... tags) {
        return ask("TagResource", "KeyId", SYMMETRIC, "Tags", List.of(tags));
    }

    static List<Map<String, String>> tags(int count) {
        return IntStream.range(0, count).mapToObj(i -> tag("key" + i, "value")).toList();
    }

    static Answer encryptAfterDeletion(AwsStage stage) {
        String key = imported(stage);
        stage.get("DeleteImportedKeyMaterial", "KeyId", key);
        return encrypts(again -> key).on(stage);
    }

    static Answer rotateDisabled(AwsStage stage) {
        String key = stage.newKey("KeySpec", "HMAC_224", "KeyUsage", "GENERATE_VERIFY_MAC");
        stage.get("DisableKey", "KeyId", key);
        return stage.ask("RotateKeyOnDemand", "KeyId", key);
    }

    static Answer rotateTooOften(AwsStage stage) {
        String key = stage.newKey();
        for (int i = 0; i < MOST_ROTATIONS; i++) {
            stage.get("RotateKeyOnDemand", "KeyId", key);
        }
        return stage.ask("RotateKeyOnDemand", "KeyId", key);
    }

    static Answer secondPendingMaterial(AwsStage stage) {
        String key = imported(stage);
        assertThat(importNew(stage, key).status()).isEqualTo(200);
        return importNew(stage, key);
    }

    private static Answer importNew(AwsStage stage, String key) {
        return stage.importInto(
                key,
                "ExpirationModel",
                "KEY_MATERIAL_DOES_NOT_EXPIRE",
                "ImportType",
                "NEW_KEY_MATERIAL");
    }

    static Answer rotateWithNothingPending(AwsStage stage) {
        return stage.ask("RotateKeyOnDemand", "KeyId", imported(stage));
    }

    private static String imported(AwsStage stage) {
        String key = EXTERNAL.on(stage).toString();
        Answer first = stage.importInto(key, "ExpirationModel", "KEY_MATERIAL_DOES_NOT_EXPIRE");
        assertThat(first.status()).isEqualTo(200);
        return key;
    }
}
