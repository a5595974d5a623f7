package io.keyhold.access;

import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Arn;
import io.keyhold.key.KeyRecord;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request together with what it names, as that stands at this moment. */
public final class Resolved<Q> {

    private final Authenticated<Q> request;
    private final List<Found> found;

    Resolved(Authenticated<Q> request, List<Found> found) {
        this.request = request;
        this.found = List.copyOf(found);
    }

    Authenticated<Q> request() {
        return request;
    }

    List<Found> found() {
        return found;
    }

    /** The keys and aliases that the request is about, for the audit. */
    public List<Arn> resources() {
        return found.stream().map(Found::resource).filter(Objects::nonNull).distinct().toList();
    }

    /**
     * What one need came to.
     *
     * @param resource the key's or alias's ARN; null for the account
     * @param key null for the account and for an alias
     * @param blob the parsed ciphertext that named the key, if one did
     */
    record Found(
            Need need,
            @Nullable Arn resource,
            @Nullable KeyRecord key,
            @Nullable CiphertextBlob blob) {

        static Found account(Need need) {
            return new Found(need, null, null, null);
        }

        static Found alias(Need need, Arn alias) {
            return new Found(need, alias, null, null);
        }

        static Found key(Need need, KeyRecord key) {
            return new Found(need, key.arn(), key, null);
        }

        static Found key(Need need, KeyRecord key, CiphertextBlob blob) {
            return new Found(need, key.arn(), key, blob);
        }

        /** The key that a request names for a ciphertext that is not that key's. */
        static Found wrongKey(Need need, KeyRecord named) {
            return new Found(need, named.arn(), named, null);
        }

        boolean isWrongKey() {
            return need.target() instanceof Need.CiphertextKey && blob == null;
        }
    }
}
