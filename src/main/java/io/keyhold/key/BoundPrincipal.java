package io.keyhold.key;

/**
 * A principal that a grant names or that a token was issued to, and the record that was meant:
 * whoever gets the name later is somebody else.
 *
 * @param uniqueId of the user or role that there was, or of the role of a session; empty if there
 *     was no record
 */
public record BoundPrincipal(Principal principal, String uniqueId) {

    @Override
    public String toString() {
        return principal.toString();
    }
}
