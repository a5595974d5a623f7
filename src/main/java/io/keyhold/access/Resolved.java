package io.keyhold.access;

import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Arn;
import io.keyhold.key.Grant;
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

    /** The keys, aliases and identities that the request is about, for the audit. */
    public List<Arn> resources() {
        return found.stream().map(Found::resource).filter(Objects::nonNull).distinct().toList();
    }

    /**
     * What one need came to.
     *
     * @param resource the ARN of the key, alias or identity; null for the account
     * @param key null for everything else
     * @param blob the parsed ciphertext that named the key, if one did
     * @param grant of that key, if one was named
     */
    record Found(
            Need need,
            @Nullable Arn resource,
            @Nullable KeyRecord key,
            @Nullable CiphertextBlob blob,
            @Nullable Grant grant) {

        static Found account(Need need) {
            return new Found(need, null, null, null, null);
        }

        /** An alias, or a principal or policy of the account. */
        static Found named(Need need, Arn named) {
            return new Found(need, named, null, null, null);
        }

        static Found key(Need need, KeyRecord key) {
            return new Found(need, key.arn(), key, null, null);
        }

        static Found key(Need need, KeyRecord key, CiphertextBlob blob) {
            return new Found(need, key.arn(), key, blob, null);
        }

        static Found grant(Need need, KeyRecord key, Grant grant) {
            return new Found(need, key.arn(), key, null, grant);
        }

        /** The key that a request names for a ciphertext that is not that key's. */
        static Found wrongKey(Need need, KeyRecord named) {
            return new Found(need, named.arn(), named, null, null);
        }

        boolean isWrongKey() {
            return need.target() instanceof Need.CiphertextKey && blob == null;
        }
    }
}
