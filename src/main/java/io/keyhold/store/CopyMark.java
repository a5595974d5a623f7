package io.keyhold.store;

import java.time.Instant;

/**
 * What a copy of the metadata knows of itself. A daemon does not start with a copy: its counts of
 * encryptions are too low, and much may have been changed since.
 *
 * @param takenAt when it was taken
 * @param journalBegin ID of the first event in the audit journal's file of then; empty if it had
 *     none
 * @param journalLength how many bytes that file had before: what changed later is in records behind
 *     them
 */
public record CopyMark(Instant takenAt, String journalBegin, long journalLength) {}
