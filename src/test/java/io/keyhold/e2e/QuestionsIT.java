package io.keyhold.e2e;

import static io.keyhold.e2e.Iam.allow;
import static io.keyhold.e2e.Iam.createUser;
import static io.keyhold.e2e.Iam.put;
import static io.keyhold.e2e.Kinds.ACCOUNT;
import static io.keyhold.e2e.Kinds.ALICE;
import static io.keyhold.e2e.Kinds.MANAGED;
import static io.keyhold.e2e.Kinds.OTHER_ACCOUNT;
import static io.keyhold.e2e.Kinds.OTHER_ROOT;
import static io.keyhold.e2e.Kinds.ROOT;
import static io.keyhold.e2e.Kinds.S3;
import static io.keyhold.e2e.Kinds.encrypt;
import static io.keyhold.e2e.Kinds.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What everybody asks about the kinds of keys (Q1 to Q5), answered by doing it. */
final class QuestionsIT {

    private static final String KIM = "arn:aws:iam::111122223333:user/kim";
    private static final int OBJECTS = 1000;

    @RegisterExtension static final OneDaemon one = OneDaemon.ofAccounts(OTHER_ACCOUNT);

    @RegisterExtension static final Principals principals = new Principals(one);

    private static final Iam iam = new Iam(principals);
    private static final Kinds kinds = new Kinds(principals);
    private static String managed;

    @BeforeAll
    static void prepare() {
        iam.send(ROOT, createUser("alice"));
        GenerateDataKeyResponse first = throughS3(dataKey(MANAGED));
        managed = first.getKeyId();
    }

    @Test
    @DisplayName("Q1 | in most cases a service managed key is enough: there is nothing to set up")
    void aServiceManagedKeyIsEnough() {
        iam.send(ROOT, createUser("newcomer"));
        String newcomer = ROOT.replace("root", "user/newcomer");
        EncryptResponse sealed = kinds.throughS3(newcomer, encrypt(MANAGED));
        DecryptResponse opened = kinds.throughS3(newcomer, decrypt(sealed.getCiphertextBlob()));
        assertThat(opened.getPlaintext().toStringUtf8()).isEqualTo("x");
        assertThat(opened.getKeyId()).isEqualTo(managed);
    }

    @Test
    @DisplayName("Q1 | to modify the key policy, choose a customer managed key")
    void onlyACustomerManagedKeyHasAPolicyOfYours() {
        String own = kinds.create(ROOT);
        iam.denied(ALICE, encrypt(own));
        iam.send(ROOT, policy(own, ROOT, ALICE));
        iam.send(ALICE, encrypt(own));
        iam.denied(ROOT, policy(managed, ROOT, ALICE));
        iam.denied(ALICE, encrypt(managed));
    }

    @Test
    @DisplayName("Q1 | to share keys with other accounts, choose a customer managed key")
    void onlyACustomerManagedKeyIsShared() {
        String own = kinds.create(ROOT);
        iam.denied(OTHER_ROOT, encrypt(own));
        iam.send(ROOT, policy(own, ROOT, OTHER_ROOT));
        iam.send(OTHER_ROOT, encrypt(own));
        iam.denied(ROOT, policy(managed, ROOT, OTHER_ROOT));
        iam.denied(OTHER_ROOT, encrypt(managed));
    }

    @Test
    @DisplayName("Q1 | to control the rotation period, choose a customer managed key")
    void onlyACustomerManagedKeyRotatesAsYouSay() {
        String own = kinds.create(ROOT);
        for (String key : List.of(own, managed)) {
            EnableKeyRotationRequest.Builder ninetyDays =
                    EnableKeyRotationRequest.newBuilder().setKeyId(key).setRotationPeriodInDays(90);
            if (key.equals(own)) {
                iam.send(ROOT, ninetyDays);
            } else {
                iam.denied(ROOT, ninetyDays);
            }
        }
        assertThat(period(own)).isEqualTo(90);
        assertThat(period(managed)).isEqualTo(365);
    }

