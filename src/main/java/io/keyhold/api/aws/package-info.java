/**
 * The door for AWS's clients: JSON for KMS and forms for IAM and STS over HTTP, signed with access
 * keys, in front of the same pipeline.
 *
 * <p>May use every room below, {@code api} and {@code api.tls}. Invariants: it knows no verb, only
 * descriptors; a connection has one call at a time; no event-loop thread waits for anything but a
 * token in this process.
 */
@NullMarked
package io.keyhold.api.aws;

import org.jspecify.annotations.NullMarked;
