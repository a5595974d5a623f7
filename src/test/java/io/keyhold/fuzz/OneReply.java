package io.keyhold.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.api.Reply;
import io.keyhold.key.KmsFault;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Takes a reply as a door does: the message is written at once, since it is wiped afterwards. */
final class OneReply implements Reply {

    private static final int PATIENCE_SECONDS = 20;

    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private final Consumer<Throwable> trouble;

    /**
     * @param trouble hears of a second reply
     */
    OneReply(Consumer<Throwable> trouble) {
        this.trouble = trouble;
    }

    @Override
    public void answer(Message message) {
        complete(new Result(Optional.of(message.toByteString()), Optional.empty()));
    }

    @Override
    public void fault(KmsFault fault) {
        complete(new Result(Optional.empty(), Optional.of(fault)));
    }

    private void complete(Result one) {
        if (!result.complete(one)) {
            trouble.accept(new AssertionError("a second reply: " + one));
        }
    }

    Result await() {
        try {
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("no reply", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Exactly one of the two. */
    record Result(Optional<ByteString> answer, Optional<KmsFault> fault) {}
}
