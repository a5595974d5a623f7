package io.keyhold.audit;

import io.keyhold.key.Arn;
import io.keyhold.key.Bytes16;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Events to write. */
final class Events {

    static final Caller ROOT =
            new Caller(Arn.root("aws", "123456789012"), Authentication.UNIX_PEER);

    private Events() {}

    /** One that can be told from others by its request ID. */
    static AuditEvent of(String requestId) {
        return new AuditEvent(
                Bytes16.newName().toString(),
                "",
                "kms",
                "Encrypt",
                true,
                Instant.EPOCH,
                "us-east-1",
                "123456789012",
                requestId,
                "unix",
                "test",
                ROOT,
                "",
                "123456789012",
                Map.of(),
                null,
                List.of(),
                null);
    }
}
