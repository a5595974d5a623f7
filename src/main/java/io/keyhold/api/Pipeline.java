package io.keyhold.api;

import com.google.protobuf.Message;
import io.keyhold.access.Access;
import io.keyhold.access.Authorized;
import io.keyhold.access.Resolved;
import io.keyhold.audit.Journal;
import io.keyhold.identity.Authenticated;
import io.keyhold.identity.Authenticator;
import io.keyhold.identity.Inbound;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.lifecycle.Usage;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Verb;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way through the house: bytes, authenticated, parsed and within limits, resolved,
 * authorized, done, audited, answered.
 */
public final class Pipeline {

    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

    private final String region;
    private final Authenticator authenticator;
    private final Access access;
    private final Journal journal;
    private final Usage usage;
    private final Executor workers;
    private final FieldLimits limits = new FieldLimits();
    private final Strangers strangers = new Strangers();

    /**
     * @param region the one that is served
     * @param workers runs effects that wait for a disk or a token across a network
     */
    public Pipeline(
            String region,
            Authenticator authenticator,
            Access access,
            Journal journal,
            Usage usage,
            Executor workers) {
        this.region = region;
        this.authenticator = authenticator;
        this.access = access;
        this.journal = journal;
        this.usage = usage;
        this.workers = workers;
    }

    /**
     * Takes a call through. Returns before the reply is made: that comes on another thread, once
     * the call's audit record is durable. The body is wiped then.
     *
     * @param format what the body is written in
     */
    public <Q extends Message, R extends Message> void run(
            Verb<Q, R> verb, Inbound<byte[]> inbound, Format format, Reply reply) {
        Call<Q, R> call = new Call<>(verb, inbound, reply, journal, usage, strangers);
        if (authenticator.isQuick(inbound)) {
            begin(verb, inbound, format, call);
        } else {
            later(call, () -> begin(verb, inbound, format, call));
        }
    }

    private <Q extends Message, R extends Message> void begin(
            Verb<Q, R> verb, Inbound<byte[]> inbound, Format format, Call<Q, R> call) {
        Effect<R> effect;
        try {
            effect = prepare(verb, inbound, format, call);
        } catch (RuntimeException e) {
            call.fail(fault(e, call));
            return;
        } catch (Error e) {
            throw broken(e, call);
        }
        if (effect.quick()) {
            finish(effect, call);
        } else {
            later(call, () -> finish(effect, call));
        }
    }

    private void later(Call<?, ?> call, Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) {
            call.fail(
                    KmsFault.of(
                            FaultName.ThrottlingException, "Too many calls are waiting already."));
        }
    }

    private <Q extends Message, R extends Message> Effect<R> prepare(
            Verb<Q, R> verb, Inbound<byte[]> inbound, Format format, Call<Q, R> call) {
        journal.reserve();
        call.reserved();
        Authenticated<byte[]> caller =
                authenticator.authenticate(inbound, known -> from(call, known));
        from(call, caller.caller());
        requireServed(inbound.region());
        Q request = format.parse(verb.prototype(), caller.body());
        limits.check(request);
        call.asking(request);
        Resolved<Q> resolved =
                access.resolve(
                        caller.with(request), verb.needs(request), Requests.grantTokens(request));
        call.about(resolved.resources());
        Authorized<Q> authorized = access.authorize(resolved);
        call.authorized();
        Effect<R> effect = verb.operation().prepare(authorized);
        if (Requests.isDryRun(request)) {
            throw KmsFault.of(
                    FaultName.DryRunOperationException,
                    "The request would have succeeded, but the DryRun option is set.");
        }
        return effect;
    }

    private void from(Call<?, ?> call, Caller caller) {
        call.from(caller, access.principalId(caller));
    }

    private void requireServed(String named) {
        if (!named.equals(region)) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "Region '%s' is not served here; served is %s.",
                    named,
                    region);
        }
    }

    private static <R extends Message> void finish(Effect<R> effect, Call<?, R> call) {
        Answer<R> answer;
        try {
            answer = effect.run().get();
        } catch (RuntimeException e) {
            call.fail(fault(e, call));
            return;
        } catch (Error e) {
            throw broken(e, call);
        }
        call.succeed(answer);
    }

    /**
     * The call ends as every other, with a record; what is wrong goes on to whoever hears of it.
     */
    private static Error broken(Error e, Call<?, ?> call) {
        call.fail(internal(e, call));
        return e;
    }

    private static KmsFault fault(RuntimeException e, Call<?, ?> call) {
        return e instanceof KmsFault fault ? fault : internal(e, call);
    }

    private static KmsFault internal(Throwable e, Call<?, ?> call) {
        log.error("{} failed", call, e);
        return KmsFault.of(
                FaultName.KMSInternalException,
                "The request failed inside the daemon; its log has the reason under request ID %s.",
                call.requestId());
    }
}
