package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.Grant;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.policy.Decision;
import java.util.Optional;

/** Finds what a request means. */
final class Resolver {

    private static final String ARN = "arn:";

    private final Keyring keyring;
    private final Aliases aliases;
    private final Grants grants;
    private final Identities identities;
    private final String partition;

    Resolver(
            Keyring keyring,
            Aliases aliases,
            Grants grants,
            Directory directory,
            String partition) {
        this.keyring = keyring;
        this.aliases = aliases;
        this.grants = grants;
        this.identities = new Identities(directory, partition);
        this.partition = partition;
    }

    Found resolve(Authenticated<?> request, Need need) {
        return switch (need.target()) {
            case Need.Account account -> Found.account(need);
            case Need.Daemon daemon -> Found.account(need);
            case Need.Identity identity ->
                    Found.named(need, identities.arn(request.caller(), identity));
            case Need.NewIdentity identity ->
                    Found.named(need, identities.arn(request.caller(), identity));
            case Need.UserOfAccessKey key ->
                    Found.named(need, identities.arn(request.caller(), key));
            case Need.RoleToAssume role -> Found.named(need, identities.arn(role));
            case Need.ManagedPolicy policy ->
                    Found.named(need, ManagedPolicy.parseArn(policy.arn()));
            case Need.AliasName alias -> Found.named(need, alias(request, need, alias.name()));
            case Need.KeyOfAlias alias ->
                    Found.key(need, target(request, need, alias(request, need, alias.name())));
            case Need.MentionedKey key -> Found.key(need, key(request, need, key.identifier()));
            case Need.Key key -> Found.key(need, key(request, need, key.identifier()));
            case Need.KeyToGrant key -> Found.key(need, key(request, need, key.identifier()));
            case Need.GrantOfToken grant -> grant(request, need, grants.ofToken(grant.token()));
            case Need.GrantOfKey grant -> grant(request, need, grant);
            case Need.OwnPrincipal principal ->
                    Found.named(need, principal(request, need, principal.arn()));
            case Need.CallingService service -> service(request, need, service.name());
            case Need.KeyOrAlias key ->
                    Found.key(need, keyOrAlias(request, need, key.identifier()));
            case Need.CiphertextKey key -> ciphertext(request, need, key);
        };
    }

