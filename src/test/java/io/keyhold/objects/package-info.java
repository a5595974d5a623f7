/**
 * What {@code scripts/run demo services} runs: a small store of objects, such as S3 is one. It
 * knows who calls by the certificate and which account has which bucket, but not who may do what
 * there. It leaves that to Keyhold, which it asks in the caller's name: with a token that the
 * caller sent along, or else by its bare word, where Keyhold takes that.
 *
 * <p>An object is encrypted by a key of its own, that one by a key of its bucket, and that one by
 * Keyhold. May use the generated messages, gRPC, Netty and Guava; nothing of the daemon. Invariant:
 * what is on disk is encrypted; a bucket's key is used for nobody for whom Keyhold did not open it,
 * for nothing but what Keyhold gave it for, and not for longer than {@link
 * io.keyhold.objects.BucketKeys#LIFETIME}.
 */
@NullMarked
package io.keyhold.objects;

import org.jspecify.annotations.NullMarked;
