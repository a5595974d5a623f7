/**
 * The metadata in a SQL database: plain SQL over JDBI, one implementation, a small dialect.
 *
 * <p>May use {@code key}, {@code iam} and {@code store}; the only room that sees {@code java.sql}.
 * Invariant: a commit is on disk before it is reported.
 */
@NullMarked
package io.keyhold.store.sql;

import org.jspecify.annotations.NullMarked;
