package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Keyring;
import java.util.Optional;

/** Finds the key that a request means. */
final class Resolver {

    private static final String ALIAS = "alias/";
    private static final String ARN = "arn:";

    private final Keyring keyring;
    private final String partition;

    Resolver(Keyring keyring, String partition) {
        this.keyring = keyring;
        this.partition = partition;
    }

    Found resolve(Authenticated<?> request, Need need) {
        return switch (need.target()) {
            case Need.Account account -> new Found(need, null, null);
            case Need.NamedKey key -> new Found(need, named(request, need, key.identifier()), null);
            case Need.CiphertextKey key -> ciphertext(request, need, key);
        };
    }

    /** A key by its identifier. Without an account in it, it is one of the caller's own. */
    private KeyRecord named(Authenticated<?> request, Need need, String identifier) {
        if (identifier.startsWith(ARN)) {
            return byArn(request, need, identifier);
        }
        if (identifier.startsWith(ALIAS)) {
            throw noAlias(
                    Arn.alias(partition, request.region(), request.caller().account(), identifier));
        }
        KeyId id =
                KeyId.parse(identifier)
                        .orElseThrow(
                                () ->
                                        KmsFault.of(
                                                FaultName.NotFoundException,
                                                "Invalid keyId '%s'",
                                                identifier));
        Arn arn = Arn.key(partition, request.region(), request.caller().account(), id);
        return find(arn, id).orElseThrow(() -> notFound(arn));
    }

    private KeyRecord byArn(Authenticated<?> request, Need need, String text) {
        Arn arn =
                Arn.parse(text)
                        .filter(a -> a.service().equals("kms"))
                        .filter(a -> a.partition().equals(partition))
                        .filter(a -> a.isAlias() || a.keyId().isPresent())
                        .orElseThrow(
                                () ->
                                        KmsFault.of(
                                                FaultName.InvalidArnException,
                                                "'%s' is not the ARN of a key or an alias.",
                                                text));
        if (!arn.region().equals(request.region())) {
            throw KmsFault.of(FaultName.NotFoundException, "Invalid arn %s", arn.region());
        }
        boolean own = arn.account().equals(request.caller().account());
        if (arn.isAlias()) {
            throw own ? noAlias(arn) : denied(request, need, arn);
        }
        // A stranger must not learn which keys exist: unknown and forbidden look the same.
        return arn.keyId()
                .flatMap(KeyId::parse)
                .flatMap(id -> find(arn, id))
                .orElseThrow(() -> own ? notFound(arn) : denied(request, need, arn));
    }

    /** The header is not authenticated yet: it names a candidate, and the tag proves it later. */
    private Found ciphertext(Authenticated<?> request, Need need, Need.CiphertextKey target) {
        CiphertextBlob blob =
                CiphertextBlob.parse(target.blob())
                        .orElseThrow(() -> KmsFault.bare(FaultName.InvalidCiphertextException));
        Optional<KeyRecord> candidate = keyring.find(request.region(), blob.header().key());
        if (!target.identifier().isEmpty()) {
            KeyRecord named = named(request, need, target.identifier());
            if (candidate.filter(key -> key.arn().equals(named.arn())).isEmpty()) {
                // A stranger must not learn from the difference that the named key exists.
                boolean own = named.arn().account().equals(request.caller().account());
                throw own ? incorrectKey() : denied(request, need, named.arn());
            }
        }
        return new Found(need, candidate.orElseThrow(Resolver::ciphertextDenied), blob);
    }

    private Optional<KeyRecord> find(Arn arn, KeyId id) {
        return keyring.find(arn.region(), id).filter(key -> key.arn().equals(arn));
    }

    /** What a caller hears of a ciphertext's key that is unknown, and of one it may not use. */
    static KmsFault ciphertextDenied() {
        return KmsFault.of(
                FaultName.AccessDeniedException,
                "The ciphertext refers to a customer master key that does not exist, does not"
                        + " exist in this region, or you are not allowed to access.");
    }

    private static KmsFault denied(Authenticated<?> request, Need need, Arn arn) {
        return Access.denied(
                request.caller(),
                need.action(),
                arn.toString(),
                "no resource-based policy allows the " + need.action() + " action");
    }

    private static KmsFault incorrectKey() {
        return KmsFault.of(
                FaultName.IncorrectKeyException,
                "The key ID in the request does not identify a CMK that can perform this"
                        + " operation.");
    }

    private static KmsFault notFound(Arn key) {
        return KmsFault.of(FaultName.NotFoundException, "Key '%s' does not exist", key);
    }

    private static KmsFault noAlias(Arn alias) {
        return KmsFault.of(FaultName.NotFoundException, "Alias %s is not found.", alias);
    }
}
