package io.keyhold.e2e;

import io.keyhold.v1.KeyState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the clients of a crash test were told, and what they asked without hearing an answer. */
final class Ledger {

    /** All keys: acknowledged ones, and those that were found after a crash. */
    final Map<String, Key> keys = new ConcurrentHashMap<>();

    /** Keys whose creation was acknowledged. */
    final Queue<String> creations = new ConcurrentLinkedQueue<>();

    /** Creations without an answer since the last comparison. */
    final AtomicInteger unansweredCreations = new AtomicInteger();

    /** All encryptions that were acknowledged. */
    final Queue<Ciphertext> ciphertexts = new ConcurrentLinkedQueue<>();

    /** Of acknowledged decryptions, the value of the context entry {@code n}. */
    final Queue<String> decryptions = new ConcurrentLinkedQueue<>();

    /** Calls that were acknowledged, and those that were not. */
    final AtomicInteger acknowledged = new AtomicInteger();

    final AtomicInteger unanswered = new AtomicInteger();

    /** Keys whose deletion is planned and called off again, until it is due. */
    final Map<String, Ending> endings = new ConcurrentHashMap<>();

    /** Keys that were deleted. */
    final Set<String> deleted = ConcurrentHashMap.newKeySet();

    private final List<String> order = new ArrayList<>();

    synchronized void found(String id) {
        keys.put(id, new Key(id));
        order.add(id);
    }

    synchronized Key anyKey(Random random) {
        return keys.get(order.get(random.nextInt(order.size())));
    }

    synchronized boolean empty() {
        return order.isEmpty();
    }

    /** One that nobody else has in his hands, if there is one; he has to let go of it. */
    synchronized Optional<Ending> takeEnding() {
        Optional<Ending> free =
                endings.values().stream().filter(each -> !each.taken && !each.due).findAny();
        free.ifPresent(each -> each.taken = true);
        return free;
    }

    /** One key. */
    static final class Key {
        final String id;

        /** Rotations that were acknowledged. */
        final AtomicInteger acknowledged = new AtomicInteger();

        /** Those, and rotations that were found after a crash. */
        final AtomicInteger rotations = new AtomicInteger();

        /** Rotations that were begun, so that nobody goes past the limit of 25. */
        final AtomicInteger begun = new AtomicInteger();

        /** Rotations without an answer since the last comparison. */
        final AtomicInteger unanswered = new AtomicInteger();

        /** Materials of the rotations that the last comparison has seen, oldest first. */
        List<String> seen = List.of();

        Key(String id) {
            this.id = id;
        }
    }

    /** A key whose end is planned. */
    static final class Ending {
        final String id;

        /** The states in which it may be: two after a call without an answer. */
        Set<KeyState.Value> possible = Set.of(KeyState.Value.Enabled);

        /** Whether its time has come. */
        boolean due;

        volatile boolean taken;

        Ending(String id) {
            this.id = id;
        }

        boolean isCertainly(KeyState.Value state) {
            return possible.equals(Set.of(state));
        }

        /** It was asked to be in another state. */
        void asked(KeyState.Value other, boolean answered) {
            possible =
                    answered
                            ? Set.of(other)
                            : Stream.concat(possible.stream(), Stream.of(other))
                                    .collect(Collectors.toSet());
            taken = false;
        }
    }

    /** What Encrypt answered. */
    record Ciphertext(String keyId, byte[] blob, byte[] plaintext, Map<String, String> context) {}
}
