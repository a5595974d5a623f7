package io.keyhold.access;

import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Grant;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Service;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Explanation;
import io.keyhold.policy.Policy;
import java.util.Objects;

/** Proof that a caller may do what a request asks for. Only {@link Access} makes one. */
public final class Authorized<Q> {

    private final Resolved<Q> resolved;
    private final Access access;

    Authorized(Resolved<Q> resolved, Access access) {
        this.resolved = resolved;
        this.access = access;
    }

    /** Whether the caller might do something with a key if it had this policy. */
    public boolean wouldBeAllowed(String action, Arn key, Policy policy) {
        return access.decide(resolved, action, key, policy).allowed();
    }

    /** Whether the policy of {@link #key()} leaves room for anybody of its account by a service. */
    public Decision openness(Service service, String action) {
        return access.openness(resolved, service, action);
    }

    /**
     * Passes if the caller may do something else besides.
     *
     * @param resource of the caller's account
     * @throws io.keyhold.key.KmsFault AccessDeniedException
     */
    public void require(String action, String resource) {
        access.require(resolved, action, resource);
    }

    /** Why somebody may, or may not, do something with {@link #key()}. */
    public Explanation explain(Hypothesis hypothesis) {
        return access.explain(resolved, hypothesis);
    }

    public Q request() {
        return resolved.request().body();
    }

    public Caller caller() {
        return resolved.request().caller();
    }

    public String region() {
        return resolved.request().region();
    }

    /** The ARN of what the request's first need is about. */
    public Arn resource() {
        return Objects.requireNonNull(resolved.found().getFirst().resource());
    }

    /** The key of the request's first need. */
    public KeyRecord key() {
        return Objects.requireNonNull(resolved.found().getFirst().key());
    }

    /** The key of the request's second need. */
    public KeyRecord secondKey() {
        return Objects.requireNonNull(resolved.found().get(1).key());
    }

    /** The grant that the request names; it is one of {@link #key()}. */
    public Grant grant() {
        return Objects.requireNonNull(resolved.found().getFirst().grant());
    }

    /** The alias that the request names. */
    public Arn alias() {
        return resolved.resources().stream().filter(Arn::isAlias).findFirst().orElseThrow();
    }

    /** The ciphertext of the request's first need; it named {@link #key()}. */
    public CiphertextBlob blob() {
        return Objects.requireNonNull(resolved.found().getFirst().blob());
    }
}
