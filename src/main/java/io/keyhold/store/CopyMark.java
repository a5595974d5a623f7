package io.keyhold.store;

import java.time.Instant;

/**
 * What a copy of the metadata knows of itself. A daemon does not start with a copy: its counts of
 * encryptions are too low, and much may have been changed since.
 *
 * @param takenAt when it was taken
 * @param journalLength how many bytes the audit journal had before: what changed later is in
 *     records behind them
 */
public record CopyMark(Instant takenAt, long journalLength) {}
