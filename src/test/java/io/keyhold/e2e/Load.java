package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.keyhold.e2e.Ledger.Ciphertext;
import io.keyhold.e2e.Ledger.Ending;
import io.keyhold.e2e.Ledger.Key;
import io.keyhold.v1.CancelKeyDeletionRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Clients on both listeners that create, rotate, plan the end of keys, encrypt and decrypt until
 * the daemon dies.
 */
final class Load implements AutoCloseable {

    private static final List<CreateKeyRequest> KINDS =
            List.of(
                    CreateKeyRequest.getDefaultInstance(),
                    CreateKeyRequest.newBuilder()
                            .setKeySpec(KeySpec.Value.HMAC_256)
                            .setKeyUsage(KeyUsageType.Value.GENERATE_VERIFY_MAC)
                            .build(),
                    CreateKeyRequest.newBuilder()
                            .setKeySpec(KeySpec.Value.ECC_NIST_P256)
                            .setKeyUsage(KeyUsageType.Value.SIGN_VERIFY)
                            .build());

    private static final int THREADS = 6;
    private static final int MOST_ROTATIONS = 20;
    private static final int PATIENCE_SECONDS = 60;

    /** What grpc-java makes of a connection that breaks: UNKNOWN if it was not up yet. */
    private static final Set<Status.Code> BROKEN_OFF =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.CANCELLED, Status.Code.UNKNOWN);

    private final Ledger ledger;
    private final Daemon daemon;
    private final List<Thread> threads = new ArrayList<>();
    private final Semaphore answers = new Semaphore(0);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean killing;

    Load(Ledger ledger, Daemon daemon, Random seeds) {
        this.ledger = ledger;
        this.daemon = daemon;
        for (int i = 0; i < THREADS; i++) {
            Listener listener = Listener.values()[i % 2];
            Random random = new Random(seeds.nextLong());
            threads.add(Thread.ofPlatform().start(() -> run(listener, random)));
        }
    }

    /** Kills the daemon when so many calls have been answered. */
    void killAfter(int calls) {
        try {
            boolean enough = answers.tryAcquire(calls, PATIENCE_SECONDS, TimeUnit.SECONDS);
            killing = true;
            daemon.kill();
            assertThat(enough).as("%d answers come: %s", calls, failure.get()).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void run(Listener listener, Random random) {
        try (Client client = listener.connect(daemon)) {
            while (act(client, random)) {
                ledger.acknowledged.incrementAndGet();
                answers.release();
            }
            ledger.unanswered.incrementAndGet();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            answers.release(1_000_000);
        }
    }

    private boolean act(Client client, Random random) {
        int what = random.nextInt(100);
        if (what < 12 || ledger.empty()) {
            return create(client);
        }
        if (what < 25) {
            return rotate(client, ledger.anyKey(random));
        }
        if (what < 35) {
            return turn(client, random);
        }
        Ciphertext some = what < 60 ? ledger.ciphertexts.peek() : null;
        return some == null ? encrypt(client, ledger.anyKey(random)) : decrypt(client, some);
    }

    private boolean create(Client client) {
        return answered(
                () -> {
                    String id = client.createKey().getKeyId();
                    ledger.creations.add(id);
                    ledger.found(id);
                },
                () -> ledger.unansweredCreations.incrementAndGet());
    }

    /** Plans a key's end, or calls it off. */
    private boolean turn(Client client, Random random) {
        Optional<Ending> one = ledger.takeEnding();
        return one.isPresent()
                ? turn(client, one.get())
                : createEnding(client, KINDS.get(random.nextInt(KINDS.size())));
    }

    /** Of any kind: pairs too are made and destroyed while the daemon dies. */
    private boolean createEnding(Client client, CreateKeyRequest kind) {
        return answered(
                () -> {
                    String id = client.call(Rpc.CREATE_KEY, kind).getKeyMetadata().getKeyId();
                    ledger.creations.add(id);
                    ledger.endings.put(id, new Ending(id));
                },
                () -> ledger.unansweredCreations.incrementAndGet());
    }

    private boolean turn(Client client, Ending one) {
        boolean planned = one.isCertainly(KeyState.Value.PendingDeletion);
        Message.Builder request =
                planned
                        ? CancelKeyDeletionRequest.newBuilder().setKeyId(one.id)
                        : ScheduleKeyDeletionRequest.newBuilder().setKeyId(one.id);
        KeyState.Value wanted = planned ? KeyState.Value.Disabled : KeyState.Value.PendingDeletion;
        return answered(
                () -> {
                    Request.of(request).send(client);
                    one.asked(wanted, true);
                },
                () -> one.asked(wanted, false));
    }

    private boolean rotate(Client client, Key key) {
        if (key.begun.incrementAndGet() > MOST_ROTATIONS) {
            return encrypt(client, key);
        }
        return answered(
                () -> {
                    client.rotate(key.id);
                    key.acknowledged.incrementAndGet();
                    key.rotations.incrementAndGet();
                },
                () -> key.unanswered.incrementAndGet());
    }

    private boolean encrypt(Client client, Key key) {
        String unique = UUID.randomUUID().toString();
        byte[] plaintext = ("secret of " + unique).getBytes(UTF_8);
        Map<String, String> context = Map.of("n", unique);
        return answered(
                () ->
                        ledger.ciphertexts.add(
                                new Ciphertext(
                                        key.id,
                                        client.encrypt(key.id, plaintext, context),
                                        plaintext,
                                        context)),
                () -> {});
    }

    private boolean decrypt(Client client, Ciphertext some) {
        return answered(
                () -> {
                    byte[] plaintext = client.decrypt(some.blob(), some.context());
                    assertThat(plaintext).isEqualTo(some.plaintext());
                    ledger.decryptions.add(some.context().get("n"));
                },
                () -> {});
    }

    /** False, and noted, if the daemon died under the call; it must not fail in any other way. */
    private boolean answered(Runnable call, Runnable unanswered) {
        try {
            call.run();
            return true;
        } catch (StatusRuntimeException e) {
            if (!killing || !BROKEN_OFF.contains(e.getStatus().getCode())) {
                throw e;
            }
            unanswered.run();
            return false;
        }
    }

    @Override
    public void close() {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(failure.get()).isNull();
    }
}
