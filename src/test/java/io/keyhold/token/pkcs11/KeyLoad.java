package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Callers;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Callers' work with several keys, which finds out if a key was ever used in another's place: what
 * is decrypted was encrypted a while ago, often in an earlier epoch, and in the end everything that
 * was ever encrypted is decrypted once more.
 */
final class KeyLoad implements Callers.Call {

    private static final int KEPT_AT_HAND = 256;

    private final KeyStore store;
    private final List<TestKey> keys;
    private final long seed;
    private final AtomicLong counter = new AtomicLong();
    private final AtomicReferenceArray<Written> recent = new AtomicReferenceArray<>(KEPT_AT_HAND);
    private final Queue<Written> everything = new ConcurrentLinkedQueue<>();

    /** Makes so many keys. */
    KeyLoad(KeyStore store, int keys, Random random) {
        this.store = store;
        this.keys = IntStream.range(0, keys).mapToObj(i -> TestKey.make(store)).toList();
        this.seed = random.nextLong();
    }

    List<TestKey> keys() {
        return keys;
    }

    /** How many ciphertexts callers were given. */
    int written() {
        return everything.size();
    }

    /** Encrypts under one key, and decrypts something older under another. */
    @Override
    public void run(int caller) {
        long number = counter.incrementAndGet();
        Random random = new Random(seed + number);
        TestKey key = keys.get(random.nextInt(keys.size()));
        byte[] plaintext = ByteBuffer.allocate(8 + random.nextInt(64)).putLong(number).array();
        byte[] aad = ByteBuffer.allocate(8).putLong(~number).array();
        Written fresh = new Written(key, aad, plaintext, key.encrypt(store, aad, plaintext));
        everything.add(fresh);
        Written older = recent.getAndSet(random.nextInt(KEPT_AT_HAND), fresh);
        if (older != null) {
            check(store, older);
        }
    }

    /** Decrypts everything that callers were ever given. */
    void checkEverything(KeyStore reopened) {
        everything.forEach(written -> check(reopened, written));
    }

    private static void check(KeyStore store, Written written) {
        assertThat(written.key.decrypt(store, written.aad, written.sealed))
                .isEqualTo(written.plaintext);
    }

    private record Written(TestKey key, byte[] aad, byte[] plaintext, Sealed sealed) {}
}
