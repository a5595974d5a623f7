/**
 * The command line: serve, call, doctor, token, version.
 *
 * <p>May use everything. Invariant: exit codes are those of sysexits.h; a message for a person is
 * one line on stderr, without a stack trace.
 */
@NullMarked
package io.keyhold.cli;

import org.jspecify.annotations.NullMarked;
