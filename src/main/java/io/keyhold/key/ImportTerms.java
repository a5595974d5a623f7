package io.keyhold.key;

import java.time.Instant;
import java.util.Optional;

/**
 * What an importer said of material.
 *
 * @param description 0 to 256 characters
 * @param validTo when it is to be deleted; empty if it does not expire
 */
public record ImportTerms(String description, Optional<Instant> validTo) {}
