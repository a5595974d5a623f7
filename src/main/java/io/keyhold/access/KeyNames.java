package io.keyhold.access;

import io.keyhold.identity.Authenticated;
import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Service;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Keyring;
import io.keyhold.keyring.ManagedKeys;
import io.keyhold.policy.Decision;
import java.util.Optional;

/** Finds the key that an identifier names. */
final class KeyNames {

    private static final String ARN = "arn:";

    private final Keyring keyring;
    private final Aliases aliases;
    private final ManagedKeys managed;
    private final CrossAccount crossAccount;
    private final String partition;

    KeyNames(
            Keyring keyring,
            Aliases aliases,
            ManagedKeys managed,
            CrossAccount crossAccount,
            String partition) {
        this.keyring = keyring;
        this.aliases = aliases;
        this.managed = managed;
        this.crossAccount = crossAccount;
        this.partition = partition;
    }

    /** A key by ID, ARN, alias name or alias ARN. */
    KeyRecord byAnyName(Authenticated<?> request, Need need, String identifier) {
        if (identifier.startsWith(Alias.PREFIX)) {
            String account = ownAccount(request, identifier);
            Arn alias = Arn.alias(partition, request.region(), account, identifier);
            Optional<Service> via = request.caller().via().map(Caller.Via::service);
            return via.filter(service -> service.alias(alias).equals(alias)).isPresent()
                    ? byArn(request, need, managed.keyOf(alias, via.get()))
                    : ofAlias(request, need, alias);
        }
        return identifier.startsWith(ARN)
                ? byArn(request, need, arn(request, identifier))
                : byId(request, identifier);
    }

    /** A key by ID or ARN. */
    KeyRecord byIdOrArn(Authenticated<?> request, Need need, String identifier) {
        if (identifier.startsWith(Alias.PREFIX)) {
            throw noAliases();
        }
        if (!identifier.startsWith(ARN)) {
            return byId(request, identifier);
        }
        Arn arn = arn(request, identifier);
        if (arn.isAlias()) {
            throw noAliases();
        }
        return byArn(request, need, arn);
    }

    private KeyRecord byId(Authenticated<?> request, String identifier) {
        KeyId id = KeyId.parse(identifier).orElseThrow(() -> noKeyId(identifier));
        Arn arn = Arn.key(partition, request.region(), ownAccount(request, identifier), id);
        return find(arn, id).orElseThrow(() -> notFound(arn));
    }

    private Arn arn(Authenticated<?> request, String text) {
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
        return arn;
    }

    /** A stranger must not learn which keys exist: unknown and forbidden look the same. */
    private KeyRecord byArn(Authenticated<?> request, Need need, Arn arn) {
        if (arn.isAlias()) {
            return ofAlias(request, need, arn);
        }
        return arn.keyId()
                .flatMap(KeyId::parse)
                .flatMap(id -> find(arn, id))
                .filter(key -> isReachable(request, need, key))
                .orElseThrow(
                        () ->
                                isOwn(request, arn)
                                        ? notFound(arn)
                                        : denied(request, need, arn.toString()));
    }

    /** Whether the caller can mean a key at all, as far as its account is concerned. */
    boolean isReachable(Authenticated<?> request, Need need, KeyRecord key) {
        return crossAccount.reaches(request.caller(), need.action(), key.arn());
    }

    /** The key that an alias names now. */
    KeyRecord ofAlias(Authenticated<?> request, Need need, Arn alias) {
        return aliases.find(alias)
                .flatMap(found -> find(found.targetArn(), found.target()))
                .filter(key -> isReachable(request, need, key))
                .orElseThrow(
                        () ->
                                isOwn(request, alias)
                                        ? Aliases.notFound(alias)
                                        : denied(request, need, alias.toString()));
    }

    /** The account that a name without one is looked up in. */
    private static String ownAccount(Authenticated<?> request, String name) {
        String account = request.caller().account();
        if (account.isEmpty()) {
            throw KmsFault.of(
                    FaultName.NotFoundException,
                    "'%s' cannot be found: %s has no account of its own; it names keys and aliases"
                            + " by their ARN.",
                    name,
                    request.caller().principal());
        }
        return account;
    }

    private Optional<KeyRecord> find(Arn arn, KeyId id) {
        return keyring.find(arn.region(), id).filter(key -> key.arn().equals(arn));
    }

    static boolean isOwn(Authenticated<?> request, Arn resource) {
        return resource.account().equals(request.caller().account());
    }

    static KmsFault denied(Authenticated<?> request, Need need, String resource) {
        return Access.denied(
                request.caller(),
                need.action(),
                resource,
                Decision.Reason.NO_RESOURCE_POLICY.words(need.action()));
    }

    private static KmsFault noAliases() {
        return KmsFault.of(
                FaultName.InvalidArnException, "Key Aliases are not supported for this operation.");
    }

    private static KmsFault noKeyId(String identifier) {
        return KmsFault.of(FaultName.NotFoundException, "Invalid keyId '%s'", identifier);
    }

    private static KmsFault notFound(Arn key) {
        return Keyring.notFound(key.toString());
    }
}
