package io.keyhold.cli;

import com.google.protobuf.Message;
import io.keyhold.v1.AccessKeyMetadata;
import io.keyhold.v1.CreateAccessKeyRequest;
import io.keyhold.v1.CreateAccessKeyResponse;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.CreateUserResponse;
import io.keyhold.v1.DeleteAccessKeyRequest;
import io.keyhold.v1.DeleteAccessKeyResponse;
import io.keyhold.v1.ListAccessKeysRequest;
import io.keyhold.v1.ListAccessKeysResponse;
import io.keyhold.v1.ListUsersRequest;
import io.keyhold.v1.ListUsersResponse;
import io.keyhold.v1.PutUserPolicyRequest;
import io.keyhold.v1.PutUserPolicyResponse;
import io.keyhold.v1.StatusType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file for a shell to read: where AWS's clients find a daemon, and an access key of a user of it
 * who may do everything.
 */
final class AwsEnvironment {

    private static final String PATH = "/keyhold/";
    private static final String USER = "keyhold-administrator";
    private static final String EVERYTHING =
            """
            {"Version": "2012-10-17", "Statement":
             {"Effect": "Allow", "Action": "*", "Resource": "*"}}
            """;

    private static final String ID = "AWS_ACCESS_KEY_ID";
    private static final String SECRET = "AWS_SECRET_ACCESS_KEY";
    private static final Pattern LINE = Pattern.compile("export ([A-Z_]+)=(\\S+)");

    private final OperatorClient daemon;
    private final Path file;

    AwsEnvironment(OperatorClient daemon, Path file) {
        this.daemon = daemon;
        this.file = file.toAbsolutePath();
    }

    /**
     * Writes it, with the access key that it has already if that is still one. If that fails, there
     * is no file: an older one would be wrong.
     *
     * @param authority what clients have to trust, of a daemon with a certificate
     */
    void write(String endpoint, String region, Optional<Path> authority)
            throws IOException, InterruptedException {
        Map<String, String> known = known();
        Files.deleteIfExists(file);
        Path fresh = draft();
        try {
            Map<String, String> key = key(known);
            Files.writeString(fresh, text(key, endpoint, region, authority));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** A session's token or a profile that the shell has would come before the access key. */
    private static String text(
            Map<String, String> key, String endpoint, String region, Optional<Path> authority) {
        return """
        export %s=%s
        export %s=%s
        export AWS_SESSION_TOKEN=
        export AWS_DEFAULT_REGION=%s
        export AWS_REGION=%s
        export AWS_ENDPOINT_URL=%s
        """
                        .formatted(
                                ID, key.get(ID), SECRET, key.get(SECRET), region, region, endpoint)
                + authority
                        .filter(Files::exists)
                        .map(ca -> "export AWS_CA_BUNDLE='" + ca + "'\n")
                        .orElse("");
    }

    private Map<String, String> key(Map<String, String> known) throws InterruptedException {
        ensureUser();
        List<AccessKeyMetadata> there = accessKeys();
        boolean good =
                known.containsKey(SECRET)
                        && there.stream()
                                .filter(key -> key.getStatus() == StatusType.Value.Active)
                                .anyMatch(key -> key.getAccessKeyId().equals(known.get(ID)));
        return good ? known : newKey(there);
    }

    private Map<String, String> known() throws IOException {
        Map<String, String> known = new HashMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                Matcher export = LINE.matcher(line);
                if (export.matches()) {
                    known.put(export.group(1), export.group(2));
                }
            }
        }
        return known;
    }

    private void ensureUser() throws InterruptedException {
        boolean there =
                call(
                                ListUsersRequest.newBuilder().setPathPrefix(PATH).build(),
                                ListUsersResponse.getDefaultInstance())
                        .getUsersList()
                        .stream()
                        .anyMatch(user -> user.getUserName().equals(USER));
        if (there) {
            return;
        }
        call(
                CreateUserRequest.newBuilder().setUserName(USER).setPath(PATH).build(),
                CreateUserResponse.getDefaultInstance());
        call(
                PutUserPolicyRequest.newBuilder()
                        .setUserName(USER)
                        .setPolicyName("everything")
                        .setPolicyDocument(EVERYTHING)
                        .build(),
                PutUserPolicyResponse.getDefaultInstance());
    }

    private List<AccessKeyMetadata> accessKeys() throws InterruptedException {
        return call(
                        ListAccessKeysRequest.newBuilder().setUserName(USER).build(),
                        ListAccessKeysResponse.getDefaultInstance())
                .getAccessKeyMetadataList();
    }

    /** In place of those that there are: only this file knew their secrets. */
    private Map<String, String> newKey(List<AccessKeyMetadata> there) throws InterruptedException {
        for (AccessKeyMetadata old : there) {
            call(
                    DeleteAccessKeyRequest.newBuilder()
                            .setUserName(USER)
                            .setAccessKeyId(old.getAccessKeyId())
                            .build(),
                    DeleteAccessKeyResponse.getDefaultInstance());
        }
        var made =
                call(
                                CreateAccessKeyRequest.newBuilder().setUserName(USER).build(),
                                CreateAccessKeyResponse.getDefaultInstance())
                        .getAccessKey();
        return Map.of(ID, made.getAccessKeyId(), SECRET, made.getSecretAccessKey());
    }

    private <R extends Message> R call(Message request, R prototype) throws InterruptedException {
        return daemon.call(request, prototype);
    }

    /** A file beside it, closed to others from the beginning. */
    private Path draft() throws IOException {
        try {
            return Files.createTempFile(
                    file.getParent(),
                    file.getFileName().toString(),
                    "",
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } catch (NoSuchFileException e) {
            throw new IOException(file.getParent() + " is no folder", e);
        }
    }
}
