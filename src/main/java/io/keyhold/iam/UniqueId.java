package io.keyhold.iam;

import java.security.SecureRandom;

/** IDs that are never given twice, as names are. */
final class UniqueId {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int LENGTH = 17;

    private UniqueId() {}

    /** A new one; what it begins with says what it is of. */
    static String of(String prefix) {
        return of(prefix, LENGTH);
    }

    /** Likewise, with so many letters and digits behind the prefix. */
    static String of(String prefix, int length) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < length; i++) {
            id.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return id.toString();
    }
}
