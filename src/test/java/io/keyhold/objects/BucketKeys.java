package io.keyhold.objects;

import io.grpc.Status;
import io.keyhold.v1.GenerateDataKeyResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of buckets: encrypted on disk, open in memory for those for whom Keyhold opened them.
 * Keyhold is asked once for each of them, not once for each object.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html">S3 Bucket
 *     Keys</a>
 */
final class BucketKeys {

    private final Path folder;
    private final Kms kms;
    private final ConcurrentMap<Opened, SecretKey> opened = new ConcurrentHashMap<>();

    private record Opened(String principal, String bucket) {}

    BucketKeys(Path folder, Kms kms) {
        this.folder = folder;
        this.kms = kms;
    }

    /** To write with: a bucket that is not there is made. */
    SecretKey toWrite(String principal, String bucket) {
        return opened.computeIfAbsent(
                new Opened(principal, bucket),
                asked -> {
                    synchronized (this) {
                        return Files.exists(file(bucket))
                                ? open(principal, bucket)
                                : make(principal, bucket);
                    }
                });
    }

    SecretKey toRead(String principal, String bucket) {
        return opened.computeIfAbsent(
                new Opened(principal, bucket), asked -> open(principal, bucket));
    }

    private SecretKey make(String principal, String bucket) {
        GenerateDataKeyResponse made = kms.dataKey(principal, ObjectName.bucketArn(bucket));
        try {
            Files.createDirectories(file(bucket).getParent());
            Files.write(file(bucket), made.getCiphertextBlob().toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SecretKeySpec(made.getPlaintext().toByteArray(), "AES");
    }

    private SecretKey open(String principal, String bucket) {
        byte[] encrypted;
        try {
            encrypted = Files.readAllBytes(file(bucket));
        } catch (IOException e) {
            throw Status.NOT_FOUND.withDescription("no bucket " + bucket).asRuntimeException();
        }
        byte[] key = kms.decrypt(principal, encrypted, ObjectName.bucketArn(bucket)).toByteArray();
        return new SecretKeySpec(key, "AES");
    }

    private Path file(String bucket) {
        return folder.resolve(bucket).resolve(".key");
    }
}