    @Test
    @DisplayName("Q2 | access with just an IAM policy: no, the key policy must enable it first")
    void anIamPolicyAloneIsNotEnough() {
        String key = kinds.create(ROOT);
        iam.send(ROOT, createUser("bob"));
        String bob = ROOT.replace("root", "user/bob");
        iam.send(ROOT, put("bob", allow("kms:*", "*")));
        iam.send(ROOT, policy(key, ROOT.replace("root", "user/nobody")));

        iam.denied(bob, encrypt(key));
        iam.denied(ROOT, encrypt(key));
    }

    @Test
    @DisplayName("Q2 | the default key policy enables IAM policies, until somebody modifies it")
    void theDefaultKeyPolicyEnablesIamPolicies() {
        String key = kinds.create(ROOT);
        iam.send(ROOT, createUser("carol"));
        String carol = ROOT.replace("root", "user/carol");
        iam.denied(carol, encrypt(key));
        iam.send(ROOT, put("carol", allow("kms:Encrypt", key)));
        iam.send(carol, encrypt(key));
        iam.send(ROOT, policy(key, ROOT.replace("root", "user/nobody")));
        iam.denied(carol, encrypt(key));
    }

    @Test
    @DisplayName("Q3 | after rotation previous data decrypts: its backing key is retained")
    void earlierDataDecryptsAfterRotation() {
        String key = kinds.create(ROOT);
        EncryptResponse before = iam.ask(ROOT, encrypt(key));
        iam.send(ROOT, RotateKeyOnDemandRequest.newBuilder().setKeyId(key));
        EncryptResponse after = iam.ask(ROOT, encrypt(key));

        DecryptResponse old = iam.ask(ROOT, decrypt(before.getCiphertextBlob()));
        DecryptResponse current = iam.ask(ROOT, decrypt(after.getCiphertextBlob()));
        assertThat(old.getPlaintext().toStringUtf8()).isEqualTo("x");
        assertThat(current.getPlaintext().toStringUtf8()).isEqualTo("x");
        assertThat(old.getKeyMaterialId()).isNotEqualTo(current.getKeyMaterialId());
    }

    @Test
    @DisplayName("Q3 | key ARN and key ID do not change with rotation, nor does the application")
    void namesDoNotChangeWithRotation() {
        String key = kinds.create(ROOT);
        KeyMetadata before = kinds.described(ROOT, key);
        EncryptRequest.Builder application = encrypt(before.getKeyId());
        iam.send(ROOT, application);
        iam.send(ROOT, RotateKeyOnDemandRequest.newBuilder().setKeyId(key));
        EncryptResponse again = iam.ask(ROOT, application);
        KeyMetadata after = kinds.described(ROOT, key);

        assertThat(again.getKeyId()).isEqualTo(key);
        assertThat(after.getCurrentKeyMaterialId()).isNotEqualTo(before.getCurrentKeyMaterialId());
        assertThat(after.toBuilder().clearCurrentKeyMaterialId().build())
                .as("all else")
                .isEqualTo(before.toBuilder().clearCurrentKeyMaterialId().build());
    }

    @Test
    @DisplayName("Q4 | a service managed key cannot be deleted")
    void aServiceManagedKeyCannotBeDeleted() {
        iam.denied(ROOT, ScheduleKeyDeletionRequest.newBuilder().setKeyId(managed));
        assertThat(kinds.described(ROOT, managed).getKeyState()).isEqualTo(KeyState.Value.Enabled);
    }

    @Test
    @DisplayName("Q4 | a customer managed key can be scheduled for deletion, in 7 to 30 days")
    void aCustomerManagedKeyCanBeDeleted() {
        String key = kinds.create(ROOT);
        for (int days : new int[] {6, 31}) {
            iam.refused("ValidationException", ROOT, deletion(key, days));
        }
        for (int days : new int[] {7, 30}) {
            iam.send(ROOT, deletion(kinds.create(ROOT), days));
        }
    }

