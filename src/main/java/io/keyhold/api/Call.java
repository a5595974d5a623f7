package io.keyhold.api;

import com.google.protobuf.Message;
import io.keyhold.audit.AuditEvent;
import io.keyhold.audit.Journal;
import io.keyhold.identity.Inbound;
import io.keyhold.key.Arn;
import io.keyhold.key.Bytes16;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyUse;
import io.keyhold.key.KmsFault;
import io.keyhold.lifecycle.Usage;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call under way: gathers what its audit record will say, and ends with record and reply. */
final class Call<Q extends Message, R extends Message> {

    private final Verb<Q, R> verb;
    private final Inbound<byte[]> inbound;
    private final Reply reply;
    private final Journal journal;
    private final Usage usage;
    private final Strangers strangers;
    private final String eventId = Bytes16.newName().toString();
    private @Nullable Caller caller;
    private String principalId = "";
    private @Nullable Q request;
    private boolean reserved;
    private List<Arn> resources = List.of();

    Call(
            Verb<Q, R> verb,
            Inbound<byte[]> inbound,
            Reply reply,
            Journal journal,
            Usage usage,
            Strangers strangers) {
        this.verb = verb;
        this.inbound = inbound;
        this.reply = reply;
        this.journal = journal;
        this.usage = usage;
        this.strangers = strangers;
    }

    /** From now on the journal has a place for this call. */
    void reserved() {
        reserved = true;
    }

    void from(Caller known, String knownId) {
        caller = known;
        principalId = knownId;
    }

    void asking(Q parsed) {
        request = parsed;
    }

    void about(List<Arn> resolved) {
        resources = resolved;
    }

    String requestId() {
        return inbound.requestId();
    }

    void succeed(Answer<R> answer) {
        if (!answer.made().isEmpty()) {
            resources = answer.made();
        }
        if (verb.audit() == AuditClass.USE) {
            KeyUse use = new KeyUse(verb.name(), inbound.received(), eventId, requestId());
            resources.forEach(key -> usage.used(key, use));
        }
        append(
                event(null, answer.message()),
                unwritten -> {
                    if (unwritten == null) {
                        reply.answer(answer.message());
                    } else {
                        reply.fault(unwritten);
                    }
                    answer.wipe().run();
                    wipeBody();
                });
    }

    void fail(KmsFault fault) {
        boolean stranger = reserved && caller == null; // else nobody has looked who it is
        if (stranger && !strangers.admits(System.nanoTime())) {
            turnAway();
            return;
        }
        append(
                event(fault, null),
                unwritten -> {
                    reply.fault(unwritten == null ? fault : unwritten);
                    wipeBody();
                });
    }

    private void turnAway() {
        journal.release();
        reply.fault(KmsFault.of(FaultName.ThrottlingException, "Too many calls of nobody known."));
        wipeBody();
    }

    private void append(AuditEvent event, Journal.Completion completion) {
        if (reserved) {
            journal.append(event, completion);
        } else {
            journal.appendRefusal(event, completion);
        }
    }

    private void wipeBody() {
        Arrays.fill(inbound.body(), (byte) 0);
    }

    private AuditEvent event(@Nullable KmsFault fault, @Nullable R answer) {
        return new AuditEvent(
                eventId,
                verb.service(),
                verb.name(),
                verb.audit() != AuditClass.WRITE,
                inbound.received(),
                inbound.region(),
                recipient(),
                inbound.requestId(),
                inbound.sourceAddress(),
                inbound.userAgent(),
                caller,
                inbound.accessKeyId(),
                principalId,
                request == null ? null : RequestParameters.of(request),
                answer == null || !verb.audit().recordsAnswer()
                        ? null
                        : RequestParameters.of(answer),
                resources,
                fault);
    }

    /** The account whose record this is: a service has none, but what it uses has an owner. */
    private String recipient() {
        if (caller == null) {
            return "";
        }
        return caller.isService() && !resources.isEmpty()
                ? resources.getFirst().account()
                : caller.account();
    }

    @Override
    public String toString() {
        return verb.name() + " " + inbound.requestId();
    }
}
