package io.keyhold.e2e;

import static io.keyhold.e2e.Asks.AGREEING;
import static io.keyhold.e2e.Asks.EXTERNAL;
import static io.keyhold.e2e.Asks.EXTERNAL_PAIR;
import static io.keyhold.e2e.Asks.MESSAGE;
import static io.keyhold.e2e.Asks.SIGNING;
import static io.keyhold.e2e.Asks.SYMMETRIC;
import static io.keyhold.e2e.Asks.arn;
import static io.keyhold.e2e.Asks.ask;
import static io.keyhold.e2e.Asks.ciphertext;
import static io.keyhold.e2e.Asks.decrypts;
import static io.keyhold.e2e.Asks.derive;
import static io.keyhold.e2e.Asks.dryRun;
import static io.keyhold.e2e.Asks.encrypts;
import static io.keyhold.e2e.Asks.generateMac;
import static io.keyhold.e2e.Asks.importParameters;
import static io.keyhold.e2e.Asks.key;
import static io.keyhold.e2e.Asks.mac;
import static io.keyhold.e2e.Asks.ofContext;
import static io.keyhold.e2e.Asks.sign;
import static io.keyhold.e2e.Asks.tag;
import static io.keyhold.e2e.Asks.tagged;
import static io.keyhold.e2e.Asks.tooMuch;
import static io.keyhold.e2e.Asks.verify;
import static io.keyhold.e2e.Asks.verifyMac;

import io.keyhold.e2e.Asks.Call;
import io.keyhold.e2e.AwsStage.Value;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How each recorded error comes about, by the step of the recording, in the order of its rows. */
final class Provocations {

    private static final String NOBODY = "134f2428-cec1-4b25-a1ae-9048164dba47";
    private static final String NOBODY_MULTI_REGION = "mrk-d3b95762d3b95762d3b95762d3b95762";

    /**
     * A call for a row.
     *
     * @param otherwise why this daemon answers something else; empty where it answers the same
     */
    record Provocation(Call call, String otherwise) {}

    private Provocations() {}

