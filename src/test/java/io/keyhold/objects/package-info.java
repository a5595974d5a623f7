/**
 * What {@code scripts/run demo services} runs: a small store of objects, such as S3 is one. It
 * knows who calls by his certificate, has no list of who may do what, and leaves that to Keyhold,
 * which it asks in the caller's name.
 *
 * <p>An object is encrypted by a key of its own, that one by a key of its bucket, and that one by
 * Keyhold. May use the generated messages, gRPC and Netty; nothing of the daemon. Invariant: what
 * is on disk is encrypted, and a bucket's key is used for nobody for whom Keyhold did not open it.
 */
@NullMarked
package io.keyhold.objects;

import org.jspecify.annotations.NullMarked;
