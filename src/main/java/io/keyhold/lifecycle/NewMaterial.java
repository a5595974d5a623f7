package io.keyhold.lifecycle;

import io.keyhold.key.ImportType;
import io.keyhold.token.WrappedMaterial;
import java.time.Instant;
import java.util.Optional;

/**
 * Material that shall be imported, with what is said of it.
 *
 * @param type empty: new if the key never had material, else existing
 * @param keyMaterialId which it must be, if that is said
 * @param description empty: the one that it has, if it is existing
 * @param validTo when it is to be deleted; empty if it does not expire
 */
public record NewMaterial(
        WrappedMaterial wrapped,
        Optional<ImportType> type,
        Optional<String> keyMaterialId,
        Optional<String> description,
        Optional<Instant> validTo) {}