    /** The ARN of an alias name, which has the caller's account. */
    private Arn alias(Authenticated<?> request, Need need, String name) {
        if (!name.startsWith(Alias.PREFIX) || name.equals(Alias.PREFIX)) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "Alias must start with the prefix \"alias/\". Please see"
                            + " https://docs.aws.amazon.com/kms/latest/developerguide/"
                            + "kms-alias.html");
        }
        if (request.caller().isService()) {
            throw denied(request, need, name);
        }
        return Arn.alias(partition, request.region(), request.caller().account(), name);
    }

    /** The account that a name without one is looked up in. */
    private static String ownAccount(Authenticated<?> request, String name) {
        if (request.caller().isService()) {
            throw KmsFault.of(
                    FaultName.NotFoundException,
                    "'%s' cannot be found: %s has no account of its own; it names keys and aliases"
                            + " by their ARN.",
                    name,
                    request.caller().principal());
        }
        return request.caller().account();
    }

    /** A key by ID, ARN, alias name or alias ARN. */
    private KeyRecord keyOrAlias(Authenticated<?> request, Need need, String identifier) {
        if (identifier.startsWith(Alias.PREFIX)) {
            String account = ownAccount(request, identifier);
            return target(
                    request, need, Arn.alias(partition, request.region(), account, identifier));
        }
        return identifier.startsWith(ARN)
                ? byArn(request, need, arn(request, identifier))
                : byId(request, identifier);
    }

    /** A key by ID or ARN. */
    private KeyRecord key(Authenticated<?> request, Need need, String identifier) {
        if (!identifier.startsWith(ARN)) {
            return byId(request, identifier);
        }
        Arn arn = arn(request, identifier);
        if (arn.isAlias()) {
            throw noKeyId(identifier);
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
            return target(request, need, arn);
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

    /** A key of another account is there for some actions only. */
    private static boolean isReachable(Authenticated<?> request, Need need, KeyRecord key) {
        return isOwn(request, key.arn()) || CrossAccount.allows(need.action());
    }

    /** The key that an alias names now. */
    private KeyRecord target(Authenticated<?> request, Need need, Arn alias) {
        return aliases.find(alias)
                .flatMap(found -> find(found.targetArn(), found.target()))
                .filter(key -> isReachable(request, need, key))
                .orElseThrow(
                        () ->
                                isOwn(request, alias)
                                        ? Aliases.notFound(alias)
                                        : denied(request, need, alias.toString()));
    }

    /** The header is not authenticated yet: it names a candidate, and the tag proves it later. */
    private Found ciphertext(Authenticated<?> request, Need need, Need.CiphertextKey target) {
        CiphertextBlob blob =
                CiphertextBlob.parse(target.blob())
                        .orElseThrow(() -> KmsFault.bare(FaultName.InvalidCiphertextException));
        Optional<KeyRecord> candidate = keyring.find(request.region(), blob.header().key());
        if (!target.identifier().isEmpty()) {
            KeyRecord named = keyOrAlias(request, need, target.identifier());
            if (candidate.filter(key -> key.arn().equals(named.arn())).isEmpty()) {
                return Found.wrongKey(need, named);
            }
        }
        return Found.key(need, candidate.orElseThrow(Resolver::ciphertextDenied), blob);
    }

    private Found grant(Authenticated<?> request, Need need, Need.GrantOfKey target) {
        KeyRecord key = key(request, need, target.identifier());
        Grant.requireId(target.grantId());
        return grants.find(key.arn(), target.grantId())
                .map(grant -> Found.grant(need, key, grant))
                .orElseThrow(
                        () ->
                                isOwn(request, key.arn())
                                        ? Grants.notFound(target.grantId())
                                        : denied(request, need, key.arn().toString()));
    }

    private Found grant(Authenticated<?> request, Need need, Grant grant) {
        if (!grant.key().region().equals(request.region())) {
            throw Grants.noSuchToken();
        }
        return Found.grant(need, keyring.get(grant.key()), grant);
    }

    private Arn principal(Authenticated<?> request, Need need, String text) {
        Arn arn =
                Arn.parse(text)
                        .filter(Arn::isPrincipal)
                        .orElseThrow(
                                () ->
                                        KmsFault.of(
                                                FaultName.InvalidArnException,
                                                "'%s' is not the ARN of a root, a user, a role or"
                                                        + " a role session.",
                                                text));
        if (!isOwn(request, arn)) {
            throw Access.denied(
                    request.caller(),
                    need.action(),
                    text,
                    Decision.Reason.NO_IDENTITY_POLICY.words(need.action()));
        }
        return arn;
    }

    private static Found service(Authenticated<?> request, Need need, String name) {
        if (!request.caller().principal().toString().equals(name)) {
            throw Access.denied(
                    request.caller(),
                    need.action(),
                    name,
                    Decision.Reason.NO_IDENTITY_POLICY.words(need.action()));
        }
        return Found.account(need);
    }

    private Optional<KeyRecord> find(Arn arn, KeyId id) {
        return keyring.find(arn.region(), id).filter(key -> key.arn().equals(arn));
    }

    private static boolean isOwn(Authenticated<?> request, Arn resource) {
        return resource.account().equals(request.caller().account());
    }

    /** What a caller hears of a ciphertext's key that is unknown, and of one it may not use. */
    static KmsFault ciphertextDenied() {
        return KmsFault.of(
                FaultName.AccessDeniedException,
                "The ciphertext refers to a customer master key that does not exist, does not"
                        + " exist in this region, or you are not allowed to access.");
    }

    private static KmsFault denied(Authenticated<?> request, Need need, String resource) {
        return Access.denied(
                request.caller(),
                need.action(),
                resource,
                Decision.Reason.NO_RESOURCE_POLICY.words(need.action()));
    }

    private static KmsFault noKeyId(String identifier) {
        return KmsFault.of(FaultName.NotFoundException, "Invalid keyId '%s'", identifier);
    }

    private static KmsFault notFound(Arn key) {
        return KmsFault.of(FaultName.NotFoundException, "Key '%s' does not exist", key);
    }
}
