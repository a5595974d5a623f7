package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.kms.AWSKMS;
import com.amazonaws.services.kms.AWSKMSClientBuilder;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.KmsEnvelopeAead;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.integration.awskms.AwsKmsAead;
import java.security.GeneralSecurityException;
import org.apache.commons.logging.impl.NoOpLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Google's Tink, whose envelopes have their keys sealed by version 1 of AWS's SDK for Java. */
final class TinkIT {

    private static final byte[] PLAINTEXT = "attack at dawn".getBytes(UTF_8);
    private static final byte[] ASSOCIATED = "of the test".getBytes(UTF_8);
    private static final byte[] OTHER = "of another".getBytes(UTF_8);

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static AWSKMS kms;

    @BeforeAll
    static void connect() throws GeneralSecurityException {
        System.setProperty("org.apache.commons.logging.Log", NoOpLog.class.getName());
        AeadConfig.register();
        AwsUser user = AwsUser.create(one, "tink", "kms:*");
        kms =
                AWSKMSClientBuilder.standard()
                        .withEndpointConfiguration(
                                new EndpointConfiguration(
                                        user.endpoint().toString(), AwsUser.REGION.id()))
                        .withCredentials(
                                new AWSStaticCredentialsProvider(
                                        new BasicAWSCredentials(
                                                user.accessKeyId(), user.secretAccessKey())))
                        .build();
    }

    @AfterAll
    static void close() {
        kms.shutdown();
    }

    @Test
    void anEnvelopeOpensWithWhatItWasSealedWith() throws GeneralSecurityException {
        String arn = newKey();
        byte[] envelope = envelopes(arn).encrypt(PLAINTEXT, ASSOCIATED);

        assertThat(envelopes(arn).decrypt(envelope, ASSOCIATED)).isEqualTo(PLAINTEXT);
        assertThat(one.home().journal().successes("Decrypt").getLast().path("userAgent").asString())
                .contains("aws-sdk-java/1.");
        assertThatThrownBy(() -> envelopes(arn).decrypt(envelope, OTHER))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> envelopes(newKey()).decrypt(envelope, ASSOCIATED))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void theKeyItselfBindsTheAssociatedData() throws GeneralSecurityException {
        Aead key = new AwsKmsAead(kms, newKey());
        byte[] sealed = key.encrypt(PLAINTEXT, ASSOCIATED);

        assertThat(key.decrypt(sealed, ASSOCIATED)).isEqualTo(PLAINTEXT);
        assertThatThrownBy(() -> key.decrypt(sealed, OTHER))
                .isInstanceOf(GeneralSecurityException.class)
                .hasStackTraceContaining("InvalidCiphertextException");
    }

    private static Aead envelopes(String arn) throws GeneralSecurityException {
        return KmsEnvelopeAead.create(
                PredefinedAeadParameters.AES256_GCM, new AwsKmsAead(kms, arn));
    }

    private static String newKey() {
        return kms.createKey().getKeyMetadata().getArn();
    }
}
