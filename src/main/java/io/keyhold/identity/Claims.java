package io.keyhold.identity;

import java.util.List;

/**
 * What the metadata of a call say of its caller: each header as often as it was given.
 *
 * @param actAs {@code keyhold-act-as}: the principal that the call wants to be
 * @param sourceAccount {@code keyhold-source-account}: the account that a service calls for
 * @param sourceArn {@code keyhold-source-arn}: the resource that a service calls for
 * @param sessionToken {@code keyhold-session-token}: temporary credentials of the caller
 */
public record Claims(
        List<String> actAs,
        List<String> sourceAccount,
        List<String> sourceArn,
        List<String> sessionToken) {

    public static final Claims NONE = new Claims(List.of(), List.of(), List.of(), List.of());
}
