package io.keyhold.audit;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only file of events, one JSON line each. One thread writes whatever has gathered, makes
 * it durable with one fsync, and completes those calls; so the disk's latency is shared by all
 * calls that wait, and no call's own thread waits at all.
 */
public final class Journal implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    /** Calls that may be under way at once; more are refused before they begin. */
    private static final int CALLS = 8192;

    /** Refusals without a place of their own that may wait for the disk beside them. */
    private static final int REFUSALS = 8192;

    private static final int USUAL_BATCH = 1 << 18;
    private static final long CHECK_SECONDS = 1;

    /** A batch of so many says that calls come fast, so it pays to wait for more of them. */
    private static final int CROWD = 24;

    private static final long GATHER_NANOS = 200_000;

    private final JournalFile file;
    private final Consumer<Throwable> broken;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(CALLS + REFUSALS);
    private final Entry wake = new Entry(() -> new byte[0], new Semaphore(0), fault -> {});
    private final Semaphore places = new Semaphore(CALLS);
    private final Semaphore refusals = new Semaphore(REFUSALS);
    private final Thread writer = new Thread(this::run, "audit-journal");
    private ByteBuffer buffer = ByteBuffer.allocateDirect(USUAL_BATCH);
    private volatile @Nullable String trouble;
    private volatile boolean closed;

    /**
     * Opens the journal in a folder.
     *
     * @param broken ends the process: after a failed fsync nobody knows what is on the disk, and
     *     without its thread no call would ever be answered
     */
    public Journal(Path folder, Consumer<Throwable> broken) throws IOException {
        this.file = JournalFile.open(folder);
        this.broken = broken;
        writer.setUncaughtExceptionHandler((thread, e) -> broken.accept(e));
        writer.start();
    }

    /**
     * Reserves a place for an event; called before an operation, so that none is done that cannot
     * be recorded. {@link #append} takes it.
     *
     * @throws KmsFault DependencyTimeoutException if the disk is full or gone, ThrottlingException
     *     if it cannot keep up
     */
    public void reserve() {
        String why = trouble;
        if (why != null) {
            throw unwritable(why);
        }
        if (!places.tryAcquire()) {
            throw KmsFault.of(FaultName.ThrottlingException, "The audit journal cannot keep up.");
        }
    }

    /** Gives a reserved place back. */
    public void release() {
        places.release();
    }

    /**
     * Writes an event in its reserved place. The completion runs on the journal's thread, once,
     * when the event is durable, or with a fault when it could not be written.
     */
    public void append(Event event, Completion completion) {
        append(new Entry(event, places, completion));
    }

    /** Likewise, of a call that was refused before it had a place. */
    public void appendRefusal(Event event, Completion completion) {
        if (refusals.tryAcquire()) {
            append(new Entry(event, refusals, completion));
        } else {
            completion.done(unwritable("too many refusals wait"));
        }
    }

    /**
     * Writes an event that no call waits for; when this returns, it is durable.
     *
     * @throws KmsFault DependencyTimeoutException, ThrottlingException
     */
    public void record(Event event) {
        reserve();
        CompletableFuture<Optional<KmsFault>> written = new CompletableFuture<>();
        append(event, fault -> written.complete(Optional.ofNullable(fault)));
        written.join()
                .ifPresent(
                        fault -> {
                            throw fault;
                        });
    }

    private void append(Entry entry) {
        if (closed || !queue.offer(entry)) {
            entry.done(unwritable("it was closed"));
        } else if (closed && queue.remove(entry)) {
            // Closed meanwhile: the writer may have left already.
            entry.done(unwritable("it was closed"));
        }
    }

    private void run() {
        List<Entry> batch = new ArrayList<>();
        boolean crowded = false;
        while (!closed || !queue.isEmpty()) {
            try {
                Entry first = queue.poll(CHECK_SECONDS, TimeUnit.SECONDS);
                if (first != null && !first.equals(wake)) {
                    if (crowded) {
                        LockSupport.parkNanos(GATHER_NANOS);
                    }
                    batch.add(first);
                    queue.drainTo(batch);
                    batch.remove(wake);
                    write(batch);
                    crowded = batch.size() >= CROWD;
                    batch.clear();
                }
                check();
            } catch (InterruptedException e) {
                log.info("the audit journal was told to stop");
                closed = true;
            }
        }
    }

    private void write(List<Entry> batch) {
        @Nullable KmsFault fault = null;
        try {
            file.append(lines(batch));
        } catch (IOException e) {
            fault = unwritable(String.valueOf(e.getMessage()));
            note(e);
        }
        if (fault == null) {
            try {
                file.sync();
            } catch (IOException e) {
                broken.accept(e);
                fault = unwritable("fsync failed");
            }
        }
        for (Entry entry : batch) {
            try {
                entry.done(fault);
            } catch (RuntimeException e) {
                log.error("a reply failed after its audit record was written", e);
            }
        }
    }

    /** Once a second: is the file still there, is there room? Heals by itself. */
    private void check() {
        if (!file.checkDue()) {
            return;
        }
        try {
            file.check();
            if (trouble != null) {
                log.warn("the audit journal can be written again");
                trouble = null;
            }
        } catch (IOException e) {
            note(e);
        }
    }

    private void note(IOException e) {
        if (trouble == null) {
            log.error("the audit journal cannot be written, so calls are refused", e);
        }
        trouble = String.valueOf(e.getMessage());
    }

    private ByteBuffer lines(List<Entry> batch) {
        List<byte[]> lines = batch.stream().map(entry -> entry.event().toJson()).toList();
        int size = lines.stream().mapToInt(line -> line.length + 1).sum();
        if (size > buffer.capacity()) {
            buffer = ByteBuffer.allocateDirect(2 * size);
        }
        buffer.clear();
        lines.forEach(line -> buffer.put(line).put((byte) '\n'));
        return buffer.flip();
    }

    private static KmsFault unwritable(String why) {
        log.debug("refused: {}", why);
        return KmsFault.of(
                FaultName.DependencyTimeoutException,
                "The audit record of this call cannot be written. You can retry the request.");
    }

    /** Writes what waits, then closes the file. */
    @Override
    public void close() {
        closed = true;
        try {
            queue.offer(wake);
            writer.join();
            file.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.error("closing the audit journal", e);
        }
    }

    /** What happens when an event is durable. */
    public interface Completion {
        /**
         * Called once.
         *
         * @param fault null if the event is durable
         */
        void done(@Nullable KmsFault fault);
    }

    /** An event, where its place came from, and who waits for it. */
    private record Entry(Event event, Semaphore place, Completion completion) {

        void done(@Nullable KmsFault fault) {
            place.release();
            completion.done(fault);
        }
    }
}