    static Map<String, List<Provocation>> all() {
        return Map.ofEntries(
                randomAndSizes(),
                step("describe-key-diff-region-with-id", ask("DescribeKey", "KeyId", NOBODY)),
                step(
                        "describe-key-diff-region-with-arn",
                        ask("DescribeKey", "KeyId", arn("eu-west-1", NOBODY))),
                step("describe-nonexistent-key-with-id", ask("DescribeKey", "KeyId", NOBODY)),
                step(
                        "describe-nonexistent-with-arn",
                        ask("DescribeKey", "KeyId", arn("us-east-1", NOBODY))),
                step(
                        "describe-key-with-valid-id-mrk",
                        ask("DescribeKey", "KeyId", NOBODY_MULTI_REGION)),
                step("describe-key-with-invalid-uuid", ask("DescribeKey", "KeyId", "fake-key-id")),
                step(
                        "describe-key-with-invalid-uuid-2",
                        ask("DescribeKey", "KeyId", NOBODY.replace("-", ""))),
                step(
                        "describe-key-with-invalid-uuid-mrk",
                        ask("DescribeKey", "KeyId", "mrk-fake-key-id")),
                step(
                        "describe-key-from-different-region",
                        ask("DescribeKey", "KeyId", NOBODY_MULTI_REGION)),
                step(
                        "create_alias",
                        ask("CreateAlias", "AliasName", "app", "TargetKeyId", SYMMETRIC)),
                step("bad-digest", algorithms(Asks::badDigest)),
                step("bad-signature", algorithms(Asks::badSignature)),
                step("create-hmac-key-without-key-usage", ask("CreateKey", "KeySpec", "HMAC_256")),
                step("create-hmac-key-invalid-spec", ask("CreateKey", "KeySpec", "HMAC_random")),
                step(
                        "create-hmac-key-invalid-key-usage",
                        ask("CreateKey", "KeySpec", "HMAC_256", "KeyUsage", "RANDOM")),
                macsOfNoKey(),
                step("verify-mac-invalid-key-id", repeated(4, verifyMac("key_id", "HMAC_SHA_224"))),
                step(
                        "generate-mac",
                        generateMac(mac("HMAC_224"), "HMAC_SHA_256"),
                        generateMac(mac("HMAC_256"), "INVALID")),
                step(
                        "verify-mac",
                        verifyMac(mac("HMAC_256"), "HMAC_SHA_256"),
                        verifyMac(mac("HMAC_256"), "HMAC_SHA_512"),
                        verifyMac(mac("HMAC_256"), "INVALID")),
                step("encrypt-before-import-error", encrypts(EXTERNAL)),
                step(
                        "import-expiring-key-without-valid-to",
                        stage -> stage.importInto(EXTERNAL.on(stage).toString())),
                step("encrypt-after-delete-error", Asks::encryptAfterDeletion),
                step("sign-invalid-key-id", sign(mac("HMAC_224"), "RSASSA_PSS_SHA_256", "RAW")),
                step("verify-invalid-key-id", verify(SYMMETRIC, "ECDSA_SHA_256", MESSAGE)),
                step("encrypt-invalid-key-id", encrypts(SIGNING)),
                step(
                        "decrypt-invalid-key-id",
                        ask("Decrypt", "KeyId", mac("HMAC_224"), "CiphertextBlob", ciphertext())),
                step(
                        "invalid-plaintext-size-encrypt",
                        ask("Encrypt", "KeyId", SYMMETRIC, "Plaintext", new byte[4097])),
                step(
                        "decrypt_response_without_encryption_context",
                        decrypts(ofContext("CiphertextBlob", "Encrypt", "Plaintext", MESSAGE))),
                step("decrypt_response_with_invalid_ciphertext", decrypts(stage -> MESSAGE)),
                step("decrypt-without-encryption-context", dataKeys()),
                step("response-error", importParameters()),
                step(
                        "response-invalid-key-usage",
                        derive(key("ECC_NIST_P256", "SIGN_VERIFY"), "ECDH")),
                step(
                        "response-invalid-key-spec",
                        ask("CreateKey", "KeySpec", "RSA_2048", "KeyUsage", "KEY_AGREEMENT")),
                step("response-invalid-key-agreement-algo", derive(AGREEING, "INVALID")),
                step("response-invalid-key", derive(SYMMETRIC, "ECDH")),
                step("response-invalid-public-key", derive(AGREEING, "ECDH")),
                step("duplicate-tag-keys", tagged(tag("a", "1"), tag("a", "2"))),
                step(
                        "invalid-tag-key",
                        ask("CreateKey", "Tags", Asks.tags(51)),
                        ask("CreateKey", "Tags", List.of(tag("aws:key1", "value1"))),
                        tagged(tag("aws:key1", "value1")),
                        tagged(tag("AWS:key1", "value1")),
                        tagged(tag("a".repeat(129), "value1"))),
                step("too-long-tag-value", tagged(tag("key1", "v".repeat(257)))),
                rotations(),
                step("bad-ciphertext", decrypts(Asks.longerCiphertext())),
                step(
                        "dryrun_exception",
                        dryRun("GenerateDataKeyPair"),
                        dryRun("GenerateDataKeyPairWithoutPlaintext")),
                step(
                        "incorrect-source-key",
                        ask(
                                "ReEncrypt",
                                "CiphertextBlob",
                                ciphertext(),
                                "SourceKeyId",
                                (Value) AwsStage::newKey,
                                "DestinationKeyId",
                                SYMMETRIC)),
                Map.entry(
                        "fail-replicate-non-primary-key",
                        List.of(
                                new Provocation(
                                        ask(
                                                "ReplicateKey",
                                                "KeyId",
                                                NOBODY_MULTI_REGION,
                                                "ReplicaRegion",
                                                "eu-west-1"),
                                        "there are no multi-Region keys yet"))),
                step(
                        "rotate-key-on-demand-error-response-SYMMETRIC_DEFAULT",
                        ask("RotateKeyOnDemand", "KeyId", EXTERNAL)),
                step(
                        "rotate-key-on-demand-error-response-RSA_4096",
                        ask("RotateKeyOnDemand", "KeyId", EXTERNAL_PAIR)),
                step("get-import-parameters-error", importParameters()),
                step("existing-pending-material-error", Asks::secondPendingMaterial),
                step("rotate-key-on-demand-invalid-state-error", Asks::rotateWithNothingPending));
    }

