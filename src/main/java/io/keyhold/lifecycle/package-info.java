/**
 * The life of keys: the procedures that keep token and store in step (create, rotate, delete, and
 * what makes good a crash), and the jobs that nobody calls for.
 *
 * <p>May use {@code key}, {@code token}, {@code store}, {@code policy}, {@code keyring} and {@code
 * audit}; the only room that knows both token and store. Invariants: a row names an object before
 * the object exists; a key's current pointer moves only to material that was read back; an object
 * is destroyed only when its key's rows say so.
 */
@NullMarked
package io.keyhold.lifecycle;

import org.jspecify.annotations.NullMarked;
