package io.keyhold.audit;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.key.Service;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One call, in CloudTrail's JSON shape.
 *
 * @param id its own
 * @param sharedId what the records of one call in several trails have in common; else empty
 * @param service the prefix of the verb's action
 * @param account in whose trail it is
 * @param caller null if nobody could be authenticated
 * @param accessKeyId what signed it, or is said to have; empty if nothing did
 * @param principalId the caller's unique ID; empty if there is no record of the caller
 * @param request what was asked, without anything that may be secret: text, numbers, truth values,
 *     lists and maps; null if it could not be read
 * @param response likewise, of a call that changed something
 * @param resources the keys, aliases and identities that it was about
 * @param fault null if it succeeded
 * @see "AWS CloudTrail User Guide, CloudTrail record contents"
 */
public record AuditEvent(
        String id,
        String sharedId,
        String service,
        String name,
        boolean readOnly,
        Instant time,
        String region,
        String account,
        String requestId,
        String sourceAddress,
        String userAgent,
        @Nullable Caller caller,
        String accessKeyId,
        String principalId,
        @Nullable Map<String, Object> request,
        @Nullable Map<String, Object> response,
        List<Arn> resources,
        @Nullable KmsFault fault)
        implements Event {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String USER = "IAMUser";
    private static final int USUAL_SIZE = 1024;

    @Override
    public byte[] toJson() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            CloudTrail.writeVersion(json);
            writeIdentity(json);
            CloudTrail.writeEvent(
                    json, time, service, name, region, from(sourceAddress), from(userAgent));
            if (fault != null) {
                json.writeStringProperty("errorCode", fault.name().name());
                json.writeStringProperty("errorMessage", fault.text());
            }
            json.writeName("requestParameters");
            CloudTrail.write(json, request);
            json.writeName("responseElements");
            CloudTrail.write(json, response);
            json.writeStringProperty("requestID", requestId);
            json.writeStringProperty("eventID", id);
            json.writeBooleanProperty("readOnly", readOnly);
            CloudTrail.writeResources(json, resources);
            if (caller != null && !isForeign(caller)) {
                CloudTrail.writeAdditional(json, additional(caller));
            }
            CloudTrail.writeType(json, "AwsApiCall", account);
            if (!sharedId.isEmpty()) {
                json.writeStringProperty("sharedEventID", sharedId);
            }
            CloudTrail.writeCategory(json);
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /** As an account may see it that is not the caller's: nothing of what is others'. */
    public AuditEvent withoutOthers() {
        return shown(
                "",
                ownHalf(request),
                resources.stream().filter(one -> one.account().equals(account)).toList(),
                new Redaction(other -> !other.equals(account)));
    }

    /** As the account may see it for which a service called: without the service's own keys. */
    public AuditEvent without(Service service) {
        return shown(accessKeyId, request, resources, new Redaction(service.account()::equals));
    }

    private AuditEvent shown(
            String key, @Nullable Map<String, Object> asked, List<Arn> about, Redaction redaction) {
        return new AuditEvent(
                id,
                sharedId,
                service,
                name,
                readOnly,
                time,
                region,
                account,
                requestId,
                sourceAddress,
                userAgent,
                caller,
                key,
                principalId,
                asked == null ? null : redaction.of(asked),
                response == null ? null : redaction.of(response),
                about,
                fault == null ? null : KmsFault.of(fault.name(), "%s", redaction.of(fault.text())));
    }

    /** Of a request about two keys, the source and the destination, what is about the account's. */
    private @Nullable Map<String, Object> ownHalf(@Nullable Map<String, Object> asked) {
        if (asked == null || resources.size() < 2) {
            return asked;
        }
        Map<String, Object> half = new LinkedHashMap<>(asked);
        if (!resources.getFirst().account().equals(account)) {
            half.keySet().removeIf(parameter -> parameter.startsWith("source"));
        }
        if (!resources.getLast().account().equals(account)) {
            half.keySet().removeIf(parameter -> parameter.startsWith("destination"));
        }
        return half;
    }

    /** CloudTrail says of a call through a service only which one. */
    private String from(String said) {
        return via().orElse(said);
    }

    private Optional<String> via() {
        return Optional.ofNullable(caller)
                .flatMap(Caller::via)
                .map(through -> through.service().principal());
    }

    private void writeIdentity(JsonGenerator json) {
        json.writeObjectPropertyStart("userIdentity");
        if (caller == null) {
            json.writeStringProperty("type", "Unknown");
        } else if (isForeign(caller)) {
            json.writeStringProperty("type", "AWSAccount");
            if (!principalId.isEmpty()) {
                json.writeStringProperty("principalId", principalId);
            }
            json.writeStringProperty("accountId", caller.account());
            via().ifPresent(service -> json.writeStringProperty("invokedBy", service));
        } else {
            writePrincipal(json, caller.principal());
            caller.session().ifPresent(session -> writeSession(json, session));
            via().ifPresent(service -> json.writeStringProperty("invokedBy", service));
        }
        if (!accessKeyId.isEmpty()) {
            json.writeStringProperty("accessKeyId", accessKeyId);
        }
        json.writeEndObject();
    }

    /** Another account hears which account it was, and not who of it. */
    private boolean isForeign(Caller known) {
        return known.arn().filter(arn -> !arn.account().equals(account)).isPresent();
    }

    private void writePrincipal(JsonGenerator json, Principal principal) {
        switch (principal) {
            case Principal.OfAccount named -> {
                Arn arn = named.arn();
                String type = type(arn);
                json.writeStringProperty("type", type);
                json.writeStringProperty(
                        "principalId", principalId.isEmpty() ? arn.resource() : principalId);
                json.writeStringProperty("arn", arn.toString());
                json.writeStringProperty("accountId", arn.account());
                if (type.equals(USER)) {
                    json.writeStringProperty("userName", arn.lastName());
                }
            }
            case Principal.Service service -> {
                json.writeStringProperty("type", "AWSService");
                json.writeStringProperty("invokedBy", service.name());
            }
        }
    }

    private static void writeSession(JsonGenerator json, Caller.SessionContext session) {
        Arn issuer = session.issuer();
        json.writeObjectPropertyStart("sessionContext");
        json.writeObjectPropertyStart("sessionIssuer");
        json.writeStringProperty("type", issuer.roleName().isEmpty() ? "User" : "Role");
        json.writeStringProperty("principalId", session.issuerId());
        json.writeStringProperty("arn", issuer.toString());
        json.writeStringProperty("accountId", issuer.account());
        json.writeEndObject();
        json.writeObjectPropertyStart("attributes");
        json.writeStringProperty("creationDate", session.issuedAt().toString());
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Who is behind the caller: the operator, the holder of a session, whom a service means. */
    private Map<String, Object> additional(Caller caller) {
        Map<String, Object> more = new LinkedHashMap<>();
        caller.actor()
                .ifPresent(
                        actor -> {
                            more.put("actingUid", actor.uid());
                            more.put("actingGid", actor.gid());
                            more.put("actingPid", actor.pid());
                        });
        caller.session().ifPresent(session -> more.put("sessionHolder", holder(session)));
        if (caller.how() == Authentication.NOT_CHECKED) {
            more.put("signatureChecked", false);
        }
        Caller.Source source = caller.source();
        boolean whole = account.equals(caller.account());
        if (!source.account().isEmpty() && (whole || !source.account().equals(caller.account()))) {
            more.put("sourceAccount", source.account());
        }
        boolean its = source.account().isEmpty() || source.account().equals(account);
        if (!source.arn().isEmpty() && (whole || its)) {
            more.put("sourceArn", source.arn());
        }
        return more;
    }

    /** Of a holder of another account no more than which. */
    private String holder(Caller.SessionContext session) {
        return session.holder().principal() instanceof Principal.OfAccount named
                        && !named.arn().account().equals(account)
                ? named.arn().account()
                : session.holder().toString();
    }

    private static String type(Arn principal) {
        if (principal.isRoot()) {
            return "Root";
        }
        return switch (principal.resource().split("/", 2)[0]) {
            case "user" -> USER;
            case "role" -> "Role";
            default -> "AssumedRole";
        };
    }
}
