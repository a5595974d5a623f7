package io.keyhold.api;

import static io.keyhold.api.Refusals.passes;
import static io.keyhold.api.Refusals.unsupported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.Keyhold;
import io.keyhold.v1.AssumeRoleRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DataKeyPairSpec;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DeriveSharedSecretRequest;
import io.keyhold.v1.DryRunModifierType;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.GenerateDataKeyPairRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.GetSessionTokenRequest;
import io.keyhold.v1.IamTag;
import io.keyhold.v1.KeyAgreementAlgorithmSpec;
import io.keyhold.v1.Options;
import io.keyhold.v1.ProvidedContext;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.RecipientInfo;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A feature that is not built yet is refused, never ignored. */
class UnsupportedFieldsTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void settingOneIsRefusedByName(String field, Message request) {
        assertThat(unsupported(request)).isEqualTo(field + " is not supported yet.");
    }

    @Test
    void thoseAreAllThatThereAre() {
        Stream<String> marked =
                Keyhold.services().stream()
                        .flatMap(service -> service.getMethods().stream())
                        .flatMap(rpc -> rpc.getInputType().getFields().stream())
                        .filter(
                                field ->
                                        field.getOptions()
                                                .getExtension(Options.limits)
                                                .getUnsupported())
                        .map(field -> field.getJsonName());

        assertThat(marked)
                .containsExactlyInAnyOrderElementsOf(
                        requests().map(one -> (String) one.get()[0]).toList());
    }

    @Test
    void decliningOneIsNotAskingForIt() {
        CreateKeyRequest request = CreateKeyRequest.newBuilder().setMultiRegion(false).build();

        passes(request);
    }

    static Stream<Arguments> requests() {
        EncryptRequest encrypt =
                EncryptRequest.newBuilder()
                        .setKeyId("k")
                        .setPlaintext(ByteString.copyFromUtf8("p"))
                        .build();
        DecryptRequest decrypt =
                DecryptRequest.newBuilder().setCiphertextBlob(ByteString.copyFromUtf8("c")).build();
        ReEncryptRequest reEncrypt =
                ReEncryptRequest.newBuilder()
                        .setCiphertextBlob(ByteString.copyFromUtf8("c"))
                        .setDestinationKeyId("k")
                        .build();
        GenerateDataKeyRequest dataKey =
                GenerateDataKeyRequest.newBuilder().setKeyId("k").setNumberOfBytes(1).build();
        GenerateDataKeyWithoutPlaintextRequest without =
                GenerateDataKeyWithoutPlaintextRequest.newBuilder().setKeyId("k").build();
        GenerateRandomRequest random =
                GenerateRandomRequest.newBuilder().setNumberOfBytes(1).build();
        RecipientInfo recipient = RecipientInfo.getDefaultInstance();
        return Stream.concat(
                Stream.concat(ofAssumeRole(), ofGetSessionToken()),
                Stream.of(
                        arguments(
                                "CustomKeyStoreId", create().setCustomKeyStoreId("cks-1").build()),
                        arguments("MultiRegion", create().setMultiRegion(true).build()),
                        arguments("XksKeyId", create().setXksKeyId("").build()),
                        arguments("Recipient", decrypt.toBuilder().setRecipient(recipient).build()),
                        arguments("Recipient", dataKey.toBuilder().setRecipient(recipient).build()),
                        arguments(
                                "Recipient",
                                DeriveSharedSecretRequest.newBuilder()
                                        .setKeyId("k")
                                        .setKeyAgreementAlgorithm(
                                                KeyAgreementAlgorithmSpec.Value.ECDH)
                                        .setPublicKey(ByteString.copyFromUtf8("p"))
                                        .setRecipient(recipient)
                                        .build()),
                        arguments(
                                "Recipient",
                                GenerateDataKeyPairRequest.newBuilder()
                                        .setKeyId("k")
                                        .setKeyPairSpec(DataKeyPairSpec.Value.SM2)
                                        .setRecipient(recipient)
                                        .build()),
                        arguments("Recipient", random.toBuilder().setRecipient(recipient).build()),
                        arguments(
                                "CustomKeyStoreId",
                                random.toBuilder().setCustomKeyStoreId("cks-1").build()),
                        arguments(
                                "DryRunModifiers",
                                reEncrypt.toBuilder()
                                        .addDryRunModifiers(
                                                DryRunModifierType.Value.IGNORE_CIPHERTEXT)
                                        .build()),
                        arguments(
                                "DryRunModifiers",
                                decrypt.toBuilder()
                                        .addDryRunModifiers(
                                                DryRunModifierType.Value.IGNORE_CIPHERTEXT)
                                        .build())));
    }

    private static Stream<Arguments> ofAssumeRole() {
        return Stream.of(
                arguments("Tags", assumeRole().addTags(IamTag.getDefaultInstance()).build()),
                arguments("TransitiveTagKeys", assumeRole().addTransitiveTagKeys("a").build()),
                arguments("SerialNumber", assumeRole().setSerialNumber("x").build()),
                arguments("TokenCode", assumeRole().setTokenCode("123456").build()),
                arguments("SourceIdentity", assumeRole().setSourceIdentity("alice").build()),
                arguments(
                        "ProvidedContexts",
                        assumeRole()
                                .addProvidedContexts(ProvidedContext.getDefaultInstance())
                                .build()));
    }

    private static Stream<Arguments> ofGetSessionToken() {
        GetSessionTokenRequest request = GetSessionTokenRequest.getDefaultInstance();
        return Stream.of(
                arguments("SerialNumber", request.toBuilder().setSerialNumber("x").build()),
                arguments("TokenCode", request.toBuilder().setTokenCode("123456").build()));
    }

    private static AssumeRoleRequest.Builder assumeRole() {
        return AssumeRoleRequest.newBuilder()
                .setRoleArn("arn:aws:iam::123456789012:role/r")
                .setRoleSessionName("one");
    }

    private static CreateKeyRequest.Builder create() {
        return CreateKeyRequest.newBuilder();
    }
}
