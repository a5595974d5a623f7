/**
 * Where the program is put together: {@link io.keyhold.Keyhold} builds the objects top-down and
 * closes them in reverse.
 *
 * <p>May use every room but {@code cli}. Invariant: nothing listens before token and store agree.
 */
@NullMarked
package io.keyhold;

import org.jspecify.annotations.NullMarked;
