package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.keyhold.e2e.Machine.Files;
import io.keyhold.e2e.Machine.WriteError;
import io.keyhold.v1.KeyListEntry;
import io.keyhold.v1.ListKeysRequest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * R3: each write of a creation may fail, those of database, token and journal alike. No key that
 * was acknowledged is lost, and nothing is left in a wrong state.
 */
final class WriteErrorIT {

    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);
    private static final long FOR_EVER = Long.MAX_VALUE / 2;

    /** After so many failures the daemon is started anew, to see what really is there. */
    private static final int CHECK = 40;

    /** SoftHSM writes an object more than a thousand times: each of them takes minutes. */
    private static final int STEP = Integer.getInteger("keyhold.write.step", 40);

    private final Set<String> acknowledged = new HashSet<>();
    private Machine machine;
    private Home home;
    private Daemon daemon;
    private Client client;
    private byte[] blob;
    private int refused;
    private int ended;

    private void prepare(Files files) {
        machine = new Machine(files);
        home = Home.prepare();
        start();
        String key = client.createKey().getKeyId();
        acknowledged.add(key);
        blob = client.encrypt(key, PLAINTEXT, Map.of());
    }

    @AfterEach
    void remove() {
        stop();
        home.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneWriteFails(Files files) {
        prepare(files);
        failEach(files, 1, WriteError.EIO);
    }

    @ParameterizedTest
    @EnumSource
    void theDiskIsFullForAWhile(Files files) {
        prepare(files);
        failEach(files, FOR_EVER, WriteError.ENOSPC);
    }

    private void failEach(Files files, long times, WriteError error) {
        int step = files == Files.TOKEN ? STEP : 1;
        int failures = 0;
        int first = 1;
        while (failsAt(first, times, error)) {
            failures++;
            if (failures % CHECK == 0) {
                restart();
            }
            first += step;
        }
        restart();
        assertThat(failures).isPositive();
        System.out.printf(
                "R3 %s %s: every %d of %d writes of CreateKey failed: %d acknowledged, %d refused,"
                        + " the daemon ended itself %d times; 0 lost%n",
                files, error, step, first - 1, acknowledged.size() - 1, refused, ended);
    }

    /** Whether there was such a write. */
    private boolean failsAt(int first, long times, WriteError error) {
        machine.failWrites(first, times, error);
        create();
        long writes = machine.mend();
        recover();
        return writes >= first;
    }

    private void create() {
        try {
            acknowledged.add(client.createKey().getKeyId());
        } catch (StatusRuntimeException e) {
            refused++;
        }
    }

    /** Without help, or by a new start if the daemon gave up, as it does when an fsync failed. */
    private void recover() {
        Awaitility.await()
                .pollInSameThread()
                .until(
                        () -> {
                            if (!daemon.alive()) {
                                assertThat(daemon.awaitExit()).isEqualTo(Daemon.RESTART_ME);
                                ended++;
                                restart();
                            }
                            return decrypts();
                        });
    }

    private boolean decrypts() {
        try {
            return Arrays.equals(client.decrypt(blob, Map.of()), PLAINTEXT);
        } catch (StatusRuntimeException e) {
            return false; // not yet
        }
    }

    /** Then every acknowledged key is there and works, and token and database are in step. */
    private void restart() {
        stop();
        start();
        Consistency.awaitIn(home);
        Set<String> listed = new HashSet<>();
        client
                .call(Rpc.LIST_KEYS, ListKeysRequest.newBuilder().setLimit(1000).build())
                .getKeysList()
                .stream()
                .map(KeyListEntry::getKeyId)
                .forEach(listed::add);
        assertThat(listed).containsAll(acknowledged);
        assertThat(listed.size()).isBetween(acknowledged.size(), acknowledged.size() + refused);
        for (String key : listed) {
            byte[] fresh = client.encrypt(key, PLAINTEXT, Map.of());
            assertThat(client.decrypt(fresh, Map.of())).isEqualTo(PLAINTEXT);
        }
        assertThat(home.journal().successes("CreateKey").size())
                .isGreaterThanOrEqualTo(acknowledged.size());
    }

    private void start() {
        daemon = Daemon.start(home, machine, Daemon.FAST_START);
        client = Listener.UNIX.connect(daemon);
    }

    private void stop() {
        client.close();
        daemon.close();
    }
}
