package io.keyhold.objects;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** Objects on disk, each with a key of its own. */
final class Objects {

    static final int KEY = 32;

    private final Path folder;
    private final BucketKeys bucketKeys;

    Objects(Path folder, BucketKeys bucketKeys) {
        this.folder = folder;
        this.bucketKeys = bucketKeys;
    }

    void put(Caller caller, ObjectName name, byte[] content)
            throws IOException, GeneralSecurityException {
        byte[] key = Sealed.random(KEY);
        try (DataKey bucketKey = bucketKeys.toWrite(caller, name.bucket())) {
            StoredObject stored =
                    new StoredObject(
                            bucketKey.encrypted(),
                            bucketKey.seal(key, name.arn()),
                            Sealed.seal(key, content, name.arn()));
            WholeFile.write(file(name), stored.toBytes());
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    byte[] get(Caller caller, ObjectName name) throws IOException {
        byte[] bytes = read(name);
        try {
            return open(caller, name, StoredObject.parse(bytes));
        } catch (GeneralSecurityException e) {
            throw Status.DATA_LOSS
                    .withDescription(name.arn() + " is not what was put")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private byte[] open(Caller caller, ObjectName name, StoredObject stored)
            throws GeneralSecurityException {
        try (DataKey bucketKey = bucketKeys.toRead(caller, name.bucket(), stored.bucketKey())) {
            byte[] key = bucketKey.open(stored.key(), name.arn());
            try {
                return Sealed.open(key, stored.content(), name.arn());
            } finally {
                Arrays.fill(key, (byte) 0);
            }
        }
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
