package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeyPairSpec;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DeriveSharedSecretResponse;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.EncryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptionAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairWithoutPlaintextResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeyAgreementAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsInvalidMacException;
import software.amazon.awssdk.services.kms.model.KmsInvalidSignatureException;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.ReEncryptResponse;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/** What keys are used for, by AWS's SDK. */
final class AwsVerbsOfCrypto {

    private static final SdkBytes PLAINTEXT = SdkBytes.fromUtf8String("attack at dawn");
    private static final SdkBytes ANYTHING = SdkBytes.fromByteArray(new byte[64]);
    private static final Map<String, String> CONTEXT =
            Map.of("purpose", "test", "\u00fc", "\u20ac");
    private static final Map<String, String> OTHER = Map.of("purpose", "another");

    private AwsVerbsOfCrypto() {}

    static Stream<AwsVerb> rows() {
        return Stream.of(ciphers(), dataKeys(), codes(), pairs()).flatMap(List::stream);
    }

    private static List<AwsVerb> ciphers() {
        return List.of(
                AwsVerb.of(
                        "Encrypt",
                        AwsVerbsOfCrypto::encryptAndDecrypt,
                        InvalidKeyUsageException.class,
                        kms -> encrypt(kms, AwsKeys.mac(kms))),
                AwsVerb.of(
                        "Decrypt",
                        AwsVerbsOfCrypto::encryptAndDecrypt,
                        InvalidCiphertextException.class,
                        kms -> decrypt(kms, encrypt(kms, AwsKeys.id(kms)), OTHER)),
                AwsVerb.of(
                        "ReEncrypt",
                        AwsVerbsOfCrypto::reEncrypt,
                        IncorrectKeyException.class,
                        kms -> {
                            SdkBytes blob = encrypt(kms, AwsKeys.id(kms));
                            String other = AwsKeys.id(kms);
                            kms.reEncrypt(
                                    r ->
                                            r.ciphertextBlob(blob)
                                                    .sourceKeyId(other)
                                                    .sourceEncryptionContext(CONTEXT)
                                                    .destinationKeyId(other));
                        }),
                AwsVerb.of(
                        "GenerateRandom",
                        kms ->
                                assertThat(random(kms, 33).asByteArray())
                                        .hasSize(33)
                                        .isNotEqualTo(random(kms, 33).asByteArray()),
                        "ValidationException",
                        kms -> random(kms, 1025)));
    }

