/**
 * The procedures that keep token and store in step: create, rotate, and what makes good a crash.
 *
 * <p>May use {@code key}, {@code token}, {@code store}, {@code policy} and {@code keyring}; the
 * only room that knows both token and store. Invariants: a row names an object before the object
 * exists; a key's current pointer moves only to material that was read back; no object is destroyed
 * here.
 */
@NullMarked
package io.keyhold.lifecycle;

import org.jspecify.annotations.NullMarked;
