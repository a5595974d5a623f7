package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CustomerMasterKeySpec;
import io.keyhold.v1.DecapsulateRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DryRunModifierType;
import io.keyhold.v1.EncapsulateRequest;
import io.keyhold.v1.EncapsulationAlgorithmSpec;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.IncludeKeyMaterial;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.OriginType;
import io.keyhold.v1.RecipientInfo;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is not built yet, and what nobody knows, is refused by name and never ignored. */
final class RefusedByNameIT {

    private static final int NO_VALUE = 999;
    private static final int NO_FIELD = 4711;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static String key;
    private static ByteString blob;

    @BeforeAll
    static void makeAKey() {
        key = one.client().createKey().getKeyId();
        blob = ByteString.copyFrom(one.client().encrypt(key, new byte[1], Map.of()));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("Multi-Region keys | not built | MultiRegion is refused")
    void multiRegionKeysAreRefused(Listener listener) {
        unsupported(listener, create().setMultiRegion(true), "MultiRegion");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "Custom key stores (CloudHSM) | not built | Origin AWS_CLOUDHSM and CustomKeyStoreId"
                    + " are refused")
    void customKeyStoresAreRefused(Listener listener) {
        unsupportedOrigin(listener, OriginType.Value.AWS_CLOUDHSM);
        unsupported(listener, create().setCustomKeyStoreId("cks-1"), "CustomKeyStoreId");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "External key stores | not built | Origin EXTERNAL_KEY_STORE and XksKeyId are refused")
    void externalKeyStoresAreRefused(Listener listener) {
        unsupportedOrigin(listener, OriginType.Value.EXTERNAL_KEY_STORE);
        unsupported(listener, create().setXksKeyId("xks"), "XksKeyId");
    }

    @ParameterizedTest
    @EnumSource
    void aFieldOfAFeatureThatIsNotBuiltIsRefused(Listener listener) {
        unsupported(
                listener, decrypt().setRecipient(RecipientInfo.getDefaultInstance()), "Recipient");
        unsupported(
                listener,
                decrypt().addDryRunModifiers(DryRunModifierType.Value.IGNORE_CIPHERTEXT),
                "DryRunModifiers");
    }

    @ParameterizedTest
    @EnumSource
    void aKindOfKeyThatIsNotBuiltIsRefused(Listener listener) {
        for (KeySpec.Value spec : KeySpec.Value.values()) {
            if (!spec.name().matches("ML_.*|SM2")) {
                continue;
            }
            Refusal bare = refusal(listener, create().setKeySpec(spec));
            assertThat(bare.name()).isEqualTo("ValidationException");
            assertThat(bare.text()).contains("KeyUsage");
            KeyUsageType.Value usage =
                    spec.name().startsWith("ML_KEM")
                            ? KeyUsageType.Value.ENCAPSULATE_DECAPSULATE
                            : KeyUsageType.Value.SIGN_VERIFY;
            Refusal refusal = refusal(listener, create().setKeySpec(spec).setKeyUsage(usage));
            assertThat(refusal.name()).isEqualTo("UnsupportedOperationException");
            assertThat(refusal.text())
                    .startsWith("KeySpec " + spec + " is not supported: SunPKCS11 cannot carry ");
        }
    }

    /** No key can be made to encapsulate, so that each one is for something else. */
    @ParameterizedTest
    @EnumSource
    void aKeyForSomethingElseDoesNotEncapsulate(Listener listener) {
        String arn = one.client().createKey().getArn();
        EncapsulateRequest.Builder encapsulate =
                EncapsulateRequest.newBuilder()
                        .setKeyId(arn)
                        .setEncapsulationAlgorithm(EncapsulationAlgorithmSpec.Value.ML_KEM);
        DecapsulateRequest.Builder decapsulate =
                DecapsulateRequest.newBuilder()
                        .setKeyId(arn)
                        .setSharedSecretCiphertextBlob(blob)
                        .setEncapsulationAlgorithm(EncapsulationAlgorithmSpec.Value.ML_KEM);
        Map.of("Encapsulate", encapsulate, "Decapsulate", decapsulate)
                .forEach(
                        (verb, request) ->
                                assertThat(refusal(listener, request))
                                        .isEqualTo(
                                                new Refusal(
                                                        "InvalidKeyUsageException",
                                                        arn
                                                                + " key usage is ENCRYPT_DECRYPT"
                                                                + " which is not valid for "
                                                                + verb
                                                                + ".")));
        noValue(
                listener,
                encapsulate.setEncapsulationAlgorithmValue(NO_VALUE),
                "encapsulationAlgorithm");
    }

    @ParameterizedTest
    @EnumSource
    void whatContradictsItselfIsRefused(Listener listener) {
        CreateKeyRequest.Builder both =
                create().setKeySpec(KeySpec.Value.SYMMETRIC_DEFAULT)
                        .setCustomerMasterKeySpec(CustomerMasterKeySpec.Value.SYMMETRIC_DEFAULT);
        assertThat(refusal(listener, both).name()).isEqualTo("ValidationException");
        CreateKeyRequest.Builder misfit = create().setKeyUsage(KeyUsageType.Value.SIGN_VERIFY);
        assertThat(refusal(listener, misfit))
                .isEqualTo(
                        new Refusal(
                                "ValidationException",
                                "KeyUsage SIGN_VERIFY is not compatible with KeySpec"
                                        + " SYMMETRIC_DEFAULT"));
    }

    @ParameterizedTest
    @EnumSource
    void aNumberThatIsNoValueOfItsEnumIsRefused(Listener listener) {
        noValue(listener, create().setKeySpecValue(NO_VALUE), "keySpec");
        noValue(
                listener,
                create().setCustomerMasterKeySpecValue(NO_VALUE),
                "customerMasterKeySpec");
        noValue(listener, create().setKeyUsageValue(NO_VALUE), "keyUsage");
        noValue(listener, create().setOriginValue(NO_VALUE), "origin");
        noValue(listener, create().setOriginValue(-1), "origin");
        noValue(listener, encrypt().setEncryptionAlgorithmValue(NO_VALUE), "encryptionAlgorithm");
        noValue(listener, decrypt().setEncryptionAlgorithmValue(NO_VALUE), "encryptionAlgorithm");
        noValue(
                listener,
                ListKeyRotationsRequest.newBuilder()
                        .setKeyId(key)
                        .setIncludeKeyMaterialValue(NO_VALUE),
                "includeKeyMaterial");
    }

    /** Number 0 is how protobuf says nothing. */
    @ParameterizedTest
    @EnumSource
    void anUnspecifiedValueIsTheDefault(Listener listener) {
        Client client = one.client(listener);
        Request.of(
                        create().setKeySpec(KeySpec.Value.UNSPECIFIED)
                                .setCustomerMasterKeySpec(CustomerMasterKeySpec.Value.UNSPECIFIED)
                                .setKeyUsage(KeyUsageType.Value.UNSPECIFIED)
                                .setOrigin(OriginType.Value.UNSPECIFIED))
                .send(client);
        Request.of(encrypt().setEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.UNSPECIFIED))
                .send(client);
        Request.of(decrypt().setEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.UNSPECIFIED))
                .send(client);
        Request.of(
                        ListKeyRotationsRequest.newBuilder()
                                .setKeyId(key)
                                .setIncludeKeyMaterial(IncludeKeyMaterial.Value.UNSPECIFIED))
                .send(client);
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownFieldNumberIsRefused(Listener listener) {
        UnknownFieldSet unknown =
                UnknownFieldSet.newBuilder()
                        .addField(NO_FIELD, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        List<Message.Builder> requests = new ArrayList<>();
        requests.add(create());
        requests.add(DescribeKeyRequest.newBuilder().setKeyId(key));
        requests.add(ListKeysRequest.newBuilder());
        requests.add(encrypt());
        requests.add(decrypt());
        requests.add(RotateKeyOnDemandRequest.newBuilder().setKeyId(key));
        requests.add(ListKeyRotationsRequest.newBuilder().setKeyId(key));
        for (Message.Builder request : requests) {
            Refusal refusal = refusal(listener, request.setUnknownFields(unknown));
            assertThat(refusal.name()).isEqualTo("ValidationException");
            assertThat(refusal.text()).contains(request.getDescriptorForType().getName(), "4711");
        }
    }

    private static CreateKeyRequest.Builder create() {
        return CreateKeyRequest.newBuilder();
    }

    private static EncryptRequest.Builder encrypt() {
        return EncryptRequest.newBuilder().setKeyId(key).setPlaintext(ByteString.copyFromUtf8("x"));
    }

    private static DecryptRequest.Builder decrypt() {
        return DecryptRequest.newBuilder().setCiphertextBlob(blob);
    }

    private static void unsupportedOrigin(Listener listener, OriginType.Value origin) {
        Refusal refusal = refusal(listener, create().setOrigin(origin));
        assertThat(refusal.name()).isEqualTo("UnsupportedOperationException");
        assertThat(refusal.text()).startsWith("Origin " + origin + " is not supported yet");
    }

    private static void unsupported(Listener listener, Message.Builder request, String field) {
        assertThat(refusal(listener, request))
                .isEqualTo(
                        new Refusal(
                                "UnsupportedOperationException", field + " is not supported yet."));
    }

    private static void noValue(Listener listener, Message.Builder request, String field) {
        Refusal refusal = refusal(listener, request);
        assertThat(refusal.name()).isEqualTo("ValidationException");
        assertThat(refusal.text())
                .contains("at '" + field + "' failed to satisfy constraint")
                .contains("Member must satisfy enum value set: [")
                .doesNotContain("UNSPECIFIED");
    }

    private static Refusal refusal(Listener listener, Message.Builder request) {
        return Request.of(request).refusal(one.client(listener));
    }
}
