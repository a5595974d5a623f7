package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.testkit.Command;
import io.keyhold.testkit.Wrapping;
import io.keyhold.v1.AlgorithmSpec;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DeleteImportedKeyMaterialRequest;
import io.keyhold.v1.DeleteImportedKeyMaterialResponse;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.ExpirationModelType;
import io.keyhold.v1.GetParametersForImportRequest;
import io.keyhold.v1.GetParametersForImportResponse;
import io.keyhold.v1.GetPublicKeyRequest;
import io.keyhold.v1.ImportKeyMaterialRequest;
import io.keyhold.v1.ImportKeyMaterialResponse;
import io.keyhold.v1.ImportState;
import io.keyhold.v1.ImportType;
import io.keyhold.v1.IncludeKeyMaterial;
import io.keyhold.v1.KeyMaterialState;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.OriginType;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.RotationsListEntry;
import io.keyhold.v1.WrappingKeySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Imported key material, from GetParametersForImport to the ciphertext. */
final class ImportIT {

    private static final Map<String, String> CONTEXT = Map.of("purpose", "import");
    private static final byte[] PLAINTEXT = {1, 2, 3};

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @TempDir private Path folder;

    /** Wrapped by OpenSSL, as AWS's guide has it. */
    @ParameterizedTest
    @CsvSource({
        "RSA_2048, RSAES_OAEP_SHA_1, sha1",
        "RSA_3072, RSAES_OAEP_SHA_1, sha1",
        "RSA_4096, RSAES_OAEP_SHA_1, sha1",
        "RSA_2048, RSAES_OAEP_SHA_256, sha256"
    })
    void whatOpensslWrapsIsImported(String spec, String algorithm, String hash) throws IOException {
        KeyMetadata key =
                external(KeySpec.Value.SYMMETRIC_DEFAULT, KeyUsageType.Value.ENCRYPT_DECRYPT);
        GetParametersForImportResponse parameters =
                one.client()
                        .call(
                                Rpc.GET_PARAMETERS_FOR_IMPORT,
                                parameters(key)
                                        .setWrappingKeySpec(WrappingKeySpec.Value.valueOf(spec))
                                        .setWrappingAlgorithm(
                                                AlgorithmSpec.Value.valueOf(algorithm))
                                        .build());
        assertThat(parameters.getKeyId()).isEqualTo(key.getArn());
        assertThat(
                        Timestamps.between(Timestamps.now(), parameters.getParametersValidTo())
                                .getSeconds())
                .isBetween(86_000L, 86_400L);
        Path publicKey = write("public.der", parameters.getPublicKey().toByteArray());
        Path material = write("material", Wrapping.random(32));
        Path wrapped = folder.resolve("wrapped");
        Command.of(
                        "openssl",
                        "pkeyutl",
                        "-encrypt",
                        "-in",
                        material.toString(),
                        "-out",
                        wrapped.toString(),
                        "-inkey",
                        publicKey.toString(),
                        "-keyform",
                        "DER",
                        "-pubin",
                        "-pkeyopt",
                        "rsa_padding_mode:oaep",
                        "-pkeyopt",
                        "rsa_oaep_md:" + hash,
                        "-pkeyopt",
                        "rsa_mgf1_md:" + hash)
                .run();

        ImportKeyMaterialResponse imported =
                one.client()
                        .call(
                                Rpc.IMPORT,
                                forEver(key)
                                        .setImportToken(parameters.getImportToken())
                                        .setEncryptedKeyMaterial(
                                                ByteString.copyFrom(Files.readAllBytes(wrapped)))
                                        .build());

        assertThat(imported.getKeyId()).isEqualTo(key.getArn());
        KeyMetadata now = describe(key);
        assertThat(now.getKeyState()).isEqualTo(KeyState.Value.Enabled);
        assertThat(now.getEnabled()).isTrue();
        assertThat(now.getCurrentKeyMaterialId()).isEqualTo(imported.getKeyMaterialId());
        assertThat(now.getExpirationModel())
                .isEqualTo(ExpirationModelType.Value.KEY_MATERIAL_DOES_NOT_EXPIRE);
        byte[] blob = one.client().encrypt(key.getKeyId(), PLAINTEXT, CONTEXT);
        assertThat(one.client().decrypt(blob, CONTEXT)).isEqualTo(PLAINTEXT);
    }

