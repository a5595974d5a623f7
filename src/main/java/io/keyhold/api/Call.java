package io.keyhold.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import io.keyhold.audit.AuditEvent;
import io.keyhold.audit.Event;
import io.keyhold.audit.Journal;
import io.keyhold.audit.SharedEvent;
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
import java.util.UUID;
import java.util.stream.Stream;
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
    private boolean authorized;
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

    /** From now on the accounts that own what it is about hear of it. */
    void authorized() {
        authorized = true;
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
            resources.forEach(key -> usage.used(key, use(eventId(key.account()))));
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

    private KeyUse use(String id) {
        return new KeyUse(verb.name(), inbound.received(), id, requestId());
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

    private void append(Event event, Journal.Completion completion) {
        if (reserved) {
            journal.append(event, completion);
        } else {
            journal.appendRefusal(event, completion);
        }
    }

    private void wipeBody() {
        Arrays.fill(inbound.body(), (byte) 0);
    }

    private Event event(@Nullable KmsFault fault, @Nullable R answer) {
        List<String> accounts = recipients();
        String sharedId = accounts.size() > 1 ? derived("shared") : "";
        List<AuditEvent> copies =
                accounts.stream().map(account -> event(account, sharedId, fault, answer)).toList();
        return copies.size() > 1 ? new SharedEvent(copies) : copies.getFirst();
    }

    private AuditEvent event(
            String account, String sharedId, @Nullable KmsFault fault, @Nullable R answer) {
        AuditEvent whole =
                new AuditEvent(
                        eventId(account),
                        sharedId,
                        verb.service(),
                        verb.name(),
                        verb.audit() != AuditClass.WRITE,
                        inbound.received(),
                        inbound.region(),
                        account,
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
                        told(account),
                        fault);
        return caller == null ? whole : asSeen(whole, caller);
    }

    private static AuditEvent asSeen(AuditEvent whole, Caller caller) {
        return whole.account().equals(caller.account())
                ? caller.via().map(via -> whole.without(via.service())).orElse(whole)
                : whole.withoutOthers();
    }

    /** A caller that is refused does not hear whether there is what another account may have. */
    private List<Arn> told(String account) {
        boolean all = authorized || caller == null || !account.equals(caller.account());
        return all
                ? resources
                : resources.stream().filter(one -> one.account().equals(account)).toList();
    }

    /**
     * The accounts in whose trails this is: its own, and those whose keys were used. What was
     * refused is the caller's alone, or anybody could fill another's.
     *
     * @see "AWS CloudTrail User Guide, sharedEventID"
     */
    private List<String> recipients() {
        boolean service = caller != null && caller.isService();
        Stream<String> owners =
                service || authorized ? resources.stream().map(Arn::account) : Stream.empty();
        return Stream.concat(Stream.of(own()), owners).distinct().toList();
    }

    /** The caller's account: a service has none, but what it uses has an owner. */
    private String own() {
        if (caller == null) {
            return "";
        }
        return caller.isService() && !resources.isEmpty()
                ? resources.getFirst().account()
                : caller.account();
    }

    /** Of the record in an account's trail. */
    private String eventId(String account) {
        return account.equals(own()) ? eventId : derived(account);
    }

    private String derived(String from) {
        return UUID.nameUUIDFromBytes((eventId + " " + from).getBytes(UTF_8)).toString();
    }

    @Override
    public String toString() {
        return verb.name() + " " + inbound.requestId();
    }
}
