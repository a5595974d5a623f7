package io.keyhold.token.pkcs11;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach one token.
 *
 * @param libraryConfiguration file in SunPKCS11's format that names the library
 * @param label CKA label of the token
 * @param serial its serial number, needed where two tokens share a label
 * @param pinFile file that holds the user PIN, readable by its owner only
 * @param refusedPinMarker file in which a refused PIN is remembered
 * @param inProcess whether a call costs less than handing it to another thread
 * @param lanes sessions, and threads for slow calls
 * @param timeout how long a caller waits for the token
 * @param plaintextImports whether the daemon may unwrap what the token cannot
 * @param environment variables that the library reads
 */
public record TokenSettings(
        Path libraryConfiguration,
        String label,
        Optional<String> serial,
        Path pinFile,
        Path refusedPinMarker,
        boolean inProcess,
        int lanes,
        Duration timeout,
        boolean plaintextImports,
        Map<String, String> environment) {

    /** Names the token in messages. */
    String describe() {
        return "token '" + label + "'" + serial.map(s -> " with serial " + s).orElse("");
    }
}
