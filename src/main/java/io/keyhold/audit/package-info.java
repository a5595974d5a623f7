/**
 * The audit trail: events in CloudTrail's shape, and the journal that makes them durable.
 *
 * <p>May use {@code key} only. Invariants: an event is never lost once its completion has run; an
 * event never holds plaintext, ciphertext or a PIN.
 */
@NullMarked
package io.keyhold.audit;

import org.jspecify.annotations.NullMarked;
