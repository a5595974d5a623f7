package io.keyhold.objects;

import io.grpc.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Objects on disk: each its own key, sealed by its bucket's, and its content, sealed by that. */
final class Objects {

    private static final int KEY = 32;
    private static final int SEALED_KEY = KEY + Sealed.OVERHEAD;

    private final Path folder;
    private final BucketKeys bucketKeys;

    Objects(Path folder, BucketKeys bucketKeys) {
        this.folder = folder;
        this.bucketKeys = bucketKeys;
    }

    void put(String principal, ObjectName name, byte[] content)
            throws IOException, GeneralSecurityException {
        SecretKey bucketKey = bucketKeys.toWrite(principal, name.bucket());
        byte[] key = Sealed.random(KEY);
        byte[] sealedKey = Sealed.seal(bucketKey, key, name.arn());
        byte[] sealed = Sealed.seal(new SecretKeySpec(key, "AES"), content, name.arn());
        Arrays.fill(key, (byte) 0);
        byte[] both =
                ByteBuffer.allocate(sealedKey.length + sealed.length)
                        .put(sealedKey)
                        .put(sealed)
                        .array();
        Files.write(file(name), both);
    }

    byte[] get(String principal, ObjectName name) throws IOException, GeneralSecurityException {
        SecretKey bucketKey = bucketKeys.toRead(principal, name.bucket());
        byte[] both = read(name);
        byte[] key = Sealed.open(bucketKey, Arrays.copyOf(both, SEALED_KEY), name.arn());
        byte[] sealed = Arrays.copyOfRange(both, SEALED_KEY, both.length);
        byte[] content = Sealed.open(new SecretKeySpec(key, "AES"), sealed, name.arn());
        Arrays.fill(key, (byte) 0);
        return content;
    }

    private byte[] read(ObjectName name) throws IOException {
        try {
            return Files.readAllBytes(file(name));
        } catch (NoSuchFileException e) {
            throw Status.NOT_FOUND.withDescription("no object " + name.arn()).asRuntimeException();
        }
    }

    private Path file(ObjectName name) {
        return folder.resolve(name.bucket()).resolve(name.object());
    }
}
