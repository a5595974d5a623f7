package io.keyhold.iam;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.time.Instant;

/**
 * An access key of a user.
 *
 * @param userId the user's unique ID
 * @param sealedSecret what signs requests, in Base64: for the daemon alone to open
 */
public record AccessKey(
        String id, Arn user, String userId, Status status, Instant createdAt, String sealedSecret) {

    /** The most that a user may have. */
    public static final int MOST_PER_USER = 2;

    private static final int RANDOM_LETTERS = 16;

    /** Whether it can be used. */
    public enum Status {
        Active,
        Inactive
    }

    /** A new ID for one. */
    public static String newId() {
        return UniqueId.of("AKIA", RANDOM_LETTERS);
    }

    /** A new ID for temporary credentials. */
    public static String newSessionId() {
        return UniqueId.of("ASIA", RANDOM_LETTERS);
    }

    public AccessKey with(Status other) {
        return new AccessKey(id, user, userId, other, createdAt, sealedSecret);
    }

    /** What its secret is sealed for: this key's and no other's. */
    public static String sealedFor(String id) {
        return "access-key/" + id;
    }

    /** What a caller hears of one that is not there. */
    public static KmsFault notFound(String id) {
        return KmsFault.of(
                FaultName.NoSuchEntityException, "The Access Key with id %s cannot be found.", id);
    }
}
