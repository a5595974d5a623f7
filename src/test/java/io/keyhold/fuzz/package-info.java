/**
 * What Jazzer feeds (Maven profile {@code fuzz}): the parsers and the pipeline's entry. Each target
 * is a class with {@code fuzzerTestOneInput}, which fails by throwing; none needs Jazzer to compile
 * or to be run once, so {@link io.keyhold.fuzz.FuzzSeedsTest} replays seeds and old findings.
 *
 * <p>May use every room but the doors. Invariant: an input means the same in every run, whatever
 * the IDs and the ciphertexts of that run are.
 */
@NullMarked
package io.keyhold.fuzz;

import org.jspecify.annotations.NullMarked;
