package io.keyhold.operation.crypto;

import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.identity.Seal;
import io.keyhold.key.BackingKey;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Keyring;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.lifecycle.NewKey;
import io.keyhold.token.KeyStore;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Seals under a key whose material is in the token like any other, made when it is first needed. No
 * caller comes to it: no request is for its region, nobody belongs to its account, and its policy
 * denies everything to everybody.
 */
public final class DaemonSeal implements Seal {

    /** No region, so that it stays the same if the daemon serves another one. */
    public static final String REGION = "";

    static final String ACCOUNT = "keyhold";

    private static final String PURPOSE = "keyhold:purpose";
    private static final String DESCRIPTION = "Seals secrets of the daemon";
    private static final String NOBODY =
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}
            """;

    private final Keyring keyring;
    private final Lifecycle lifecycle;
    private final SymmetricCipher cipher;
    private final ReentrantLock making = new ReentrantLock();

    public DaemonSeal(Keyring keyring, Lifecycle lifecycle, KeyStore keyStore) {
        this.keyring = keyring;
        this.lifecycle = lifecycle;
        this.cipher = new SymmetricCipher(keyStore, lifecycle);
    }

    @Override
    public byte[] seal(String purpose, byte[] secret) {
        EncryptionContext context = context(purpose);
        KeyRecord key = existing().orElseGet(this::make);
        return cipher.encrypt(key, context, secret).blob().toByteArray();
    }

    @Override
    public Optional<byte[]> open(String purpose, byte[] sealed) {
        Optional<CiphertextBlob> blob = CiphertextBlob.parse(ByteBuffer.wrap(sealed));
        Optional<KeyRecord> key = blob.flatMap(parsed -> own(parsed.header().key()));
        Optional<BackingKey> backing =
                key.flatMap(own -> own.backingKey(blob.get().header().backingId()));
        if (backing.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    cipher.decrypt(key.get(), backing.get(), blob.get(), context(purpose)));
        } catch (KmsFault e) {
            if (e.name() != FaultName.InvalidCiphertextException) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static EncryptionContext context(String purpose) {
        return EncryptionContext.of(Map.of(PURPOSE, purpose));
    }

    private Optional<KeyRecord> own(KeyId id) {
        return keyring.find(REGION, id).filter(key -> key.arn().account().equals(ACCOUNT));
    }

    private Optional<KeyRecord> existing() {
        return keyring.list(REGION, ACCOUNT, "", 1).stream().findFirst();
    }

    private KeyRecord make() {
        making.lock();
        try {
            return existing()
                    .orElseGet(
                            () ->
                                    lifecycle.createKey(
                                            new NewKey(
                                                    lifecycle.newKeyArn(REGION, ACCOUNT),
                                                    KeySpec.SYMMETRIC_DEFAULT,
                                                    KeyUsage.ENCRYPT_DECRYPT,
                                                    KeyManager.AWS,
                                                    DESCRIPTION,
                                                    Optional.of(new KeyPolicy(NOBODY)),
                                                    Tags.NONE)));
        } finally {
            making.unlock();
        }
    }
}
