/**
 * The one way a request takes, from bytes to reply, and what every door needs for it.
 *
 * <p>May use every room below. Invariant: no reply leaves before its audit record is durable, and
 * every call leaves exactly one.
 */
@NullMarked
package io.keyhold.api;

import org.jspecify.annotations.NullMarked;
