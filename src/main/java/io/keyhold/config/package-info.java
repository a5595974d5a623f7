/**
 * What an operator can set: records, and one strict loader.
 *
 * <p>May use the JDK and the TOML parser. Invariant: a configuration that loads is complete and
 * valid; secrets are files, never values.
 */
@NullMarked
package io.keyhold.config;

import org.jspecify.annotations.NullMarked;