    @Test
    @DisplayName("Q5 | less cost by service managed keys: no key counts (there is no metering yet)")
    void aServiceManagedKeySavesTheKeysCost() {
        Set<String> before = Bill.of(one, OTHER_ACCOUNT).keys();
        EncryptResponse sealed = kinds.forwarded(OTHER_ROOT, encrypt(MANAGED));
        assertThat(kinds.listed(OTHER_ROOT)).contains(sealed.getKeyId());
        assertThat(Bill.of(one, OTHER_ACCOUNT).keys()).isEqualTo(before);
        String own = kinds.create(OTHER_ROOT);
        assertThat(Bill.of(one, OTHER_ACCOUNT).keys()).contains(own).hasSize(before.size() + 1);
    }

    @Test
    @DisplayName("Q5 | less cost by bucket keys: a thousand objects, two requests (99 % fewer)")
    void aDataKeyForManyObjectsSavesCalls() throws GeneralSecurityException {
        long before = Bill.of(one, ACCOUNT).requests(managed);
        GenerateDataKeyResponse bucketKey = throughS3(dataKey(MANAGED));
        List<byte[]> objects = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
            objects.add(sealed(bucketKey.getPlaintext(), i, Cipher.ENCRYPT_MODE, new byte[100]));
        }

        DecryptResponse opened = throughS3(decrypt(bucketKey.getCiphertextBlob()));
        for (int i = 0; i < OBJECTS; i++) {
            assertThat(sealed(opened.getPlaintext(), i, Cipher.DECRYPT_MODE, objects.get(i)))
                    .isEqualTo(new byte[100]);
        }
        assertThat(Bill.of(one, ACCOUNT).requests(managed)).isEqualTo(before + 2);
    }

    @Test
    @DisplayName("Q5 | less cost by deleting unneeded customer managed keys: they count no longer")
    void aKeyThatIsToBeDeletedCountsNoLonger() {
        String key = kinds.create(ROOT);
        assertThat(Bill.of(one, ACCOUNT).keys()).contains(key);
        iam.send(ROOT, deletion(key, 7));
        assertThat(Bill.of(one, ACCOUNT).keys()).doesNotContain(key);
    }

    @Test
    @DisplayName("Sample question | S3 data for another account | a customer managed key only")
    void anotherAccountReadsOnlyWhatACustomerManagedKeyHasEncrypted() {
        iam.send(OTHER_ROOT, createUser("kim"));
        iam.send(OTHER_ROOT, put("kim", allow("kms:Decrypt", "*")));
        String own = kinds.create(ROOT);
        iam.send(ROOT, policy(own, ROOT, OTHER_ROOT));
        GenerateDataKeyResponse shared = throughS3(dataKey(own));
        GenerateDataKeyResponse owned =
                principals.ask(S3, "keyhold-source-account", ACCOUNT, dataKey(kinds.create(S3)));
        GenerateDataKeyResponse unshared = throughS3(dataKey(MANAGED));

        assertThat(readByKim(shared).getPlaintext()).isEqualTo(shared.getPlaintext());
        for (GenerateDataKeyResponse each : List.of(unshared, owned)) {
            assertThat(Refusal.of(() -> readByKim(each)).name()).isEqualTo("AccessDeniedException");
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

    private static int period(String key) {
        GetKeyRotationStatusResponse status =
                iam.ask(ROOT, GetKeyRotationStatusRequest.newBuilder().setKeyId(key));
        return status.getRotationPeriodInDays();
    }

    private static ScheduleKeyDeletionRequest.Builder deletion(String key, int days) {
        return ScheduleKeyDeletionRequest.newBuilder().setKeyId(key).setPendingWindowInDays(days);
    }

    private static DecryptRequest.Builder decrypt(ByteString ciphertext) {
        return DecryptRequest.newBuilder().setCiphertextBlob(ciphertext);
    }

    private static GenerateDataKeyRequest.Builder dataKey(String key) {
        return GenerateDataKeyRequest.newBuilder().setKeyId(key).setNumberOfBytes(32);
    }

    private static <R extends Message> R throughS3(Message.Builder request) {
        return kinds.throughS3(ROOT, request);
    }

    private static DecryptResponse readByKim(GenerateDataKeyResponse data) {
        return kinds.forwarded(KIM, decrypt(data.getCiphertextBlob()));
    }
}
