package io.keyhold.operation.imports;

import io.keyhold.identity.Seal;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KmsFault;
import io.keyhold.key.WrappingAlgorithm;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Import tokens: what they stand for, sealed by the token, so that nobody else can make one. */
final class ImportTokens {

    private static final String PURPOSE = "import token";
    private static final String VERSION = "1";
    private static final String SEPARATOR = " ";
    private static final int PARTS = 5;

    private final Seal seal;
    private final InstantSource clock;

    ImportTokens(Seal seal, InstantSource clock) {
        this.seal = seal;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    byte[] issue(ImportToken token) {
        String text =
                String.join(
                        SEPARATOR,
                        VERSION,
                        token.key().toString(),
                        token.wrappingKey().toString(),
                        token.algorithm().name(),
                        String.valueOf(token.validTo().toEpochMilli()));
        return seal.seal(PURPOSE, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What a token stands for.
     *
     * @throws KmsFault InvalidImportTokenException if it is none of ours or for another key,
     *     ExpiredImportTokenException
     */
    ImportToken open(byte[] sealed, Arn key) {
        ImportToken token =
                seal.open(PURPOSE, sealed)
                        .flatMap(ImportTokens::parse)
                        .filter(each -> each.key().equals(key))
                        .orElseThrow(ImportTokens::invalid);
        if (!now().isBefore(token.validTo())) {
            throw expired();
        }
        return token;
    }

    private static KmsFault invalid() {
        return KmsFault.of(
                FaultName.InvalidImportTokenException,
                "ImportToken is not one that GetParametersForImport gave for this KMS key.");
    }

    static KmsFault expired() {
        return KmsFault.of(
                FaultName.ExpiredImportTokenException,
                "ImportToken has expired: call GetParametersForImport, and wrap the key material"
                        + " again.");
    }

    private static Optional<ImportToken> parse(byte[] bytes) {
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split(SEPARATOR, -1);
        if (parts.length != PARTS || !parts[0].equals(VERSION)) {
            return Optional.empty();
        }
        return Optional.of(
                new ImportToken(
                        Arn.parse(parts[1]).orElseThrow(),
                        KeyId.parse(parts[2]).orElseThrow(),
                        WrappingAlgorithm.valueOf(parts[3]),
                        Instant.ofEpochMilli(Long.parseLong(parts[4]))));
    }
}