    @Test
    void aKeyWithoutMaterialSaysSo() {
        KeyMetadata key =
                external(KeySpec.Value.SYMMETRIC_DEFAULT, KeyUsageType.Value.ENCRYPT_DECRYPT);

        assertThat(key.getKeyState()).isEqualTo(KeyState.Value.PendingImport);
        assertThat(key.getOrigin()).isEqualTo(OriginType.Value.EXTERNAL);
        assertThat(key.getEnabled()).isFalse();
        assertThat(key.hasCurrentKeyMaterialId()).isFalse();
        assertThat(key.hasExpirationModel()).isFalse();
        Refusal pending =
                new Refusal("KMSInvalidStateException", key.getArn() + " is pending import.");
        assertThat(
                        Request.of(
                                        Client.encryptRequest(key.getKeyId(), PLAINTEXT, CONTEXT)
                                                .toBuilder())
                                .refusal(one.client()))
                .isEqualTo(pending);
        assertThat(Request.of(rotate(key)).refusal(one.client())).isEqualTo(pending);
        assertThat(one.client().rotations(key.getKeyId())).isEmpty();
    }

    /** With AWS's recorded messages. */
    @Test
    void materialsTakeTurns() {
        KeyMetadata key =
                external(KeySpec.Value.SYMMETRIC_DEFAULT, KeyUsageType.Value.ENCRYPT_DECRYPT);
        byte[] first = Wrapping.random(32);
        String old = take(key, first, forEver(key).setKeyMaterialDescription("the first"));
        byte[] blob = one.client().encrypt(key.getKeyId(), PLAINTEXT, CONTEXT);
        assertThat(Request.of(rotate(key)).refusal(one.client()))
                .isEqualTo(
                        new Refusal(
                                "KMSInvalidStateException",
                                "No available key material pending rotation for the key: "
                                        + key.getArn()
                                        + "."));
        String next = take(key, Wrapping.random(32), isNew(key));

        RotationsListEntry waiting = materials(key).getLast();
        assertThat(waiting.getKeyMaterialId()).isEqualTo(next);
        assertThat(waiting.getKeyMaterialState())
                .isEqualTo(KeyMaterialState.Value.PENDING_ROTATION);
        assertThat(waiting.getImportState()).isEqualTo(ImportState.Value.IMPORTED);
        Refusal another =
                Request.of(wrapped(key, Wrapping.random(32), isNew(key))).refusal(one.client());
        assertThat(another.name()).isEqualTo("KMSInvalidStateException");
        assertThat(another.text())
                .matches(
                        "New key material \\(id: [0-9a-f]{64}\\) cannot be imported into KMS key "
                                + key.getKeyId()
                                + ", because another key material \\(id: "
                                + next
                                + "\\) is pending rotation\\.");

        one.client().rotate(key.getKeyId());

        assertThat(describe(key).getCurrentKeyMaterialId()).isEqualTo(next);
        assertThat(one.client().decrypt(blob, CONTEXT)).isEqualTo(PLAINTEXT);
        assertThat(materials(key))
                .extracting(RotationsListEntry::getKeyMaterialState)
                .containsExactly(
                        KeyMaterialState.Value.NON_CURRENT, KeyMaterialState.Value.CURRENT);
        assertThat(materials(key).getFirst().getKeyMaterialDescription()).isEqualTo("the first");

        delete(key, old);
        assertThat(describe(key).getKeyState()).isEqualTo(KeyState.Value.PendingImport);
        assertThat(materials(key).getFirst().getImportState())
                .isEqualTo(ImportState.Value.PENDING_IMPORT);
        assertThat(take(key, first, forEver(key).setKeyMaterialId(old))).isEqualTo(old);
        assertThat(one.client().decrypt(blob, CONTEXT)).isEqualTo(PLAINTEXT);
        assertThat(materials(key).getFirst().getKeyMaterialDescription()).isEqualTo("the first");
    }

    @Test
    void onlyTheSameMaterialComesAgain() {
        KeyMetadata key =
                external(KeySpec.Value.SYMMETRIC_DEFAULT, KeyUsageType.Value.ENCRYPT_DECRYPT);
        byte[] material = Wrapping.random(32);
        String id = take(key, material, forEver(key));
        byte[] blob = one.client().encrypt(key.getKeyId(), PLAINTEXT, CONTEXT);

        assertThat(delete(key, "").getKeyMaterialId()).isEqualTo(id);
        assertThat(delete(key, "").getKeyId()).isEqualTo(key.getArn());

        Refusal other =
                Request.of(wrapped(key, Wrapping.random(32), forEver(key))).refusal(one.client());
        assertThat(other.name()).isEqualTo("IncorrectKeyMaterialException");
        assertThat(take(key, material, forEver(key))).isEqualTo(id);
        assertThat(one.client().decrypt(blob, CONTEXT)).isEqualTo(PLAINTEXT);
    }

