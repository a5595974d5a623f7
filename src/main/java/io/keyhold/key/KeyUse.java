package io.keyhold.key;

import java.time.Instant;

/**
 * The last successful cryptographic operation with a key ({@code KeyLastUsageData}).
 *
 * @param operation the verb
 * @param eventId of its audit record
 */
public record KeyUse(String operation, Instant at, String eventId, String requestId) {}
