package io.keyhold.operation.imports;

import io.keyhold.key.Arn;
import io.keyhold.key.KeyId;
import io.keyhold.key.WrappingAlgorithm;
import java.time.Instant;

/** What an import token stands for. */
record ImportToken(Arn key, KeyId wrappingKey, WrappingAlgorithm algorithm, Instant validTo) {}
