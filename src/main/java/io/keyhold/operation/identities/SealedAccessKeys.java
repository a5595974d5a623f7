package io.keyhold.operation.identities;

import io.keyhold.iam.AccessKey;
import io.keyhold.identity.Seal;
import io.keyhold.identity.SigningCredential;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.keyring.Directory;
import java.util.Base64;
import java.util.Optional;

/** The access keys of users, as whoever checks signatures has to know them. */
public final class SealedAccessKeys implements SigningCredential.Source {

    private final Directory directory;
    private final Seal seal;

    public SealedAccessKeys(Directory directory, Seal seal) {
        this.directory = directory;
        this.seal = seal;
    }

    @Override
    public Optional<SigningCredential> find(String accessKeyId) {
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
                .map(
                        key ->
                                new SigningCredential(
                                        new Caller(key.user(), Authentication.SIGNATURE),
                                        key.sealedSecret(),
                                        () -> open(key)));
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