    private static List<AwsVerb> dataKeys() {
        return List.of(
                AwsVerb.of(
                        "GenerateDataKey",
                        AwsVerbsOfCrypto::dataKey,
                        DryRunOperationException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.generateDataKey(
                                    r -> r.keyId(key).keySpec(DataKeySpec.AES_256).dryRun(true));
                        }),
                AwsVerb.of(
                        "GenerateDataKeyWithoutPlaintext",
                        AwsVerbsOfCrypto::sealedDataKey,
                        DisabledException.class,
                        kms -> {
                            String key = AwsKeys.disabled(kms);
                            kms.generateDataKeyWithoutPlaintext(
                                    r -> r.keyId(key).numberOfBytes(24));
                        }),
                AwsVerb.of(
                        "GenerateDataKeyPair",
                        AwsVerbsOfCrypto::dataKeyPair,
                        InvalidKeyUsageException.class,
                        kms -> {
                            String key = AwsKeys.mac(kms);
                            kms.generateDataKeyPair(
                                    r -> r.keyId(key).keyPairSpec(DataKeyPairSpec.ECC_NIST_P256));
                        }),
                AwsVerb.of(
                        "GenerateDataKeyPairWithoutPlaintext",
                        AwsVerbsOfCrypto::sealedDataKeyPair,
                        UnsupportedOperationException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.generateDataKeyPairWithoutPlaintext(
                                    r -> r.keyId(key).keyPairSpec(DataKeyPairSpec.SM2));
                        }));
    }

    private static List<AwsVerb> codes() {
        return List.of(
                AwsVerb.of(
                        "GenerateMac",
                        AwsVerbsOfCrypto::mac,
                        InvalidKeyUsageException.class,
                        kms -> generateMac(kms, AwsKeys.id(kms))),
                AwsVerb.of(
                        "VerifyMac",
                        AwsVerbsOfCrypto::mac,
                        KmsInvalidMacException.class,
                        kms -> verifyMac(kms, AwsKeys.mac(kms), ANYTHING)),
                AwsVerb.of(
                        "Sign",
                        AwsVerbsOfCrypto::signature,
                        NotFoundException.class,
                        kms -> sign(kms, AwsKeys.NOBODY)),
                AwsVerb.of(
                        "Verify",
                        AwsVerbsOfCrypto::signature,
                        KmsInvalidSignatureException.class,
                        kms -> {
                            String key = AwsKeys.pair(kms, KeyUsageType.SIGN_VERIFY);
                            verify(kms, key, sign(kms, key), ANYTHING);
                        }));
    }

    private static List<AwsVerb> pairs() {
        return List.of(
                AwsVerb.of(
                        "GetPublicKey",
                        AwsVerbsOfCrypto::publicKey,
                        UnsupportedOperationException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.getPublicKey(r -> r.keyId(key));
                        }),
                AwsVerb.of(
                        "DeriveSharedSecret",
                        AwsVerbsOfCrypto::agree,
                        "ValidationException",
                        kms ->
                                derive(
                                        kms,
                                        AwsKeys.pair(kms, KeyUsageType.KEY_AGREEMENT),
                                        ANYTHING)));
    }

    private static void encryptAndDecrypt(KmsClient kms) {
        KeyMetadata key = AwsKeys.symmetric(kms);
        EncryptResponse sealed =
                kms.encrypt(
                        r -> r.keyId(key.arn()).plaintext(PLAINTEXT).encryptionContext(CONTEXT));
        DecryptResponse opened = decrypt(kms, sealed.ciphertextBlob(), CONTEXT);

        assertThat(sealed.keyId()).isEqualTo(key.arn());
        assertThat(sealed.encryptionAlgorithm())
                .isEqualTo(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT);
        assertThat(opened.plaintext()).isEqualTo(PLAINTEXT);
        assertThat(opened.keyId()).isEqualTo(key.arn());
        assertThat(opened.keyMaterialId()).isEqualTo(key.currentKeyMaterialId());
    }

    private static void reEncrypt(KmsClient kms) {
        KeyMetadata from = AwsKeys.symmetric(kms);
        KeyMetadata to = AwsKeys.symmetric(kms);
        SdkBytes blob = encrypt(kms, from.keyId());
        ReEncryptResponse moved =
                kms.reEncrypt(
                        r ->
                                r.ciphertextBlob(blob)
                                        .sourceEncryptionContext(CONTEXT)
                                        .destinationKeyId(to.keyId())
                                        .destinationEncryptionContext(OTHER));

        assertThat(moved.sourceKeyId()).isEqualTo(from.arn());
        assertThat(moved.keyId()).isEqualTo(to.arn());
        assertThat(decrypt(kms, moved.ciphertextBlob(), OTHER).plaintext()).isEqualTo(PLAINTEXT);
    }

    private static void dataKey(KmsClient kms) {
        KeyMetadata key = AwsKeys.symmetric(kms);
        GenerateDataKeyResponse made =
                kms.generateDataKey(
                        r ->
                                r.keyId(key.keyId())
                                        .keySpec(DataKeySpec.AES_128)
                                        .encryptionContext(CONTEXT));

        assertThat(made.keyId()).isEqualTo(key.arn());
        assertThat(made.plaintext().asByteArray()).hasSize(16);
        assertThat(decrypt(kms, made.ciphertextBlob(), CONTEXT).plaintext())
                .isEqualTo(made.plaintext());
    }

    private static void sealedDataKey(KmsClient kms) {
        String key = AwsKeys.id(kms);
        SdkBytes blob =
                kms.generateDataKeyWithoutPlaintext(r -> r.keyId(key).numberOfBytes(24))
                        .ciphertextBlob();
        assertThat(decrypt(kms, blob, Map.of()).plaintext().asByteArray()).hasSize(24);
    }

    private static void dataKeyPair(KmsClient kms) {
        String key = AwsKeys.id(kms);
        GenerateDataKeyPairResponse made =
                kms.generateDataKeyPair(
                        r -> r.keyId(key).keyPairSpec(DataKeyPairSpec.ECC_NIST_P256));

        assertThat(made.keyPairSpec()).isEqualTo(DataKeyPairSpec.ECC_NIST_P256);
        assertPair(made.publicKey(), made.privateKeyPlaintext());
        assertThat(decrypt(kms, made.privateKeyCiphertextBlob(), Map.of()).plaintext())
                .isEqualTo(made.privateKeyPlaintext());
    }

    private static void sealedDataKeyPair(KmsClient kms) {
        String key = AwsKeys.id(kms);
        GenerateDataKeyPairWithoutPlaintextResponse made =
                kms.generateDataKeyPairWithoutPlaintext(
                        r -> r.keyId(key).keyPairSpec(DataKeyPairSpec.ECC_NIST_P256));
        SdkBytes privateKey = decrypt(kms, made.privateKeyCiphertextBlob(), Map.of()).plaintext();
        assertPair(made.publicKey(), privateKey);
    }

    private static void assertPair(SdkBytes publicKey, SdkBytes privateKey) {
        byte[] message = PLAINTEXT.asByteArray();
        byte[] signature = Outside.sign(privateKey.asByteArray(), message);
        assertThat(Outside.verifies(publicKey.asByteArray(), message, signature)).isTrue();
    }

    private static void mac(KmsClient kms) {
        String key = AwsKeys.mac(kms);
        SdkBytes code = generateMac(kms, key);
        assertThat(code.asByteArray()).hasSize(32);
        assertThat(verifyMac(kms, key, code)).isTrue();
    }

    private static void signature(KmsClient kms) {
        String key = AwsKeys.pair(kms, KeyUsageType.SIGN_VERIFY);
        SdkBytes signature = sign(kms, key);
        byte[] publicKey = kms.getPublicKey(r -> r.keyId(key)).publicKey().asByteArray();

        assertThat(verify(kms, key, signature, PLAINTEXT)).isTrue();
        assertThat(Outside.verifies(publicKey, PLAINTEXT.asByteArray(), signature.asByteArray()))
                .isTrue();
    }

    private static void publicKey(KmsClient kms) {
        String key = AwsKeys.pair(kms, KeyUsageType.SIGN_VERIFY);
        GetPublicKeyResponse answer = kms.getPublicKey(r -> r.keyId(key));
        SdkBytes signature = sign(kms, key);

        assertThat(answer.keyId()).endsWith(":key/" + key);
        assertThat(answer.keySpec()).isEqualTo(KeySpec.ECC_NIST_P256);
        assertThat(answer.keyUsage()).isEqualTo(KeyUsageType.SIGN_VERIFY);
        assertThat(answer.hasEncryptionAlgorithms()).isFalse();
        assertThat(answer.hasKeyAgreementAlgorithms()).isFalse();
        assertThat(answer.signingAlgorithms()).containsExactly(SigningAlgorithmSpec.ECDSA_SHA_256);
        assertThat(
                        Outside.verifies(
                                answer.publicKey().asByteArray(),
                                PLAINTEXT.asByteArray(),
                                signature.asByteArray()))
                .isTrue();
    }

    private static void agree(KmsClient kms) {
        String key = AwsKeys.pair(kms, KeyUsageType.KEY_AGREEMENT);
        KeyPair own = Outside.pair();
        byte[] others = kms.getPublicKey(r -> r.keyId(key)).publicKey().asByteArray();
        DeriveSharedSecretResponse derived =
                derive(kms, key, SdkBytes.fromByteArray(own.getPublic().getEncoded()));
        assertThat(derived.sharedSecret().asByteArray()).isEqualTo(Outside.agree(own, others));
    }

    private static SdkBytes encrypt(KmsClient kms, String key) {
        return kms.encrypt(r -> r.keyId(key).plaintext(PLAINTEXT).encryptionContext(CONTEXT))
                .ciphertextBlob();
    }

    private static DecryptResponse decrypt(
            KmsClient kms, SdkBytes blob, Map<String, String> context) {
        return kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(context));
    }

    private static SdkBytes random(KmsClient kms, int length) {
        return kms.generateRandom(r -> r.numberOfBytes(length)).plaintext();
    }

    private static SdkBytes generateMac(KmsClient kms, String key) {
        return kms.generateMac(
                        r ->
                                r.keyId(key)
                                        .message(PLAINTEXT)
                                        .macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256))
                .mac();
    }

    private static boolean verifyMac(KmsClient kms, String key, SdkBytes code) {
        return kms.verifyMac(
                        r ->
                                r.keyId(key)
                                        .message(PLAINTEXT)
                                        .mac(code)
                                        .macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256))
                .macValid();
    }

    private static SdkBytes sign(KmsClient kms, String key) {
        return kms.sign(
                        r ->
                                r.keyId(key)
                                        .message(PLAINTEXT)
                                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256))
                .signature();
    }

    private static boolean verify(KmsClient kms, String key, SdkBytes signature, SdkBytes message) {
        return kms.verify(
                        r ->
                                r.keyId(key)
                                        .message(message)
                                        .signature(signature)
                                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256))
                .signatureValid();
    }

    private static DeriveSharedSecretResponse derive(
            KmsClient kms, String key, SdkBytes publicKey) {
        return kms.deriveSharedSecret(
                r ->
                        r.keyId(key)
                                .publicKey(publicKey)
                                .keyAgreementAlgorithm(KeyAgreementAlgorithmSpec.ECDH));
    }
}
