package io.keyhold.objects;

import static io.keyhold.objects.FakeKeyhold.READ;
import static io.keyhold.objects.FakeKeyhold.WRITE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Ticker;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Keyhold opened for somebody, the store uses for that and for nothing else. */
class BucketKeysTest {

    private static final Caller ALICE = caller("123456789012:user/alice");
    private static final Caller BOB = caller("123456789012:user/bob");
    private static final Caller KIM = caller("111122223333:user/kim");
    private static final ObjectName NAME = new ObjectName("photos", "cat");
    private static final byte[] CONTENT = "a cat".getBytes(UTF_8);

    @TempDir Path folder;
    private final AtomicLong now = new AtomicLong();
    private FakeKeyhold keyhold;
    private ManagedChannel channel;
    private BucketKeys keys;
    private Objects objects;

    @BeforeEach
    void start() throws Exception {
        keyhold = new FakeKeyhold();
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", keyhold.port()).usePlaintext().build();
        Ticker ticker =
                new Ticker() {
                    @Override
                    public long read() {
                        return now.get();
                    }
                };
        keys = new BucketKeys(new Kms(channel), new BucketOwners(folder), ticker);
        objects = new Objects(folder, keys);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        keyhold.close();
    }

    @Test
    void whoMayOnlyGenerateDataKeysCannotRead() throws Exception {
        allow(ALICE, WRITE);

        put(ALICE);

        refused(() -> objects.get(ALICE, NAME));
    }

    @Test
    void whoMayOnlyDecryptCannotWrite() throws Exception {
        allow(ALICE, WRITE);
        allow(BOB, READ);
        put(ALICE);

        assertThat(objects.get(BOB, NAME)).isEqualTo(CONTENT);

        refused(() -> put(BOB));
    }

    @Test
    void keyholdIsAskedOnceForManyObjectsAndAgainWhenTheKeysTimeIsOver() throws Exception {
        allow(ALICE, WRITE, READ);

        for (int i = 0; i < 10; i++) {
            put(ALICE);
            objects.get(ALICE, NAME);
        }
        assertThat(keyhold.calls).containsExactly(WRITE, READ);

        pass(BucketKeys.LIFETIME);
        objects.get(ALICE, NAME);
        put(ALICE);
        assertThat(keyhold.calls).containsExactly(WRITE, READ, READ, WRITE);
    }

    @Test
    void aPermissionTakenAwayEndsWithTheKeysTime() throws Exception {
        allow(ALICE, WRITE, READ);
        put(ALICE);
        objects.get(ALICE, NAME);

        allow(ALICE);
        pass(BucketKeys.LIFETIME.minusNanos(1));
        assertThat(objects.get(ALICE, NAME)).isEqualTo(CONTENT);
        pass(Duration.ofNanos(1));

        refused(() -> objects.get(ALICE, NAME));
        refused(() -> objects.put(ALICE, NAME, CONTENT));
    }

    @Test
    void aKeyWhoseTimeIsOverIsClosedWhenNoCallUsesItAnyMore() {
        allow(ALICE, WRITE);
        DataKey used = keys.toWrite(ALICE, NAME.bucket());

        pass(BucketKeys.LIFETIME);
        keys.tidy();
        assertThat(used.hold()).isTrue();
        used.close();
        used.close();
        assertThat(used.hold()).isFalse();
    }

    @Test
    void whatATokenOpenedIsOpenWithThatTokenOnly() throws Exception {
        Caller withToken = withToken(KIM, "token:of:kim:for:111122223333");
        allow(withToken, WRITE, READ);

        put(withToken);
        assertThat(objects.get(withToken, NAME)).isEqualTo(CONTENT);

        refused(() -> objects.get(KIM, NAME));
        refused(() -> objects.get(withToken(KIM, "another"), NAME));
    }

    @Test
    void nobodyWritesIntoAnotherAccountsBucket() throws Exception {
        allow(ALICE, WRITE, READ);
        allow(BOB, WRITE);
        allow(KIM, WRITE);
        put(ALICE);

        refused(() -> objects.put(KIM, NAME, new byte[0]));
        assertThat(objects.get(ALICE, NAME)).isEqualTo(CONTENT);
        objects.put(BOB, NAME, new byte[0]);
        assertThat(objects.get(ALICE, NAME)).isEmpty();
    }

    @Test
    void nobodyWaitsForAnotherCallersKey() throws Exception {
        allow(ALICE, WRITE);
        allow(BOB, WRITE);
        CountDownLatch answer = new CountDownLatch(1);
        keyhold.late.put(ALICE.principal(), answer);

        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> late = pool.submit(() -> put(ALICE));
            await().until(() -> !keyhold.calls.isEmpty());
            put(BOB);
            assertThat(late.isDone()).isFalse();
            answer.countDown();
            late.get();
        }
    }

    @Test
    void whatIsDamagedOnDiskIsNotOpened() throws Exception {
        allow(ALICE, WRITE, READ);
        put(ALICE);
        Path file = folder.resolve(NAME.bucket()).resolve(NAME.object());
        byte[] whole = Files.readAllBytes(file);

        for (int length : List.of(0, 2, 50, whole.length - 1)) {
            Files.write(file, Arrays.copyOf(whole, length));
            refused(Status.Code.DATA_LOSS, () -> objects.get(ALICE, NAME));
        }
    }

    private void allow(Caller caller, String... verbs) {
        keyhold.allowed.put(caller.token().orElse(caller.principal()), Set.of(verbs));
    }

    private @Nullable Void put(Caller caller) throws Exception {
        objects.put(caller, NAME, CONTENT);
        return null;
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static void refused(ThrowingCallable call) {
        refused(Status.Code.PERMISSION_DENIED, call);
    }

    private static void refused(Status.Code code, ThrowingCallable call) {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(call)
                .extracting(refusal -> refusal.getStatus().getCode())
                .isEqualTo(code);
    }

    private static Caller caller(String name) {
        return new Caller("arn:aws:iam::" + name, Optional.empty());
    }

    private static Caller withToken(Caller caller, String token) {
        return new Caller(caller.principal(), Optional.of(token));
    }
}
