package io.keyhold.objects;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whose each bucket is: the account's with whose key something was first written there. Keyhold
 * cannot know that, and without it anybody could write over another account's objects.
 */
final class BucketOwners {

    private final Path folder;

    BucketOwners(Path folder) {
        this.folder = folder;
    }

    /** Lets an account, by its key's ARN, write into its own bucket or one that is not there. */
    synchronized void claim(String bucket, String keyArn) {
        String account = keyArn.split(":")[4];
        Path owner = folder.resolve(bucket).resolve(".owner");
        try {
            if (!Files.exists(owner)) {
                Files.createDirectories(owner.getParent());
                WholeFile.write(owner, account.getBytes(UTF_8));
            }
            if (!Files.readString(owner).equals(account)) {
                throw Status.PERMISSION_DENIED
                        .withDescription("AccessDenied: bucket " + bucket + " is another account's")
                        .asRuntimeException();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
