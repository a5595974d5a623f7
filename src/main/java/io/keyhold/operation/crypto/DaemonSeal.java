package io.keyhold.operation.crypto;

import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.identity.Seal;
import io.keyhold.key.BackingKey;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Tags;
import io.keyhold.lifecycle.DaemonKeys;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.token.KeyStore;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Seals under a key of the daemon's own, made when it is first needed. */
public final class DaemonSeal implements Seal {

    private static final String PURPOSE = "keyhold:purpose";
    private static final String DESCRIPTION = "Seals secrets of the daemon";

    private final DaemonKeys keys;
    private final SymmetricCipher cipher;
    private final ReentrantLock making = new ReentrantLock();

    public DaemonSeal(DaemonKeys keys, Lifecycle lifecycle, KeyStore keyStore) {
        this.keys = keys;
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
        Optional<KeyRecord> key = blob.flatMap(parsed -> keys.find(parsed.header().key()));
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

    private Optional<KeyRecord> existing() {
        return keys.of(KeyUsage.ENCRYPT_DECRYPT).findFirst();
    }

    private KeyRecord make() {
        making.lock();
        try {
            return existing()
                    .orElseGet(
                            () ->
                                    keys.create(
                                            KeySpec.SYMMETRIC_DEFAULT,
                                            KeyUsage.ENCRYPT_DECRYPT,
                                            DESCRIPTION,
                                            Tags.NONE));
        } finally {
            making.unlock();
        }
    }
}
