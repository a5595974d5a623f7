package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.iam.Entity;
import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.policy.ContextKey;
import io.keyhold.policy.ContextKeys;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a request when one of its permissions is decided: of the call, of the caller, of
 * the key, and of the request's own fields.
 *
 * @see "IAM User Guide, AWS global condition context keys; AWS KMS Developer Guide, Condition keys
 *     for AWS KMS"
 */
final class Facts implements ContextKeys {

    private static final String USER = "user/";
    private static final Set<String> ABOUT_GRANTS =
            Set.of("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant");

    private final Circumstances call;
    private final Found found;
    private final Aliases aliases;
    private final Directory directory;

    Facts(Circumstances call, Found found, Aliases aliases, Directory directory) {
        this.call = call;
        this.found = found;
        this.aliases = aliases;
        this.directory = directory;
    }

    @Override
    public List<String> values(ContextKey key) {
        if (key.name().startsWith("iam:")) {
            return iam(key);
        }
        return key.name().startsWith("aws:") ? global(key) : kms(key);
    }

    private List<String> global(ContextKey key) {
        Caller caller = call.caller();
        return switch (key.name()) {
            case "aws:calledvia", "aws:calledviafirst", "aws:calledvialast" ->
                    caller.via().map(via -> via.service().principal()).stream().toList();
            case "aws:currenttime" -> List.of(call.time().toString());
            case "aws:epochtime" -> List.of(Long.toString(call.time().getEpochSecond()));
            case "aws:principalaccount" -> caller.arn().map(Arn::account).stream().toList();
            case "aws:principalarn" -> caller.arn().map(this::principalArn).stream().toList();
            case "aws:principalisawsservice" -> List.of(String.valueOf(caller.isService()));
            case "aws:principalservicename", "aws:principalservicenameslist" ->
                    caller.isService() ? List.of(caller.principal().toString()) : List.of();
            case "aws:principaltag" -> tag(principal().map(Entity::tags), key.parameter());
            case "aws:principaltype" -> caller.arn().map(Facts::principalType).stream().toList();
            case "aws:requestedregion" -> List.of(call.region());
            case "aws:resourceaccount" -> known(account());
            case "aws:resourcetag" -> tag(resourceTags(), key.parameter());
            case "aws:securetransport" -> List.of(String.valueOf(call.overTls()));
            case "aws:sourceaccount" -> known(caller.source().account());
            case "aws:sourcearn" -> known(caller.source().arn());
            case "aws:sourceip" ->
                    caller.how() == Authentication.UNIX_PEER
                            ? List.of()
                            : known(call.sourceAddress());
            case "aws:tokenissuetime" ->
                    caller.session().map(s -> s.issuedAt().toString()).stream().toList();
            case "aws:useragent" -> List.of(call.userAgent());
            case "aws:userid" -> caller.arn().flatMap(directory::userId).stream().toList();
            case "aws:viaawsservice" -> List.of(String.valueOf(caller.via().isPresent()));
            case "aws:username" -> caller.arn().map(Facts::userName).orElse(List.of());
            default -> found.need().request().values(key);
        };
    }

    private List<String> kms(ContextKey key) {
        KeyRecord record = found.key();
        if (key.name().equals("kms:calleraccount")) {
            return callerAccount(call.caller());
        }
        if (key.name().equals("kms:viaservice")) {
            return call.caller().via().map(via -> via.service().via(call.region())).stream()
                    .toList();
        }
        if (record == null) {
            return found.need().request().values(key);
        }
        return switch (key.name()) {
            case "kms:keyspec" -> List.of(record.spec().name());
            case "kms:keyusage" -> List.of(record.usage().name());
            case "kms:keyorigin" -> List.of(record.origin().name());
            case "kms:multiregion" -> List.of("false");
            case "kms:requestalias" -> requestAlias();
            case "kms:resourcealiases" ->
                    aliases.list(record.arn(), "", Aliases.MOST_PER_KEY).stream()
                            .map(Alias::name)
                            .toList();
            case "kms:reencryptonsamekey" -> sameKey();
            case "kms:grantisforawsresource" -> forAwsResource();
            default -> found.need().request().values(key);
        };
    }

    /** Of a service the account that it calls for, or else its own, if it has one. */
    private static List<String> callerAccount(Caller caller) {
        String source = caller.source().account();
        return known(source.isEmpty() ? caller.account() : source);
    }

    private static List<String> known(String value) {
        return value.isEmpty() ? List.of() : List.of(value);
    }

    /**
     * Where the request does not say what boundary there shall be, it is about the one there is.
     */
    private List<String> iam(ContextKey key) {
        List<String> asked = found.need().request().values(key);
        return switch (key.name()) {
            case "iam:permissionsboundary" ->
                    asked.isEmpty()
                            ? resourceEntity()
                                    .flatMap(entity -> entity.permissions().boundary())
                                    .map(Arn::toString)
                                    .stream()
                                    .toList()
                            : asked;
            case "iam:resourcetag" -> tag(resourceTags(), key.parameter());
            default -> asked;
        };
    }

    private Optional<Entity> principal() {
        return call.caller().arn().flatMap(directory::find);
    }

    private Optional<Entity> resourceEntity() {
        return Optional.ofNullable(found.resource()).flatMap(directory::find);
    }

    private Optional<Tags> resourceTags() {
        return found.key() == null
                ? resourceEntity().map(Entity::tags)
                : Optional.of(found.key().tags());
    }

    private String account() {
        Arn resource = found.resource();
        return resource == null ? call.caller().account() : resource.account();
    }

    /** The name of the tag compares without case, its value with it. */
    private static List<String> tag(Optional<Tags> tags, String name) {
        return tags.stream()
                .flatMap(all -> all.values().entrySet().stream())
                .filter(tag -> tag.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    private List<String> requestAlias() {
        String identifier =
                switch (found.need().target()) {
                    case Need.KeyOrAlias key -> key.identifier();
                    case Need.CiphertextKey key -> key.identifier();
                    default -> "";
                };
        int name = identifier.indexOf(Alias.PREFIX);
        return name < 0 ? List.of() : List.of(identifier.substring(name));
    }

    /** Of the requests about grants: whether a service makes them for a resource of its own. */
    private List<String> forAwsResource() {
        return ABOUT_GRANTS.contains(found.need().action())
                ? List.of(
                        String.valueOf(
                                call.caller().isService() || call.caller().via().isPresent()))
                : List.of();
    }

    /** Of a request that names two keys. */
    private List<String> sameKey() {
        List<Arn> keys =
                call.found().stream().map(Found::resource).filter(Objects::nonNull).toList();
        return keys.size() < 2
                ? List.of()
                : List.of(String.valueOf(keys.stream().distinct().count() == 1));
    }

    /** A session's is the ARN of its role, whose path only a record knows. */
    private String principalArn(Arn principal) {
        if (!principal.isSession()) {
            return principal.toString();
        }
        return principal()
                .map(Entity::arn)
                .orElseGet(
                        () ->
                                Arn.iam(
                                        principal.partition(),
                                        principal.account(),
                                        "role",
                                        "/",
                                        principal.roleName()))
                .toString();
    }

    private static String principalType(Arn principal) {
        if (principal.isRoot()) {
            return "Account";
        }
        return principal.resource().startsWith(USER) ? "User" : "AssumedRole";
    }

    private static List<String> userName(Arn principal) {
        return principal.resource().startsWith(USER) ? List.of(principal.lastName()) : List.of();
    }
}
