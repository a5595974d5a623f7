package io.keyhold.token;

import io.keyhold.key.Material;
import io.keyhold.key.WrappingAlgorithm;

/**
 * Material on its way in.
 *
 * @param wrappingKey whose public half it is wrapped by
 * @param bytes as they came: of secrets the bytes themselves, of private keys PKCS #8, wrapped
 */
public record WrappedMaterial(Material wrappingKey, WrappingAlgorithm algorithm, byte[] bytes) {}