    @Test
    void materialExpires() {
        KeyMetadata key =
                external(KeySpec.Value.SYMMETRIC_DEFAULT, KeyUsageType.Value.ENCRYPT_DECRYPT);
        byte[] material = Wrapping.random(32);
        Timestamp soon = Timestamps.add(Timestamps.now(), Durations.fromSeconds(3));
        take(
                key,
                material,
                ImportKeyMaterialRequest.newBuilder().setKeyId(key.getKeyId()).setValidTo(soon));
        KeyMetadata now = describe(key);
        assertThat(now.getExpirationModel())
                .isEqualTo(ExpirationModelType.Value.KEY_MATERIAL_EXPIRES);
        assertThat(Timestamps.toMillis(now.getValidTo())).isEqualTo(Timestamps.toMillis(soon));
        byte[] blob = one.client().encrypt(key.getKeyId(), PLAINTEXT, CONTEXT);

        await().atMost(Duration.ofSeconds(100))
                .until(() -> describe(key).getKeyState() == KeyState.Value.PendingImport);

        assertThat(Timestamps.compare(Timestamps.now(), soon)).isPositive();
        take(key, material, forEver(key));
        assertThat(one.client().decrypt(blob, CONTEXT)).isEqualTo(PLAINTEXT);
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        KeyMetadata key =
                external(KeySpec.Value.SYMMETRIC_DEFAULT, KeyUsageType.Value.ENCRYPT_DECRYPT);
        KeyMetadata hmac = external(KeySpec.Value.HMAC_256, KeyUsageType.Value.GENERATE_VERIFY_MAC);
        byte[] material = Wrapping.random(32);
        Timestamp inAYear = Timestamps.add(Timestamps.now(), Durations.fromDays(366));
        ImportKeyMaterialRequest.Builder bare =
                ImportKeyMaterialRequest.newBuilder().setKeyId(key.getKeyId());
        refused(key, bare.clone(), "A validTo date must be set if the ExpirationModel is");
        refused(key, bare.clone().setValidTo(Timestamps.EPOCH), "ValidTo must be in the future");
        refused(
                key,
                bare.clone().setValidTo(Timestamps.MAX_VALUE),
                "ValidTo must be in the future");
        refused(
                key,
                bare.clone().setValidTo(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)),
                "'validTo' failed to satisfy constraint: Member must be a time");
        refused(key, bare.clone().setValidTo(inAYear), "at most 365 days");
        refused(key, forEver(key).setValidTo(inAYear), "must not be set");
        refused(key, isNew(key).setKeyMaterialId("0".repeat(64)), "KeyMaterialId");
        refused(hmac, forEver(hmac).setKeyMaterialDescription("x"), "symmetric");
        refused(hmac, isNew(hmac), "symmetric");
        assertThat(
                        Request.of(
                                        wrapped(
                                                key,
                                                material,
                                                forEver(key).setKeyMaterialId("0".repeat(64))))
                                .refusal(one.client())
                                .name())
                .isEqualTo("IncorrectKeyMaterialException");
        assertThat(describe(key).getKeyState()).isEqualTo(KeyState.Value.PendingImport);
    }

    private void refused(KeyMetadata key, ImportKeyMaterialRequest.Builder request, String why) {
        Refusal refusal =
                Request.of(wrapped(key, Wrapping.random(32), request)).refusal(one.client());
        assertThat(refusal.name()).isEqualTo("ValidationException");
        assertThat(refusal.text()).contains(why);
    }

    @Test
    void anImportTokenIsForItsKeyAndForItsPublicKey() {
        KeyMetadata key =
                external(KeySpec.Value.SYMMETRIC_DEFAULT, KeyUsageType.Value.ENCRYPT_DECRYPT);
        KeyMetadata other =
                external(KeySpec.Value.SYMMETRIC_DEFAULT, KeyUsageType.Value.ENCRYPT_DECRYPT);
        ImportKeyMaterialRequest.Builder good = wrapped(key, Wrapping.random(32), forEver(key));
        ImportKeyMaterialRequest.Builder ofOther =
                wrapped(other, Wrapping.random(32), forEver(other));
        byte[] changed = good.getImportToken().toByteArray();
        changed[changed.length / 2] ^= 1;
        for (ByteString token :
                List.of(
                        ofOther.getImportToken(),
                        ByteString.copyFrom(changed),
                        ByteString.copyFromUtf8("x"),
                        ByteString.copyFrom(new byte[6144]))) {
            assertThat(Request.of(good.clone().setImportToken(token)).refusal(one.client()).name())
                    .isEqualTo("InvalidImportTokenException");
        }
        assertThat(
                        Request.of(
                                        good.clone()
                                                .setEncryptedKeyMaterial(
                                                        ByteString.copyFrom(new byte[256])))
                                .refusal(one.client()))
                .isEqualTo(new Refusal("InvalidCiphertextException", ""));
        assertThat(
                        Request.of(
                                        ofOther.clone()
                                                .setEncryptedKeyMaterial(
                                                        good.getEncryptedKeyMaterial()))
                                .refusal(one.client()))
                .as("what is wrapped for one key is for no other")
                .isEqualTo(new Refusal("InvalidCiphertextException", ""));
        one.client().call(Rpc.IMPORT, good.build());
        one.client().call(Rpc.IMPORT, ofOther.build());
    }

    @Test
    void aKeyOfOurOwnTakesNoMaterial() {
        KeyMetadata key = one.client().createKey();
        Refusal origin =
                new Refusal(
                        "UnsupportedOperationException",
                        key.getArn() + " origin is AWS_KMS which is not valid for this operation.");
        assertThat(Request.of(parameters(key)).refusal(one.client())).isEqualTo(origin);
        assertThat(
                        Request.of(
                                        DeleteImportedKeyMaterialRequest.newBuilder()
                                                .setKeyId(key.getKeyId()))
                                .refusal(one.client()))
                .isEqualTo(origin);
    }

    @ParameterizedTest
    @EnumSource(
            value = AlgorithmSpec.Value.class,
            names = {"RSAES_PKCS1_V1_5", "SM2PKE"})
    void whatNoTokenUnwrapsIsRefused(AlgorithmSpec.Value algorithm) {
        KeyMetadata key =
                external(KeySpec.Value.SYMMETRIC_DEFAULT, KeyUsageType.Value.ENCRYPT_DECRYPT);
        assertThat(
                        Request.of(parameters(key).setWrappingAlgorithm(algorithm))
                                .refusal(one.client())
                                .name())
                .isEqualTo("UnsupportedOperationException");
    }

    @Test
    void rsaAloneHasNoRoomForRsa() {
        KeyMetadata key = external(KeySpec.Value.RSA_2048, KeyUsageType.Value.SIGN_VERIFY);
        Refusal refusal =
                Request.of(
                                parameters(key)
                                        .setWrappingAlgorithm(AlgorithmSpec.Value.RSAES_OAEP_SHA_1))
                        .refusal(one.client());
        assertThat(refusal.name()).isEqualTo("ValidationException");
        assertThat(refusal.text()).contains("RSA_AES_KEY_WRAP_SHA_256");
    }

    @Test
    void edwardsHasNoWayIn() {
        Refusal refusal =
                Request.of(
                                CreateKeyRequest.newBuilder()
                                        .setOrigin(OriginType.Value.EXTERNAL)
                                        .setKeySpec(KeySpec.Value.ECC_NIST_EDWARDS25519)
                                        .setKeyUsage(KeyUsageType.Value.SIGN_VERIFY))
                        .refusal(one.client());
        assertThat(refusal.name()).isEqualTo("UnsupportedOperationException");
        assertThat(refusal.text()).contains("CKK_EC_EDWARDS");
    }

    /** The private key that OpenSSL made signs in the token; OpenSSL knows its public half. */
    @ParameterizedTest
    @CsvSource({
        "ECC_NIST_P256, EC, ec_paramgen_curve:P-256",
        "RSA_2048, RSA, rsa_keygen_bits:2048"
    })
    void pairsOfOpensslAreImported(String spec, String kind, String option) throws IOException {
        KeyMetadata key = external(KeySpec.Value.valueOf(spec), KeyUsageType.Value.SIGN_VERIFY);
        Path pair = folder.resolve("pair.der");
        Command.of(
                        "openssl",
                        "genpkey",
                        "-algorithm",
                        kind,
                        "-pkeyopt",
                        option,
                        "-outform",
                        "DER",
                        "-out",
                        pair.toString())
                .run();
        Path publicKey = folder.resolve("pair.pub");
        Command.of(
                        "openssl",
                        "pkey",
                        "-in",
                        pair.toString(),
                        "-inform",
                        "DER",
                        "-pubout",
                        "-outform",
                        "DER",
                        "-out",
                        publicKey.toString())
                .run();

        one.client().call(Rpc.IMPORT, wrapped(key, pkcs8(pair), forEver(key)).build());

        assertThat(
                        one.client()
                                .call(
                                        Rpc.GET_PUBLIC_KEY,
                                        GetPublicKeyRequest.newBuilder()
                                                .setKeyId(key.getKeyId())
                                                .build())
                                .getPublicKey()
                                .toByteArray())
                .isEqualTo(Files.readAllBytes(publicKey));
        assertThat(describe(key).getKeyState()).isEqualTo(KeyState.Value.Enabled);
    }

    private byte[] pkcs8(Path pair) throws IOException {
        Path converted = folder.resolve("pair.p8");
        Command.of(
                        "openssl",
                        "pkcs8",
                        "-topk8",
                        "-nocrypt",
                        "-in",
                        pair.toString(),
                        "-inform",
                        "DER",
                        "-outform",
                        "DER",
                        "-out",
                        converted.toString())
                .run();
        return Files.readAllBytes(converted);
    }

    private static KeyMetadata external(KeySpec.Value spec, KeyUsageType.Value usage) {
        return one.client()
                .call(
                        Rpc.CREATE_KEY,
                        CreateKeyRequest.newBuilder()
                                .setOrigin(OriginType.Value.EXTERNAL)
                                .setKeySpec(spec)
                                .setKeyUsage(usage)
                                .build())
                .getKeyMetadata();
    }

    private static GetParametersForImportRequest.Builder parameters(KeyMetadata key) {
        return GetParametersForImportRequest.newBuilder()
                .setKeyId(key.getKeyId())
                .setWrappingAlgorithm(AlgorithmSpec.Value.RSA_AES_KEY_WRAP_SHA_1)
                .setWrappingKeySpec(WrappingKeySpec.Value.RSA_2048);
    }

    private static ImportKeyMaterialRequest.Builder forEver(KeyMetadata key) {
        return ImportKeyMaterialRequest.newBuilder()
                .setKeyId(key.getKeyId())
                .setExpirationModel(ExpirationModelType.Value.KEY_MATERIAL_DOES_NOT_EXPIRE);
    }

    private static ImportKeyMaterialRequest.Builder isNew(KeyMetadata key) {
        return forEver(key).setImportType(ImportType.Value.NEW_KEY_MATERIAL);
    }

    private static ImportKeyMaterialRequest.Builder wrapped(
            KeyMetadata key, byte[] material, ImportKeyMaterialRequest.Builder request) {
        GetParametersForImportResponse parameters =
                one.client().call(Rpc.GET_PARAMETERS_FOR_IMPORT, parameters(key).build());
        byte[] wrapped =
                Wrapping.wrap(
                        parameters.getPublicKey().toByteArray(),
                        WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_1,
                        material);
        return request.setImportToken(parameters.getImportToken())
                .setEncryptedKeyMaterial(ByteString.copyFrom(wrapped));
    }

    private static String take(
            KeyMetadata key, byte[] material, ImportKeyMaterialRequest.Builder request) {
        return one.client()
                .call(Rpc.IMPORT, wrapped(key, material, request).build())
                .getKeyMaterialId();
    }

    private static DeleteImportedKeyMaterialResponse delete(KeyMetadata key, String materialId) {
        DeleteImportedKeyMaterialRequest.Builder request =
                DeleteImportedKeyMaterialRequest.newBuilder().setKeyId(key.getKeyId());
        if (!materialId.isEmpty()) {
            request.setKeyMaterialId(materialId);
        }
        return one.client().call(Rpc.DELETE_IMPORTED, request.build());
    }

    private static RotateKeyOnDemandRequest.Builder rotate(KeyMetadata key) {
        return RotateKeyOnDemandRequest.newBuilder().setKeyId(key.getKeyId());
    }

    private static KeyMetadata describe(KeyMetadata key) {
        return one.client()
                .call(
                        Rpc.DESCRIBE_KEY,
                        DescribeKeyRequest.newBuilder().setKeyId(key.getKeyId()).build())
                .getKeyMetadata();
    }

    private static List<RotationsListEntry> materials(KeyMetadata key) {
        return one.client()
                .call(
                        Rpc.LIST_ROTATIONS,
                        ListKeyRotationsRequest.newBuilder()
                                .setKeyId(key.getKeyId())
                                .setIncludeKeyMaterial(IncludeKeyMaterial.Value.ALL_KEY_MATERIAL)
                                .build())
                .getRotationsList();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }
}
