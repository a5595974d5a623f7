package io.keyhold.api;

import com.google.protobuf.Message;
import io.keyhold.key.KmsFault;

/** Where a door takes the outcome of a call; exactly one of the two is called, once. */
public interface Reply {

    /** It succeeded. The message's secrets are wiped when this returns. */
    void answer(Message message);

    /** It failed. */
    void fault(KmsFault fault);
}
