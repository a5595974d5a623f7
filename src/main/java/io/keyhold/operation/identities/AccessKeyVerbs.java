package io.keyhold.operation.identities;

import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.iam.AccessKey;
import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.identity.Seal;
import io.keyhold.keyring.AccessKeys;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Timestamps;
import io.keyhold.operation.Verb;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.AccessKeyLastUsed;
import io.keyhold.v1.AccessKeyMetadata;
import io.keyhold.v1.CreateAccessKeyRequest;
import io.keyhold.v1.CreateAccessKeyResponse;
import io.keyhold.v1.DeleteAccessKeyRequest;
import io.keyhold.v1.DeleteAccessKeyResponse;
import io.keyhold.v1.GetAccessKeyLastUsedRequest;
import io.keyhold.v1.GetAccessKeyLastUsedResponse;
import io.keyhold.v1.ListAccessKeysRequest;
import io.keyhold.v1.ListAccessKeysResponse;
import io.keyhold.v1.StatusType;
import io.keyhold.v1.UpdateAccessKeyRequest;
import io.keyhold.v1.UpdateAccessKeyResponse;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The verbs for access keys. */
final class AccessKeyVerbs {

    private static final String ID = "AccessKeyId";

    /** What IAM says of a key that never was used. */
    private static final String NEVER = "N/A";

    private static final Listing<AccessKey> LISTING =
            new Listing<>("AccessKeyMetadata", AccessKey::id, AccessKeyVerbs::metadata);

    private final Directory directory;
    private final AccessKeys keys;
    private final KeyStore keyStore;
    private final Seal seal;
    private final InstantSource clock;

    AccessKeyVerbs(Directory directory, KeyStore keyStore, Seal seal, InstantSource clock) {
        this.directory = directory;
        this.keys = directory.accessKeys();
        this.keyStore = keyStore;
        this.seal = seal;
        this.clock = clock;
    }

    List<Verb<?, ?>> rows() {
        return List.of(
                Row.secret(
                        CreateAccessKeyRequest.getDefaultInstance(),
                        Row.entity(Kind.USER),
                        this::create),
                Row.read(
                        ListAccessKeysRequest.getDefaultInstance(),
                        Row.entity(Kind.USER),
                        asked ->
                                LISTING.add(
                                                new Answer(
                                                        ListAccessKeysResponse
                                                                .getDefaultInstance()),
                                                asked.fields(),
                                                keys.of(user(asked)).stream())
                                        .build()),
                Row.write(
                        UpdateAccessKeyRequest.getDefaultInstance(),
                        Row.entity(Kind.USER),
                        asked -> {
                            keys.setStatus(user(asked), asked.text(ID), status(asked));
                            return UpdateAccessKeyResponse.getDefaultInstance();
                        }),
                Row.write(
                        DeleteAccessKeyRequest.getDefaultInstance(),
                        Row.entity(Kind.USER),
                        asked -> {
                            keys.delete(user(asked), asked.text(ID));
                            return DeleteAccessKeyResponse.getDefaultInstance();
                        }),
                Row.read(
                        GetAccessKeyLastUsedRequest.getDefaultInstance(),
                        Row::userOfAccessKey,
                        this::lastUsed));
    }

    private Effect.Answer<Message> create(Asked asked) {
        Entity user = user(asked);
        keys.requireRoom(user);
        byte[] secret = SecretAccessKey.random(keyStore);
        try {
            String id = AccessKey.newId();
            byte[] sealed = seal.seal(AccessKey.sealedFor(id), secret);
            AccessKey key =
                    new AccessKey(
                            id,
                            user.arn(),
                            user.uniqueId(),
                            AccessKey.Status.Active,
                            clock.instant(),
                            Base64.getEncoder().encodeToString(sealed));
            keys.create(user, key);
            return Effect.Answer.secret(answer(key, secret), secret);
        } catch (RuntimeException e) {
            Arrays.fill(secret, (byte) 0);
            throw e;
        }
    }

    /** Has the secret's own bytes, not a string that nobody could wipe. */
    private static Message answer(AccessKey key, byte[] secret) {
        return CreateAccessKeyResponse.newBuilder()
                .setAccessKey(
                        io.keyhold.v1.AccessKey.newBuilder()
                                .setUserName(key.user().lastName())
                                .setAccessKeyId(key.id())
                                .setStatus(status(key))
                                .setSecretAccessKeyBytes(UnsafeByteOperations.unsafeWrap(secret))
                                .setCreateDate(Timestamps.of(key.createdAt())))
                .build();
    }

    private Message lastUsed(Asked asked) {
        String id = asked.text(ID);
        AccessKey key =
                keys.find(id)
                        .filter(found -> found.user().account().equals(asked.account()))
                        .orElseThrow(() -> AccessKey.notFound(id));
        return GetAccessKeyLastUsedResponse.newBuilder()
                .setUserName(key.user().lastName())
                .setAccessKeyLastUsed(
                        AccessKeyLastUsed.newBuilder().setServiceName(NEVER).setRegion(NEVER))
                .build();
    }

    /** The user that the caller was authorized for. */
    private Entity user(Asked asked) {
        return directory.require(asked.resource());
    }

    private static AccessKeyMetadata metadata(AccessKey key) {
        return AccessKeyMetadata.newBuilder()
                .setUserName(key.user().lastName())
                .setAccessKeyId(key.id())
                .setStatus(status(key))
                .setCreateDate(Timestamps.of(key.createdAt()))
                .build();
    }

    private static AccessKey.Status status(Asked asked) {
        UpdateAccessKeyRequest request = (UpdateAccessKeyRequest) asked.fields().request();
        return AccessKey.Status.valueOf(request.getStatus().name());
    }

    private static StatusType.Value status(AccessKey key) {
        return StatusType.Value.valueOf(key.status().name());
    }
}
