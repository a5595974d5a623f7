package io.keyhold.key;

/**
 * What makes keys a service's: those that it manages have its name, policies mean it by its label,
 * and those that it owns are in its account.
 *
 * @param principal such as {@code ec2.amazonaws.com}
 * @param name such as {@code ebs}; empty if it is not declared and nothing means it by name or
 *     label
 * @param account the one that is its own; empty if it has none
 */
public record ServiceIdentity(String principal, String name, String account) {

    /** The first label of its principal, such as {@code ec2}; empty if it has no name. */
    public String label() {
        return name.isEmpty() ? "" : principal.substring(0, principal.indexOf('.'));
    }
}
