package io.keyhold.key;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An Amazon Resource Name, {@code arn:partition:service:region:account:resource}.
 *
 * @param region empty for services without regions (IAM, STS)
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html">ARNs</a>
 */
public record Arn(
        String partition, String service, String region, String account, String resource) {

    private static final String KEY = "key/";
    private static final String ROLE = "role/";
    private static final String SESSION = "assumed-role/";
    private static final int PARTS = 6;
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern IAM_PRINCIPAL =
            Pattern.compile("root|user/[\\w+=,.@/-]{1,576}|role/[\\w+=,.@/-]{1,576}");
    private static final Pattern STS_PRINCIPAL =
            Pattern.compile("assumed-role/[\\w+=,.@-]{1,64}/[\\w+=,.@-]{2,64}");

    /** The ARN of a key: {@code arn:aws:kms:us-east-1:123456789012:key/<key id>}. */
    public static Arn key(String partition, String region, String account, KeyId id) {
        return new Arn(partition, "kms", region, account, KEY + id);
    }

    /** The ARN of an alias; {@code name} begins with {@code alias/}. */
    public static Arn alias(String partition, String region, String account, String name) {
        return new Arn(partition, "kms", region, account, name);
    }

    /** The ARN of an account's root user: {@code arn:aws:iam::123456789012:root}. */
    public static Arn root(String partition, String account) {
        return new Arn(partition, "iam", "", account, "root");
    }

    /**
     * The ARN of something of IAM: {@code arn:aws:iam::123456789012:user/path/name}.
     *
     * @param path begins and ends with a slash
     */
    public static Arn iam(String partition, String account, String type, String path, String name) {
        return new Arn(partition, "iam", "", account, type + path + name);
    }

    /** Parses an ARN; empty if the text has not the shape of one. */
    public static Optional<Arn> parse(String text) {
        String[] parts = text.split(":", PARTS);
        if (parts.length < PARTS || !parts[0].equals("arn") || parts[1].isEmpty()) {
            return Optional.empty();
        }
        if (parts[2].isEmpty() || parts[5].isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]));
    }

    /** The key ID that a key ARN ends with; empty for any other ARN. */
    public Optional<String> keyId() {
        return service.equals("kms") && resource.startsWith(KEY)
                ? Optional.of(resource.substring(KEY.length()))
                : Optional.empty();
    }

    /** Whether this names an alias. */
    public boolean isAlias() {
        return service.equals("kms") && resource.startsWith(Alias.PREFIX);
    }

    /** What stands behind the last slash: a name without its path. */
    public String lastName() {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }

    /** Whether this is the root user of an account. */
    public boolean isRoot() {
        return service.equals("iam") && resource.equals("root");
    }

    /** Whether this is a session of a role. */
    public boolean isSession() {
        return service.equals("sts") && resource.startsWith(SESSION);
    }

    /** The name, without path, of the role that this is or is a session of; else empty. */
    public String roleName() {
        if (isSession()) {
            return resource.split("/", -1)[1];
        }
        return service.equals("iam") && resource.startsWith(ROLE) ? lastName() : "";
    }

    /** A session of this role. */
    public Arn session(String name) {
        return new Arn(partition, "sts", "", account, SESSION + roleName() + "/" + name);
    }

    /** Whether this is an account's root, a user, a role or a session of a role. */
    public boolean isPrincipal() {
        Pattern shape =
                switch (service) {
                    case "iam" -> IAM_PRINCIPAL;
                    case "sts" -> STS_PRINCIPAL;
                    default -> null;
                };
        return shape != null
                && shape.matcher(resource).matches()
                && region.isEmpty()
                && ACCOUNT.matcher(account).matches();
    }

    @Override
    public String toString() {
        return String.join(":", "arn", partition, service, region, account, resource);
    }
}