    private static Map.Entry<String, List<Provocation>> step(String name, Call... calls) {
        return step(name, List.of(calls));
    }

    private static Map.Entry<String, List<Provocation>> step(
            String name, List<? extends Call> calls) {
        return Map.entry(name, calls.stream().map(call -> new Provocation(call, "")).toList());
    }

    /** The kinds of keys that were recorded; what is said of a message, the size has no part in. */
    private static List<Call> algorithms(BiFunction<Value, String, Call> of) {
        return List.of(
                of.apply(SIGNING, "RSASSA_PSS_SHA_256"),
                of.apply(SIGNING, "RSASSA_PSS_SHA_384"),
                of.apply(SIGNING, "RSASSA_PSS_SHA_512"),
                of.apply(SIGNING, "RSASSA_PKCS1_V1_5_SHA_256"),
                of.apply(SIGNING, "RSASSA_PKCS1_V1_5_SHA_512"),
                of.apply(key("ECC_NIST_P256", "SIGN_VERIFY"), "ECDSA_SHA_256"),
                of.apply(key("ECC_SECG_P256K1", "SIGN_VERIFY"), "ECDSA_SHA_256"),
                of.apply(key("ECC_NIST_P384", "SIGN_VERIFY"), "ECDSA_SHA_384"));
    }

    private static List<Call> dataKeys() {
        String pair = "PrivateKeyCiphertextBlob";
        return List.of(
                decrypts(ofContext("CiphertextBlob", "GenerateDataKey", "KeySpec", "AES_256")),
                decrypts(
                        ofContext(
                                "CiphertextBlob",
                                "GenerateDataKeyWithoutPlaintext",
                                "KeySpec",
                                "AES_256")),
                decrypts(ofContext(pair, "GenerateDataKeyPair", "KeyPairSpec", "ECC_NIST_P256")),
                decrypts(
                        ofContext(
                                pair,
                                "GenerateDataKeyPairWithoutPlaintext",
                                "KeyPairSpec",
                                "ECC_NIST_P256")));
    }

    private static <T> List<T> repeated(int times, T one) {
        return IntStream.range(0, times).mapToObj(i -> one).toList();
    }

    /** The recording has one name for two things. */
    private static Map.Entry<String, List<Provocation>> randomAndSizes() {
        return step(
                "generate-random-exc",
                ask("GenerateRandom"),
                ask("GenerateRandom", "NumberOfBytes", 0),
                ask("GenerateRandom", "NumberOfBytes", 1025),
                tooMuch("RSA_2048", "RSAES_OAEP_SHA_1", 214),
                tooMuch("RSA_2048", "RSAES_OAEP_SHA_256", 190),
                tooMuch("RSA_3072", "RSAES_OAEP_SHA_1", 342),
                tooMuch("RSA_3072", "RSAES_OAEP_SHA_256", 318),
                tooMuch("RSA_4096", "RSAES_OAEP_SHA_1", 470),
                tooMuch("RSA_4096", "RSAES_OAEP_SHA_256", 446));
    }

    private static Map.Entry<String, List<Provocation>> macsOfNoKey() {
        return step(
                "generate-mac-invalid-key-id",
                Stream.concat(
                                repeated(4, generateMac("key_id", "HMAC_SHA_224")).stream(),
                                Stream.of(generateMac(SYMMETRIC, "HMAC_SHA_224")))
                        .toList());
    }

    private static Map.Entry<String, List<Provocation>> rotations() {
        return Map.entry(
                "error-response",
                List.of(
                        new Provocation(Asks::rotateDisabled, ""),
                        new Provocation(ask("RotateKeyOnDemand", "KeyId", NOBODY), ""),
                        new Provocation(ask("RotateKeyOnDemand", "KeyId", mac("HMAC_224")), ""),
                        new Provocation(
                                ask("RotateKeyOnDemand", "KeyId", EXTERNAL),
                                "since imported keys rotate on demand AWS says that the key is"
                                        + " pending import, as later rows have it"),
                        new Provocation(Asks::rotateTooOften, "")));
    }
}
