package io.keyhold.iam;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kinds of things that have a name, a path and policies of their own.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">IAM and
 *     STS quotas</a>
 */
public enum Kind {
    USER("AIDA", 5000, 2048),
    GROUP("AGPA", 300, 5120),
    ROLE("AROA", 1000, 10_240);

    private final String idPrefix;
    private final int mostPerAccount;
    private final int mostInline;

    Kind(String idPrefix, int mostPerAccount, int mostInline) {
        this.idPrefix = idPrefix;
        this.mostPerAccount = mostPerAccount;
        this.mostInline = mostInline;
    }

    /** What an ARN names, if it is a user, a group or a role. */
    public static Optional<Kind> of(Arn arn) {
        return Stream.of(values())
                .filter(kind -> arn.service().equals("iam"))
                .filter(kind -> arn.resource().startsWith(kind.type() + "/"))
                .findFirst();
    }

    /** Its name in an ARN: {@code user}. */
    public String type() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its name in the names of fields and verbs: {@code User}. */
    public String noun() {
        return name().charAt(0) + type().substring(1);
    }

    /** The most that an account may have. */
    public int mostPerAccount() {
        return mostPerAccount;
    }

    /** The most characters, white space apart, that the inline policies of one may have. */
    int mostInline() {
        return mostInline;
    }

    /** A new unique ID. */
    public String newId() {
        return UniqueId.of(idPrefix);
    }

    /** What a caller hears of one that is not there. */
    public KmsFault notFound(String name) {
        return KmsFault.of(
                FaultName.NoSuchEntityException,
                "The %s with name %s cannot be found.",
                type(),
                name);
    }
}
