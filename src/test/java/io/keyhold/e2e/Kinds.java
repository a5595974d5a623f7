package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CreateKeyResponse;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DescribeKeyResponse;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.GetForwardAccessTokenRequest;
import io.keyhold.v1.GetForwardAccessTokenResponse;
import io.keyhold.v1.KeyListEntry;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListKeysResponse;
import io.keyhold.v1.PutKeyPolicyRequest;
import java.util.List;

/** Keys of each kind in a home whose service is S3, and what is done with them. */
final class Kinds {

    static final String ACCOUNT = "123456789012";
    static final String OTHER_ACCOUNT = "111122223333";
    static final String ROOT = "arn:aws:iam::123456789012:root";
    static final String ALICE = "arn:aws:iam::123456789012:user/alice";
    static final String OTHER_ROOT = "arn:aws:iam::111122223333:root";
    static final String S3 = "Service:s3.amazonaws.com";

    /** The name of what S3 has for each account. */
    static final String MANAGED = "alias/aws/s3";

    private final Principals principals;

    Kinds(Principals principals) {
        this.principals = principals;
    }

    /** The ARN of a new key: of an account, or of the service. */
    String create(String who) {
        CreateKeyResponse made = principals.ask(who, CreateKeyRequest.newBuilder());
        return made.getKeyMetadata().getArn();
    }

    KeyMetadata described(String who, String key) {
        DescribeKeyResponse answer =
                principals.ask(who, DescribeKeyRequest.newBuilder().setKeyId(key));
        return answer.getKeyMetadata();
    }

    /** The ARNs of the keys that an account sees, which has fewer than a page of them. */
    List<String> listed(String who) {
        ListKeysResponse list = principals.ask(who, ListKeysRequest.newBuilder());
        return list.getKeysList().stream().map(KeyListEntry::getKeyArn).toList();
    }

    static PutKeyPolicyRequest.Builder policy(String key, String... who) {
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

    static EncryptRequest.Builder encrypt(String key) {
        return EncryptRequest.newBuilder().setKeyId(key).setPlaintext(ByteString.copyFromUtf8("x"));
    }

    /** What S3 does for a principal of the first account, whom it may assert. */
    <R extends Message> R throughS3(String who, Message.Builder request) {
        return principals.ask(S3, "keyhold-on-behalf-of", who, request);
    }

    /** What S3 does for a principal of any account, who gave it a token for that. */
    <R extends Message> R forwarded(String who, Message.Builder request) {
        GetForwardAccessTokenResponse given =
                principals.ask(
                        who,
                        GetForwardAccessTokenRequest.newBuilder()
                                .setServicePrincipal("s3.amazonaws.com"));
        return principals.ask(S3, "keyhold-forward-access", given.getForwardAccessToken(), request);
    }

    /** What S3 encrypts in its own name, for an account. */
    EncryptResponse byS3(String key, String account) {
        EncryptResponse answer =
                principals.ask(S3, "keyhold-source-account", account, encrypt(key));
        assertThat(answer.getKeyId()).isEqualTo(key);
        return answer;
    }
}
