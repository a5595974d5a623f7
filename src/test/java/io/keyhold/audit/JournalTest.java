package io.keyhold.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class JournalTest {

    private static final int PLACES = 8192;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path home;
    private Path folder;
    private Path path;
    private Journal journal;
    private final AtomicReference<Throwable> broken = new AtomicReference<>();

    @BeforeEach
    void open() throws IOException {
        folder = home.resolve("audit");
        path = folder.resolve("journal.jsonl");
        journal = new Journal(folder, broken::set);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void anEventIsInTheFileWhenItsCompletionRuns() {
        AtomicReference<List<String>> seen = new AtomicReference<>();

        journal.append(Events.of("r1"), fault -> seen.set(requestIds()));

        await().atMost(PATIENCE).until(() -> seen.get() != null);
        assertThat(seen.get()).containsExactly("r1");
    }

    @Test
    void concurrentEventsAreAllThereOnceAndInOrderPerThread() throws InterruptedException {
        int threads = 8;
        int each = 500;
        AtomicIntegerArray completions = new AtomicIntegerArray(threads * each);
        List<KmsFault> faults = Collections.synchronizedList(new ArrayList<>());
        List<Thread> started = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            started.add(
                    Thread.startVirtualThread(
                            () -> {
                                for (int i = 0; i < each; i++) {
                                    int number = thread * each + i;
                                    journal.append(
                                            Events.of(thread + " " + i),
                                            fault -> {
                                                completions.incrementAndGet(number);
                                                if (fault != null) {
                                                    faults.add(fault);
                                                }
                                            });
                                }
                            }));
        }
        for (Thread thread : started) {
            thread.join();
        }
        journal.close();

        assertThat(faults).isEmpty();
        assertThat(completions.toString()).matches("\\[1(, 1)*]");
        Map<String, List<Integer>> byThread = new HashMap<>();
        for (String id : requestIds()) {
            String[] parts = id.split(" ");
            byThread.computeIfAbsent(parts[0], t -> new ArrayList<>())
                    .add(Integer.valueOf(parts[1]));
        }
        assertThat(byThread).hasSize(threads);
        assertThat(byThread.values())
                .allSatisfy(order -> assertThat(order).hasSize(each).isSorted());
    }

    @Test
    void aCompletionThatThrowsDoesNotKeepTheNextFromItsOwn() {
        journal.append(
                Events.of("r1"),
                fault -> {
                    throw new IllegalStateException("the connection is gone");
                });

        assertThat(outcome("r2")).isNull();
        assertThat(requestIds()).containsExactly("r1", "r2");
    }

    @Test
    void theDaemonHearsOfItIfTheJournalsThreadDies() {
        Error end = new AssertionError("the journal's thread has to end");
        journal.append(
                Events.of("r1"),
                fault -> {
                    throw end;
                });

        await().atMost(PATIENCE).until(() -> broken.get() == end);
    }

    @Test
    void closingWritesWhatWaits() {
        for (int i = 0; i < 100; i++) {
            journal.append(Events.of("r" + i), fault -> {});
        }
        journal.close();

        assertThat(requestIds()).hasSize(100);
    }

    @Test
    void afterClosingAnEventIsRefusedNotForgotten() {
        journal.close();

        KmsFault fault = outcome("late");

        assertThat(fault.name()).isEqualTo(FaultName.DependencyTimeoutException);
        assertThat(requestIds()).isEmpty();
    }

    /** A call that has a place can be recorded, whatever else comes. */
    @Test
    void placesAreReservedAndFreedAgain() {
        for (int i = 0; i < PLACES; i++) {
            journal.reserve();
        }
        KmsFault fault = catchThrowableOfType(KmsFault.class, journal::reserve);
        assertThat(fault.name()).isEqualTo(FaultName.ThrottlingException);

        CompletableFuture<KmsFault> refusal = new CompletableFuture<>();
        journal.appendRefusal(Events.of("refused"), refusal::complete);
        assertThat(refusal.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join()).isNull();
        assertThat(outcome("done")).isNull();

        assertThat(requestIds()).containsExactly("refused", "done");
        assertThatCode(journal::reserve).doesNotThrowAnyException();
        assertThat(catchThrowableOfType(KmsFault.class, journal::reserve)).isNotNull();
    }

    @Test
    void aFileThatWasCutShortGoesOnWhereItEnds() throws IOException {
        assertThat(outcome("r1")).isNull();
        Files.write(path, new byte[0]);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            assertThat(outcome("r2")).isNull();
                            assertThat(Files.readString(path)).endsWith("\n");
                            assertThat(last(Files.readString(path))).doesNotContain("\0");
                        });
    }

    private static String last(String text) {
        return text.lines().reduce("", (before, line) -> line);
    }

    @Test
    void anUnlinkedFileIsNoticedAndMadeAnew() throws IOException {
        assertThat(outcome("r1")).isNull();
        Files.delete(path);

        await().atMost(PATIENCE).until(() -> Files.exists(path));

        assertThat(outcome("r2")).isNull();
        assertThat(requestIds()).containsExactly("r2");
        assertThatCode(journal::reserve).doesNotThrowAnyException();
    }

    @Test
    void withoutItsFolderCallsAreRefusedUntilItIsBack() throws IOException {
        Path aside = home.resolve("aside");
        Files.move(folder, aside);

        await().atMost(PATIENCE).until(this::refuses);
        Files.move(aside, folder);
        await().atMost(PATIENCE).until(() -> !refuses());

        assertThat(outcome("r1")).isNull();
        assertThat(requestIds()).containsExactly("r1");
    }

    private boolean refuses() {
        KmsFault fault = catchThrowableOfType(KmsFault.class, journal::reserve);
        if (fault != null) {
            assertThat(fault.name()).isEqualTo(FaultName.DependencyTimeoutException);
        }
        return fault != null;
    }

    /** Writes one event and waits for its completion: null if it is durable. */
    private KmsFault outcome(String requestId) {
        CompletableFuture<KmsFault> outcome = new CompletableFuture<>();
        journal.append(Events.of(requestId), outcome::complete);
        return outcome.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private List<String> requestIds() {
        try {
            JsonMapper json = new JsonMapper();
            return Files.readAllLines(path).stream()
                    .map(line -> json.readTree(line).path("requestID").asString())
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
