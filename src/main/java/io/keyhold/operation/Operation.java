package io.keyhold.operation;

import com.google.protobuf.Message;
import io.keyhold.access.Authorized;

/** What a verb does. */
public interface Operation<Q extends Message, R extends Message> {

    /**
     * Checks state, usage and algorithm of the key, and says what would be done. Nothing has
     * happened yet when this returns.
     *
     * @throws io.keyhold.key.KmsFault if it cannot be done
     */
    Effect<R> prepare(Authorized<Q> request);
}
