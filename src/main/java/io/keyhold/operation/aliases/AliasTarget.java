package io.keyhold.operation.aliases;

import io.keyhold.access.Need;
import io.keyhold.key.Alias;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;

/** The key that an alias shall name. */
final class AliasTarget {

    private AliasTarget() {}

    /**
     * By key ID or key ARN.
     *
     * @throws KmsFault ValidationException, in AWS's words, if it is itself an alias
     */
    static Need.Key of(String keyId) {
        if (keyId.startsWith(Alias.PREFIX) || keyId.contains(":" + Alias.PREFIX)) {
            throw KmsFault.of(
                    FaultName.ValidationException, "Aliases must refer to keys. Not aliases");
        }
        return new Need.Key(keyId);
    }
}
