package io.keyhold.operation.identities;

import io.keyhold.iam.AccessKey;
import io.keyhold.identity.AccessKeySecrets;
import io.keyhold.identity.Seal;
import io.keyhold.keyring.Directory;
import java.util.Base64;
import java.util.Optional;

/** The access keys of users, as whoever checks signatures has to know them. */
public final class SealedAccessKeys implements AccessKeySecrets {

    private final Directory directory;
    private final Seal seal;

    public SealedAccessKeys(Directory directory, Seal seal) {
        this.directory = directory;
        this.seal = seal;
    }

    @Override
    public Optional<Known> find(String accessKeyId) {
        return directory
                .accessKeys()
                .find(accessKeyId)
                .filter(key -> key.status() == AccessKey.Status.Active)
                .filter(
                        key ->
                                directory
                                        .uniqueId(key.user())
                                        .filter(key.userId()::equals)
                                        .isPresent())
                .map(key -> new Known(key.user(), key.sealedSecret(), () -> open(key)));
    }

    private byte[] open(AccessKey key) {
        return seal.open(
                        AccessKey.sealedFor(key.id()),
                        Base64.getDecoder().decode(key.sealedSecret()))
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        key.id() + " was not sealed by this daemon"));
    }
}
