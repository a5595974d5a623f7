package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.identity.Authenticated;
import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.KeyRecord;
import io.keyhold.keyring.Aliases;
import io.keyhold.policy.ContextKey;
import io.keyhold.policy.ContextKeys;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private final Resolved<?> resolved;
    private final Found found;
    private final Aliases aliases;

    Facts(Resolved<?> resolved, Found found, Aliases aliases) {
        this.resolved = resolved;
        this.found = found;
        this.aliases = aliases;
    }

    @Override
    public List<String> values(ContextKey key) {
        return key.name().startsWith("aws:") ? global(key) : kms(key);
    }

    private List<String> global(ContextKey key) {
        Authenticated<?> request = resolved.request();
        Caller caller = request.caller();
        return switch (key.name()) {
            case "aws:currenttime" -> List.of(request.received().toString());
            case "aws:epochtime" -> List.of(Long.toString(request.received().getEpochSecond()));
            case "aws:principalaccount" -> known(caller.account());
            case "aws:principalarn" -> caller.arn().map(Facts::principalArn).stream().toList();
            case "aws:principalisawsservice" -> List.of(String.valueOf(caller.isService()));
            case "aws:principalservicename", "aws:principalservicenameslist" ->
                    caller.isService() ? List.of(caller.principal().toString()) : List.of();
            case "aws:principaltype" -> caller.arn().map(Facts::principalType).stream().toList();
            case "aws:requestedregion" -> List.of(request.region());
            case "aws:resourceaccount" -> known(account());
            case "aws:resourcetag" -> tag(key.parameter());
            case "aws:securetransport" ->
                    List.of(String.valueOf(caller.how() == Authentication.TLS_CERTIFICATE));
            case "aws:sourceaccount" -> known(caller.source().account());
            case "aws:sourcearn" -> known(caller.source().arn());
            case "aws:sourceip" ->
                    caller.how() == Authentication.TLS_CERTIFICATE
                            ? List.of(request.sourceAddress())
                            : List.of();
            case "aws:useragent" -> List.of(request.userAgent());
            case "aws:username" -> caller.arn().map(Facts::userName).orElse(List.of());
            default -> found.need().request().values(key);
        };
    }

    private List<String> kms(ContextKey key) {
        KeyRecord record = found.key();
        if (key.name().equals("kms:calleraccount")) {
            return callerAccount(resolved.request().caller());
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

    /** A service has no account: what counts is the one that it calls for. */
    private static List<String> callerAccount(Caller caller) {
        return known(caller.isService() ? caller.source().account() : caller.account());
    }

    private static List<String> known(String value) {
        return value.isEmpty() ? List.of() : List.of(value);
    }

    private String account() {
        Arn resource = found.resource();
        return resource == null ? resolved.request().caller().account() : resource.account();
    }

    /** The name of the tag compares without case, its value with it. */
    private List<String> tag(String name) {
        KeyRecord record = found.key();
        return record == null
                ? List.of()
                : record.tags().values().entrySet().stream()
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
                ? List.of(String.valueOf(resolved.request().caller().isService()))
                : List.of();
    }

    /** Of a request that names two keys. */
    private List<String> sameKey() {
        List<Arn> keys =
                resolved.found().stream().map(Found::resource).filter(Objects::nonNull).toList();
        return keys.size() < 2
                ? List.of()
                : List.of(String.valueOf(keys.stream().distinct().count() == 1));
    }

    /** A session's is the ARN of its role. */
    private static String principalArn(Arn principal) {
        if (!principal.isSession()) {
            return principal.toString();
        }
        String role = "role/" + principal.roleName();
        return new Arn(principal.partition(), "iam", "", principal.account(), role).toString();
    }

    private static String principalType(Arn principal) {
        if (principal.isRoot()) {
            return "Account";
        }
        return principal.resource().startsWith(USER) ? "User" : "AssumedRole";
    }

    private static List<String> userName(Arn principal) {
        return principal.resource().startsWith(USER)
                ? List.of(principal.resource().substring(principal.resource().lastIndexOf('/') + 1))
                : List.of();
    }
}
