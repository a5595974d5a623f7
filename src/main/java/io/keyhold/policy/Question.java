package io.keyhold.policy;

import java.util.Locale;

/**
 * What policies are asked: may this be done?
 *
 * @param lowerCaseAction the action for comparing: actions are case-insensitive
 * @param resource an ARN, or {@code *} where the action has no resource
 * @param keys what else is known
 */
public record Question(
        Subject subject, String action, String lowerCaseAction, String resource, ContextKeys keys) {

    public Question(Subject subject, String action, String resource, ContextKeys keys) {
        this(subject, action, action.toLowerCase(Locale.ROOT), resource, keys);
    }
}
