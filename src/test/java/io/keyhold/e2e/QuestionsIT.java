package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;
import io.keyhold.v1.GetForwardAccessTokenRequest;
import io.keyhold.v1.GetForwardAccessTokenResponse;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What everybody asks about the kinds of keys, answered by doing it. */
final class QuestionsIT {

    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String ALICE = "arn:aws:iam::123456789012:user/alice";
    private static final String OTHER_ROOT = "arn:aws:iam::111122223333:root";
    private static final String KIM = "arn:aws:iam::111122223333:user/kim";
    private static final String S3 = "Service:s3.amazonaws.com";
    private static final int OBJECTS = 1000;

    @RegisterExtension static final OneDaemon one = OneDaemon.ofAccounts("111122223333");

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);
    private static String managed;

    @BeforeAll
    static void prepare() {
        iam.send(ROOT, createUser("alice"));
        GenerateDataKeyResponse first = throughS3(dataKey("alias/aws/s3"));
        managed = first.getKeyId();
    }

    /** Should I choose a customer managed key? For three things. */
    @Test
    void onlyACustomerManagedKeyHasAPolicyOfYoursIsSharedAndRotatesAsYouSay() {
        String own = create();
        for (Message.Builder request :
                List.of(
                        policy(own, ROOT, OTHER_ROOT),
                        EnableKeyRotationRequest.newBuilder()
                                .setKeyId(own)
                                .setRotationPeriodInDays(90))) {
            iam.send(ROOT, request);
        }
        iam.send(OTHER_ROOT, encrypt(own));

        iam.denied(ROOT, policy(managed, ROOT, OTHER_ROOT));
        iam.denied(
                ROOT,
                EnableKeyRotationRequest.newBuilder()
                        .setKeyId(managed)
                        .setRotationPeriodInDays(90));
        iam.denied(OTHER_ROOT, encrypt(managed));
    }

    /** Can I use a key with just an IAM policy? No: the key's policy must let the account in. */
    @Test
    void anIamPolicyAloneIsNotEnough() {
        String key = create();
        iam.send(ROOT, put("alice", allow("kms:*", "*")));
        iam.send(ALICE, encrypt(key));
        iam.send(ROOT, policy(key, ROOT.replace("root", "user/nobody")));

        iam.denied(ALICE, encrypt(key));
        iam.denied(ROOT, encrypt(key));
    }

    /** What happens to earlier data after rotation? It stays readable, under the same name. */
    @Test
    void earlierDataDecryptsAfterRotation() {
        String key = create();
        EncryptResponse before = iam.ask(ROOT, encrypt(key));
        iam.send(ROOT, RotateKeyOnDemandRequest.newBuilder().setKeyId(key));
        EncryptResponse after = iam.ask(ROOT, encrypt(key));

        for (EncryptResponse each : List.of(before, after)) {
            DecryptResponse opened =
                    iam.ask(
                            ROOT,
                            DecryptRequest.newBuilder()
                                    .setCiphertextBlob(each.getCiphertextBlob()));
            assertThat(opened.getPlaintext().toStringUtf8()).isEqualTo("x");
            assertThat(opened.getKeyId()).isEqualTo(key);
        }
    }

    /** Can I delete a service managed key? No; a customer managed one, after 7 to 30 days. */
    @Test
    void onlyACustomerManagedKeyCanBeDeleted() {
        iam.denied(ROOT, ScheduleKeyDeletionRequest.newBuilder().setKeyId(managed));
        for (int days : new int[] {7, 30}) {
            iam.send(ROOT, deletion(days));
        }
        for (int days : new int[] {6, 31}) {
            iam.refused("ValidationException", ROOT, deletion(days));
        }
    }

    /** How can I pay less? With a data key for each bucket: a thousand objects, two calls. */
    @Test
    void aDataKeyForManyObjectsSavesCalls() throws GeneralSecurityException {
        Journal before = one.home().journal();
        int events = before.events().size();
        GenerateDataKeyResponse bucketKey = throughS3(dataKey("alias/aws/s3"));
        List<byte[]> objects = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
            objects.add(sealed(bucketKey.getPlaintext(), i, Cipher.ENCRYPT_MODE, new byte[100]));
        }

        DecryptResponse opened =
                throughS3(
                        DecryptRequest.newBuilder()
                                .setCiphertextBlob(bucketKey.getCiphertextBlob()));
        for (int i = 0; i < OBJECTS; i++) {
            assertThat(sealed(opened.getPlaintext(), i, Cipher.DECRYPT_MODE, objects.get(i)))
                    .isEqualTo(new byte[100]);
        }
        assertThat(one.home().journal().events()).hasSize(events + 2);
    }

    /** With which key can another account read what S3 encrypted? A customer managed one only. */
    @Test
    void anotherAccountReadsOnlyWhatACustomerManagedKeyHasEncrypted() {
        iam.send(OTHER_ROOT, createUser("kim"));
        iam.send(OTHER_ROOT, put("kim", allow("kms:Decrypt", "*")));
        String own = create();
        iam.send(ROOT, policy(own, ROOT, OTHER_ROOT));
        GenerateDataKeyResponse shared = throughS3(dataKey(own));
        CreateKeyResponse made = iam.ask(S3, CreateKeyRequest.newBuilder());
        GenerateDataKeyResponse owned =
                principals.ask(
                        S3,
                        "keyhold-source-account",
                        "123456789012",
                        dataKey(made.getKeyMetadata().getArn()));
        GenerateDataKeyResponse unshared = throughS3(dataKey("alias/aws/s3"));

        assertThat(readThroughS3(KIM, shared.getCiphertextBlob()).getPlaintext())
                .isEqualTo(shared.getPlaintext());
        for (GenerateDataKeyResponse each : List.of(unshared, owned)) {
            assertThat(Refusal.of(() -> readThroughS3(KIM, each.getCiphertextBlob())).name())
                    .isEqualTo("AccessDeniedException");
        }
    }

    private static byte[] sealed(ByteString key, int number, int mode, byte[] bytes)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] iv = ByteString.copyFromUtf8("%012d".formatted(number)).toByteArray();
        cipher.init(
                mode, new SecretKeySpec(key.toByteArray(), "AES"), new GCMParameterSpec(128, iv));
        return cipher.doFinal(bytes);
    }

    private static String create() {
        CreateKeyResponse made = iam.ask(ROOT, CreateKeyRequest.newBuilder());
        return made.getKeyMetadata().getArn();
    }

    private static ScheduleKeyDeletionRequest.Builder deletion(int days) {
        return ScheduleKeyDeletionRequest.newBuilder()
                .setKeyId(create())
                .setPendingWindowInDays(days);
    }

    private static PutKeyPolicyRequest.Builder policy(String key, String... who) {
        return PutKeyPolicyRequest.newBuilder()
                .setKeyId(key)
                .setBypassPolicyLockoutSafetyCheck(true)
                .setPolicy(
                        """
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                         "Action": "kms:*", "Resource": "*", "Principal": {"AWS": ["%s"]}}}
                        """
                                .formatted(String.join("\", \"", who)));
    }

    private static EncryptRequest.Builder encrypt(String key) {
        return EncryptRequest.newBuilder().setKeyId(key).setPlaintext(ByteString.copyFromUtf8("x"));
    }

    private static GenerateDataKeyRequest.Builder dataKey(String key) {
        return GenerateDataKeyRequest.newBuilder().setKeyId(key).setNumberOfBytes(32);
    }

    private static <R extends Message> R throughS3(Message.Builder request) {
        return principals.ask(S3, "keyhold-on-behalf-of", ROOT, request);
    }

    /** What S3 reads for a principal of another account, who gave it a token for that. */
    private static DecryptResponse readThroughS3(String principal, ByteString ciphertext) {
        GetForwardAccessTokenResponse given =
                iam.ask(
                        principal,
                        GetForwardAccessTokenRequest.newBuilder()
                                .setServicePrincipal("s3.amazonaws.com"));
        return principals.ask(
                S3,
                "keyhold-forward-access",
                given.getForwardAccessToken(),
                DecryptRequest.newBuilder().setCiphertextBlob(ciphertext));
    }
}
