package io.keyhold.iam;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The kinds of things that have a name, a path and policies of their own.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">IAM and
 *     STS quotas</a>
 */
public enum Kind {
    USER("User", "AIDA", 5000, 2048),
    GROUP("Group", "AGPA", 300, 5120),
    ROLE("Role", "AROA", 1000, 10_240);

    private static final List<Kind> ALL = List.of(values());

    private final String noun;
    private final String type;
    private final String idPrefix;
    private final int mostPerAccount;
    private final int mostInline;

    Kind(String noun, String idPrefix, int mostPerAccount, int mostInline) {
        this.noun = noun;
        this.type = noun.toLowerCase(Locale.ROOT);
        this.idPrefix = idPrefix;
        this.mostPerAccount = mostPerAccount;
        this.mostInline = mostInline;
    }

    /** What an ARN names, if it is a user, a group or a role. */
    public static Optional<Kind> of(Arn arn) {
        for (Kind kind : ALL) {
            if (arn.service().equals("iam") && kind.isIn(arn.resource())) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private boolean isIn(String resource) {
        return resource.startsWith(type) && resource.startsWith("/", type.length());
    }

    /** Its name in an ARN: {@code user}. */
    public String type() {
        return type;
    }

    /** Its name in the names of fields and verbs: {@code User}. */
    public String noun() {
        return noun;
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
