package io.keyhold.operation;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Times as callers see them: to the millisecond. */
public final class Timestamps {

    private Timestamps() {}

    public static Timestamp of(Instant time) {
        return com.google.protobuf.util.Timestamps.fromMillis(time.toEpochMilli());
    }
}
