package io.keyhold.iam;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.time.Instant;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A customer managed policy.
 *
 * @param versions by number; never empty
 * @param defaultVersion the number of the one that counts
 * @param lastVersion the highest number that was ever given: none is given twice
 * @param updatedAt when a version was last made
 */
public record ManagedPolicy(
        Arn arn,
        String uniqueId,
        String description,
        Instant createdAt,
        Instant updatedAt,
        NavigableMap<Integer, Version> versions,
        int defaultVersion,
        int lastVersion) {

    /** What its ARN has before path and name. */
    public static final String TYPE = "policy";

    /** The most that an account may have. */
    public static final int MOST_PER_ACCOUNT = 1500;

    private static final int MOST_VERSIONS = 5;
    private static final int LONGEST = 6144;

    public ManagedPolicy {
        versions = Collections.unmodifiableNavigableMap(new TreeMap<>(versions));
    }

    /**
     * A new policy.
     *
     * @throws KmsFault LimitExceededException if the document is too long
     */
    public static ManagedPolicy of(Arn arn, String description, String document, Instant now) {
        NavigableMap<Integer, Version> first = new TreeMap<>();
        first.put(1, Version.of(1, document, now));
        return new ManagedPolicy(arn, UniqueId.of("ANPA"), description, now, now, first, 1, 1);
    }

    /**
     * The ARN of a managed policy, as a request has it.
     *
     * @throws KmsFault InvalidInputException if the text is none
     */
    public static Arn parseArn(String text) {
        return Arn.parse(text)
                .filter(arn -> arn.service().equals("iam"))
                .filter(arn -> arn.resource().startsWith(TYPE + "/"))
                .orElseThrow(
                        () ->
                                KmsFault.of(
                                        FaultName.InvalidInputException,
                                        "ARN %s is not valid.",
                                        text));
    }

    /**
     * One version of a policy.
     *
     * @param number from 1 on; its ID has a v before it
     */
    public record Version(int number, String document, Instant createdAt) {

        static Version of(int number, String document, Instant now) {
            PolicyText.requireSize(document, LONGEST, "PolicySize");
            return new Version(number, document, now);
        }

        public String id() {
            return "v" + number;
        }
    }

    public String name() {
        return arn.lastName();
    }

    /** The path, which begins and ends with a slash. */
    public String path() {
        return arn.resource().substring(TYPE.length(), arn.resource().lastIndexOf('/') + 1);
    }

    /** The document that counts. */
    public String document() {
        return Objects.requireNonNull(versions.get(defaultVersion)).document();
    }

    /**
     * The version that an ID names.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public Version require(String versionId) {
        return versions.values().stream()
                .filter(version -> version.id().equals(versionId))
                .findFirst()
                .orElseThrow(
                        () ->
                                KmsFault.of(
                                        FaultName.NoSuchEntityException,
                                        "Policy %s version %s does not exist or is not"
                                                + " attachable.",
                                        arn,
                                        versionId));
    }

    /**
     * With one more version.
     *
     * @throws KmsFault LimitExceededException
     */
    public ManagedPolicy with(String document, boolean setAsDefault, Instant now) {
        if (versions.size() >= MOST_VERSIONS) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "A managed policy can have up to %d versions. Before you create a new version,"
                            + " you must delete an existing version.",
                    MOST_VERSIONS);
        }
        int number = lastVersion + 1;
        NavigableMap<Integer, Version> all = new TreeMap<>(versions);
        all.put(number, Version.of(number, document, now));
        return new ManagedPolicy(
                arn,
                uniqueId,
                description,
                createdAt,
                now,
                all,
                setAsDefault ? number : defaultVersion,
                number);
    }

    /**
     * With another version as the one that counts.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public ManagedPolicy setDefault(String versionId) {
        return with(versions, require(versionId).number());
    }

    /**
     * Without a version.
     *
     * @throws KmsFault NoSuchEntityException; DeleteConflictException if it is the default one
     */
    public ManagedPolicy without(String versionId) {
        int number = require(versionId).number();
        if (number == defaultVersion) {
            throw KmsFault.of(
                    FaultName.DeleteConflictException,
                    "Cannot delete the default version of a policy.");
        }
        NavigableMap<Integer, Version> rest = new TreeMap<>(versions);
        rest.remove(number);
        return with(rest, defaultVersion);
    }

    private ManagedPolicy with(NavigableMap<Integer, Version> others, int counting) {
        return new ManagedPolicy(
                arn, uniqueId, description, createdAt, updatedAt, others, counting, lastVersion);
    }
}
