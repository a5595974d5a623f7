package io.keyhold.identity;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A certification authority, and whom its certificates may name.
 *
 * @param certificate file with its certificate, PEM
 * @param crl file with its revocation list, PEM or DER, if it has one
 * @param accounts the accounts whose principals it may name
 * @param allowRoot whether it may name the root user of those accounts
 * @param services the services that it may name
 * @param mappings what its SPIFFE IDs stand for; the first one that matches counts
 */
public record ClientCa(
        Path certificate,
        Optional<Path> crl,
        Set<String> accounts,
        boolean allowRoot,
        Set<String> services,
        List<Mapping> mappings) {}
