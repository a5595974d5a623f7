package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the daemon makes is its owner's alone, whatever the umask. */
final class PermissionsIT {

    @Test
    void everythingInTheHomeIsClosed() throws IOException {
        try (Home home = Home.prepare()) {
            try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                    Client client = Listener.UNIX.connect(daemon)) {
                client.rotate(client.createKey().getKeyId());
                Map<String, String> running = permissions(home.folder());
                assertThat(running).containsKeys("keyhold.sock", "keyhold.db", "keyhold.db-wal");
                assertClosed(running);
                daemon.terminate();
            }
            assertClosed(permissions(home.folder()));
        }
    }

    /** The folder may be /etc: it is not the daemon's to close. */
    @Test
    void aHomeThatIsOpenToOthersIsRefused() throws IOException {
        try (Home home = Home.prepare()) {
            Set<PosixFilePermission> open = PosixFilePermissions.fromString("rwxr-xr-x");
            Files.setPosixFilePermissions(home.folder(), open);

            assertThat(Keyhold.refusal(home))
                    .isEqualTo("keyhold: " + home.folder() + " is open to others: chmod 700 it");
            assertThat(Files.getPosixFilePermissions(home.folder())).isEqualTo(open);
            assertThat(home.path("keyhold.lock")).doesNotExist();
        }
    }

    private static void assertClosed(Map<String, String> permissions) {
        permissions.forEach(
                (path, permission) ->
                        assertThat(permission)
                                .as(path)
                                .isEqualTo(path.endsWith("/") ? "rwx------" : "rw-------"));
    }

    /** By path; folders end with a slash. */
    private static Map<String, String> permissions(Path folder) throws IOException {
        Map<String, String> permissions = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                String name = folder.relativize(path) + (Files.isDirectory(path) ? "/" : "");
                permissions.put(
                        name, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
        }
        return permissions;
    }
}
