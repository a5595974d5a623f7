package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.Grant;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.keyring.ManagedKeys;
import io.keyhold.policy.Decision;
import java.util.Optional;

/** Finds what a request means. */
final class Resolver {

    private final Keyring keyring;
    private final KeyNames keys;
    private final Grants grants;
    private final Identities identities;
    private final String partition;

    Resolver(
            Keyring keyring,
            Aliases aliases,
            Grants grants,
            Directory directory,
            ManagedKeys managed,
            CrossAccount crossAccount,
            String partition) {
        this.keyring = keyring;
        this.keys = new KeyNames(keyring, aliases, managed, crossAccount, partition);
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
                    Found.key(
                            need, keys.ofAlias(request, need, alias(request, need, alias.name())));
            case Need.MentionedKey key ->
                    Found.key(need, keys.byIdOrArn(request, need, key.identifier()));
            case Need.Key key -> Found.key(need, keys.byIdOrArn(request, need, key.identifier()));
            case Need.KeyToGrant key ->
                    Found.key(need, keys.byIdOrArn(request, need, key.identifier()));
            case Need.GrantOfToken grant -> grant(request, need, grants.ofToken(grant.token()));
            case Need.GrantOfKey grant -> grant(request, need, grant);
            case Need.OwnPrincipal principal ->
                    Found.named(need, principal(request, need, principal.arn()));
            case Need.CallingService service -> service(request, need, service.name());
            case Need.KeyOrAlias key ->
                    Found.key(need, keys.byAnyName(request, need, key.identifier()));
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
        if (request.caller().account().isEmpty()) {
            throw KeyNames.denied(request, need, name);
        }
        return Arn.alias(partition, request.region(), request.caller().account(), name);
    }

    /** The header is not authenticated yet: it names a candidate, and the tag proves it later. */
    private Found ciphertext(Authenticated<?> request, Need need, Need.CiphertextKey target) {
        CiphertextBlob blob =
                CiphertextBlob.parse(target.blob())
                        .orElseThrow(() -> KmsFault.bare(FaultName.InvalidCiphertextException));
        Optional<KeyRecord> candidate =
                keyring.find(request.region(), blob.header().key())
                        .filter(key -> keys.isReachable(request, need, key));
        if (!target.identifier().isEmpty()) {
            KeyRecord named = keys.byAnyName(request, need, target.identifier());
            if (candidate.filter(key -> key.arn().equals(named.arn())).isEmpty()) {
                return Found.wrongKey(need, named);
            }
        }
        return Found.key(need, candidate.orElseThrow(Resolver::ciphertextDenied), blob);
    }

    private Found grant(Authenticated<?> request, Need need, Need.GrantOfKey target) {
        KeyRecord key = keys.byIdOrArn(request, need, target.identifier());
        Grant.requireId(target.grantId());
        return grants.find(key.arn(), target.grantId())
                .map(grant -> Found.grant(need, key, grant))
                .orElseThrow(
                        () ->
                                KeyNames.isOwn(request, key.arn())
                                        ? Grants.notFound(target.grantId())
                                        : KeyNames.denied(request, need, key.arn().toString()));
    }

    private Found grant(Authenticated<?> request, Need need, Grant grant) {
        if (!grant.key().region().equals(request.region())) {
            throw Grants.noSuchToken();
        }
        KeyRecord key = keyring.get(grant.key());
        if (!keys.isReachable(request, need, key)) {
            throw Grants.noSuchToken();
        }
        return Found.grant(need, key, grant);
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
        if (!KeyNames.isOwn(request, arn)) {
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

    /** What a caller hears of a ciphertext's key that is unknown, and of one it may not use. */
    static KmsFault ciphertextDenied() {
        return KmsFault.of(
                FaultName.AccessDeniedException,
                "The ciphertext refers to a customer master key that does not exist, does not"
                        + " exist in this region, or you are not allowed to access.");
    }
}
