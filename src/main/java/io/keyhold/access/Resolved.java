package io.keyhold.access;

import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Arn;
import io.keyhold.key.KeyRecord;
import java.util.ArrayList;
import java.util.List;
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

    /** The keys that the request names, for the audit. */
    public List<Arn> keys() {
        List<Arn> keys = new ArrayList<>(found.size());
        for (Found one : found) {
            if (one.key != null) {
                keys.add(one.key.arn());
            }
        }
        return keys;
    }

    /**
     * What one need came to.
     *
     * @param key null for the account
     * @param blob the parsed ciphertext that named the key, if one did
     */
    record Found(Need need, @Nullable KeyRecord key, @Nullable CiphertextBlob blob) {}
}
