package io.keyhold.identity;

import io.keyhold.key.Arn;
import java.util.function.Predicate;

/**
 * Who operates the daemon, on its Unix socket.
 *
 * @param principal who a process of the daemon's own user, or of root, is
 * @param uid the daemon's user
 * @param actAs whether it may say that it is somebody else
 * @param accounts those whose principals it may be
 */
public record Operator(Arn principal, int uid, boolean actAs, Predicate<String> accounts) {

    private static final int ROOT_UID = 0;

    boolean is(int peer) {
        return peer == uid || peer == ROOT_UID;
    }
}
