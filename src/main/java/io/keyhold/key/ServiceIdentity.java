package io.keyhold.key;

/**
 * What makes keys a service's: those that it manages have its name, those that it owns are in its
 * account.
 *
 * @param principal such as {@code ec2.amazonaws.com}
 * @param name such as {@code ebs}; empty if it is not declared and manages no keys
 * @param account the one that is its own; empty if it has none
 */
public record ServiceIdentity(String principal, String name, String account) {}
