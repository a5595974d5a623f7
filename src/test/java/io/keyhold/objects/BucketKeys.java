package io.keyhold.objects;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.RemovalListener;
import com.google.common.util.concurrent.UncheckedExecutionException;
import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.keyhold.v1.GenerateDataKeyResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * The keys of buckets, open in memory for those for whom Keyhold opened them: it is asked once for
 * many objects.
 *
 * <p>Keys to write with come from GenerateDataKey, keys to read with from Decrypt, and neither is
 * used for the other: whoever may do one of them can do no more. A key is kept for five minutes at
 * most. For so long the store does not hear of it when a permission is taken away, a key is
 * disabled or another one chosen, or a token ends.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html">S3 Bucket
 *     Keys</a>
 */
final class BucketKeys {

    static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final int MOST = 1000;

    private final Kms kms;
    private final BucketOwners owners;
    private final Cache<Writing, DataKey> toWrite;
    private final Cache<Reading, DataKey> toRead;

    private record Writing(Caller caller, String bucket) {}

    private record Reading(Caller caller, String bucket, ByteString encrypted) {}

    BucketKeys(Kms kms, BucketOwners owners, Ticker ticker) {
        this.kms = kms;
        this.owners = owners;
        this.toWrite = cache(ticker);
        this.toRead = cache(ticker);
    }

    /** To write with; to be closed. */
    DataKey toWrite(Caller caller, String bucket) {
        return held(toWrite, new Writing(caller, bucket), () -> make(caller, bucket));
    }

    /** To read what was written with a key that Keyhold has encrypted so; to be closed. */
    DataKey toRead(Caller caller, String bucket, ByteString encrypted) {
        return held(
                toRead,
                new Reading(caller, bucket, encrypted),
                () -> open(caller, bucket, encrypted));
    }

    /** Closes the keys whose time is over: otherwise only the next calls would do that. */
    void tidy() {
        toWrite.cleanUp();
        toRead.cleanUp();
    }

    private DataKey make(Caller caller, String bucket) {
        GenerateDataKeyResponse made = kms.dataKey(caller, ObjectName.bucketArn(bucket));
        owners.claim(bucket, made.getKeyId());
        return new DataKey(made.getPlaintext(), made.getCiphertextBlob());
    }

    private DataKey open(Caller caller, String bucket, ByteString encrypted) {
        ByteString plaintext = kms.decrypt(caller, encrypted, ObjectName.bucketArn(bucket));
        return new DataKey(plaintext, encrypted);
    }

    /** Whoever asks for the same key waits for the same answer, and nobody else does. */
    private static <K> DataKey held(Cache<K, DataKey> cache, K which, Callable<DataKey> ask) {
        try {
            DataKey key = cache.get(which, ask);
            while (!key.hold()) { // its time was over between the two
                key = cache.get(which, ask);
            }
            return key;
        } catch (UncheckedExecutionException | ExecutionException e) {
            if (e.getCause() instanceof StatusRuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static <K> Cache<K, DataKey> cache(Ticker ticker) {
        RemovalListener<K, DataKey> close = gone -> gone.getValue().close();
        return CacheBuilder.newBuilder()
                .ticker(ticker)
                .expireAfterWrite(LIFETIME)
                .maximumSize(MOST)
                .removalListener(close)
                .build();
    }
}
