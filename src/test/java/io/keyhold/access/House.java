package io.keyhold.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.envelope.BlobHeader;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Canary;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyState;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Schedule;
import io.keyhold.key.Services;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.policy.DefaultKeyPolicy;
import io.keyhold.store.MemoryDirectory;
import io.keyhold.testkit.NoServices;
import io.keyhold.testkit.OperatorSocket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A keyring with a few keys in it, and callers who ask for them in us-east-1. */
final class House {

    static final String REGION = "us-east-1";
    static final String OWN = "111111111111";
    static final String FOREIGN = "222222222222";

    static final String OWNER = "arn:aws:iam::111111111111:root";
    static final String COLLEAGUE = "arn:aws:iam::111111111111:user/alice";

    private final Keyring keyring = new Keyring();
    private final Aliases aliases = new Aliases();
    private final Directory directory = new Directory(new MemoryDirectory());
    private final Access access =
            new Access(
                    keyring,
                    aliases,
                    new Grants(),
                    directory,
                    NoServices.EXPECTED,
                    Services.NONE,
                    "aws");

    /** Puts a key in. */
    KeyRecord key(String region, String account) {
        return key(region, account, KeyId.random());
    }

    KeyRecord key(String region, String account, KeyId id) {
        UUID backingId = UUID.randomUUID();
        BackingKey backing =
                new BackingKey(
                        backingId,
                        1,
                        UUID.randomUUID(),
                        "serial",
                        BackingKeyState.ACTIVE,
                        new Canary(new byte[1]),
                        null,
                        Instant.EPOCH,
                        "0".repeat(64),
                        Optional.empty());
        KeyRecord key =
                new KeyRecord(
                        id,
                        Arn.key("aws", region, account, id),
                        KeySpec.SYMMETRIC_DEFAULT,
                        KeyUsage.ENCRYPT_DECRYPT,
                        KeyOrigin.AWS_KMS,
                        KeyManager.CUSTOMER,
                        KeyState.Enabled,
                        "",
                        new KeyPolicy(DefaultKeyPolicy.document("aws", account)),
                        Tags.NONE,
                        Instant.EPOCH,
                        Schedule.NONE,
                        1,
                        backingId,
                        List.of(backing));
        keyring.publish(key);
        return key;
    }

    /** Users, groups and roles, of whom there are none at first. */
    Directory directory() {
        return directory;
    }

    /** Gives a key a friendly name. */
    Arn alias(KeyRecord key, String name) {
        Arn arn = Arn.alias("aws", key.arn().region(), key.arn().account(), name);
        aliases.create(new Alias(arn, key.id(), Instant.EPOCH, Instant.EPOCH), stored -> {});
        return arn;
    }

    /** Takes both steps for a request that needs to encrypt with what an identifier names. */
    Authorized<String> encrypt(String principal, String identifier) {
        return pass(principal, new Need("kms:Encrypt", new Need.KeyOrAlias(identifier)));
    }

    /** Takes both steps for a request to decrypt. */
    Authorized<String> decrypt(String principal, byte[] blob, String identifier) {
        ByteBuffer bytes = ByteBuffer.wrap(blob);
        return pass(principal, new Need("kms:Decrypt", new Need.CiphertextKey(bytes, identifier)));
    }

    Authorized<String> pass(String principal, Need... needs) {
        return access.authorize(resolve(principal, needs));
    }

    /** Takes only the first step. */
    Resolved<String> resolve(String principal, Need... needs) {
        return access.resolve(caller(principal), List.of(needs), List.of());
    }

    /** A ciphertext that names a key and its current material. */
    static byte[] ciphertextOf(KeyRecord key) {
        return ciphertextOf(key.id());
    }

    static byte[] ciphertextOf(KeyId id) {
        return new CiphertextBlob(new BlobHeader(id, UUID.randomUUID()), new byte[12], new byte[20])
                .encode();
    }

    /** The text of the fault that a call ends with. */
    static String refusal(FaultName name, Runnable call) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, call::run);
        assertThat(fault).as("a fault").isNotNull();
        assertThat(fault.name()).isEqualTo(name);
        return fault.text();
    }

    private static Authenticated<String> caller(String principal) {
        return OperatorSocket.request(Arn.parse(principal).orElseThrow(), REGION);
    }
}
