package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.encryptionsdk.AwsCrypto;
import com.amazonaws.encryptionsdk.CryptoAlgorithm;
import com.amazonaws.encryptionsdk.CryptoMaterialsManager;
import com.amazonaws.encryptionsdk.CryptoResult;
import com.amazonaws.encryptionsdk.caching.CachingCryptoMaterialsManager;
import com.amazonaws.encryptionsdk.caching.LocalCryptoMaterialsCache;
import com.amazonaws.encryptionsdk.exception.BadCiphertextException;
import com.amazonaws.encryptionsdk.exception.CannotUnwrapDataKeyException;
import com.amazonaws.encryptionsdk.kmssdkv2.KmsMasterKeyProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.cryptography.materialproviders.IKeyring;
import tools.jackson.databind.JsonNode;

/** AWS's Encryption SDK for Java, with a master key and with a keyring. */
final class EncryptionSdkIT {

    private static final byte[] PLAINTEXT = "attack at dawn".getBytes(UTF_8);
    private static final Map<String, String> CONTEXT = Map.of("purpose", "test");
    private static final int MESSAGES = 1000;
    private static final int USES_OF_ONE_DATA_KEY = 250;
    private static final int MOST_CALLS = 10;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static final AwsCrypto crypto = AwsCrypto.standard();

    /** Without signatures, which cost more than all the rest of a short message. */
    private static final AwsCrypto unsigned =
            AwsCrypto.builder()
                    .withEncryptionAlgorithm(CryptoAlgorithm.ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY)
                    .build();

    private static KmsClient kms;
    private static KeyMetadata key;
    private static KmsMasterKeyProvider masterKey;
    private static IKeyring keyring;

    @BeforeAll
    static void connect() {
        kms = AwsUser.create(one, "esdk", "kms:*").client();
        key = AwsKeys.symmetric(kms);
        masterKey = EncryptionSdk.masterKey(kms, key.arn());
        keyring = EncryptionSdk.keyring(kms, key.arn());
    }

    @AfterAll
    static void close() {
        kms.close();
    }

    @Test
    void aMasterKeySealsAndOpens() {
        byte[] message = crypto.encryptData(masterKey, PLAINTEXT, CONTEXT).getResult();
        CryptoResult<byte[], ?> opened = crypto.decryptData(masterKey, message);

        assertThat(opened.getResult()).isEqualTo(PLAINTEXT);
        assertThat(opened.getEncryptionContext()).containsAllEntriesOf(CONTEXT);
        assertThat(opened.getMasterKeyIds()).containsExactly(key.arn());
        JsonNode asked = one.home().journal().successes("Decrypt").getLast();
        assertThat(asked.path("requestParameters").path("encryptionContext").toString())
                .contains("\"purpose\":\"test\"");
    }

    @Test
    void aKeyringOpensWhatAMasterKeySealed() {
        byte[] message = crypto.encryptData(masterKey, PLAINTEXT, CONTEXT).getResult();
        assertThat(crypto.decryptData(keyring, message, CONTEXT).getResult()).isEqualTo(PLAINTEXT);

        byte[] back = crypto.encryptData(keyring, PLAINTEXT, CONTEXT).getResult();
        assertThat(crypto.decryptData(masterKey, back).getResult()).isEqualTo(PLAINTEXT);
    }

    @Test
    void anotherContextOpensNothing() {
        byte[] message = crypto.encryptData(keyring, PLAINTEXT, CONTEXT).getResult();
        Map<String, String> other = Map.of("purpose", "another");
        assertThatThrownBy(() -> crypto.decryptData(keyring, message, other))
                .hasMessageContaining("context");
    }

    @Test
    void anotherKeyOpensNothing() {
        byte[] message = crypto.encryptData(masterKey, PLAINTEXT, CONTEXT).getResult();
        KmsMasterKeyProvider other = EncryptionSdk.masterKey(kms, AwsKeys.symmetric(kms).arn());
        assertThatThrownBy(() -> crypto.decryptData(other, message))
                .isInstanceOf(CannotUnwrapDataKeyException.class);
    }

    @Test
    void whatWasTamperedWithDoesNotOpen() {
        byte[] message = crypto.encryptData(masterKey, PLAINTEXT, CONTEXT).getResult();

        byte[] ofAnotherPurpose = message.clone();
        ofAnotherPurpose[positionOf("test", message)]++;
        assertThatThrownBy(() -> crypto.decryptData(masterKey, ofAnotherPurpose))
                .isInstanceOf(CannotUnwrapDataKeyException.class)
                .hasStackTraceContaining("InvalidCiphertextException");

        byte[] signedOtherwise = message.clone();
        signedOtherwise[message.length - 1]++;
        assertThatThrownBy(() -> crypto.decryptData(masterKey, signedOtherwise))
                .isInstanceOf(BadCiphertextException.class);
    }

    private static int positionOf(String text, byte[] message) {
        int position = new String(message, ISO_8859_1).indexOf(text);
        assertThat(position).isPositive();
        return position;
    }

    @Test
    void aThousandMessagesCostTenCallsAndOutliveARotation() {
        CryptoMaterialsManager cached = cached();
        int before = one.home().journal().events().size();
        List<byte[]> messages =
                IntStream.range(0, MESSAGES)
                        .mapToObj(i -> unsigned.encryptData(cached, plaintext(i), CONTEXT))
                        .map(CryptoResult::getResult)
                        .toList();
        kms.rotateKeyOnDemand(r -> r.keyId(key.keyId()));
        CryptoMaterialsManager fresh = cached();
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(unsigned.decryptData(fresh, messages.get(i)).getResult())
                    .isEqualTo(plaintext(i));
        }

        Journal calls = one.home().journal().since(before);
        assertThat(calls.events()).hasSizeLessThanOrEqualTo(MOST_CALLS);
        assertThat(calls.successes("GenerateDataKey")).isNotEmpty();
        assertThat(calls.successes("Decrypt")).isNotEmpty();
    }

    private static byte[] plaintext(int i) {
        return ("message " + i).getBytes(UTF_8);
    }

    private static CryptoMaterialsManager cached() {
        return CachingCryptoMaterialsManager.newBuilder()
                .withMasterKeyProvider(masterKey)
                .withCache(new LocalCryptoMaterialsCache(MOST_CALLS))
                .withMaxAge(1, TimeUnit.HOURS)
                .withMessageUseLimit(USES_OF_ONE_DATA_KEY)
                .build();
    }
}
