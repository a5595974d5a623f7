package io.keyhold.audit;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.KmsFault;
import io.keyhold.key.LocalProcess;
import io.keyhold.key.Principal;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One call, in CloudTrail's JSON shape.
 *
 * @param id its own
 * @param service the prefix of the verb's action
 * @param caller null if nobody could be authenticated
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
        String principalId,
        @Nullable Map<String, Object> request,
        @Nullable Map<String, Object> response,
        List<Arn> resources,
        @Nullable KmsFault fault)
        implements Event {

    static final String VERSION = "1.11";

    private static final JsonFactory JSON = new JsonFactory();
    private static final String USER = "IAMUser";
    private static final int USUAL_SIZE = 1024;

    @Override
    public byte[] toJson() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("eventVersion", VERSION);
            writeIdentity(json);
            json.writeStringProperty("eventTime", time.truncatedTo(ChronoUnit.MILLIS).toString());
            json.writeStringProperty("eventSource", service + ".amazonaws.com");
            json.writeStringProperty("eventName", name);
            json.writeStringProperty("awsRegion", region);
            json.writeStringProperty("sourceIPAddress", sourceAddress);
            json.writeStringProperty("userAgent", userAgent);
            if (fault != null) {
                json.writeStringProperty("errorCode", fault.name().name());
                json.writeStringProperty("errorMessage", fault.text());
            }
            json.writeName("requestParameters");
            write(json, request);
            json.writeName("responseElements");
            write(json, response);
            json.writeStringProperty("requestID", requestId);
            json.writeStringProperty("eventID", id);
            json.writeBooleanProperty("readOnly", readOnly);
            writeResources(json, resources);
            writeAdditional(json);
            json.writeStringProperty("eventType", "AwsApiCall");
            json.writeBooleanProperty("managementEvent", true);
            json.writeStringProperty("recipientAccountId", account);
            json.writeStringProperty("eventCategory", "Management");
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private void writeIdentity(JsonGenerator json) {
        json.writeObjectPropertyStart("userIdentity");
        if (caller == null) {
            json.writeStringProperty("type", "Unknown");
        } else {
            writePrincipal(json, caller.principal());
            caller.session().ifPresent(session -> writeSession(json, session));
        }
        json.writeEndObject();
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

    /**
     * Who is behind the caller: the operator, the holder of a session; for whom a service calls.
     */
    private void writeAdditional(JsonGenerator json) {
        if (caller == null || !hasAdditional(caller)) {
            return;
        }
        json.writeObjectPropertyStart("additionalEventData");
        if (caller.actor().isPresent()) {
            LocalProcess actor = caller.actor().get();
            json.writeNumberProperty("actingUid", actor.uid());
            json.writeNumberProperty("actingGid", actor.gid());
            json.writeNumberProperty("actingPid", actor.pid());
        }
        if (caller.session().isPresent()) {
            json.writeStringProperty("sessionHolder", caller.session().get().holder().toString());
        }
        if (!caller.source().account().isEmpty()) {
            json.writeStringProperty("sourceAccount", caller.source().account());
        }
        if (!caller.source().arn().isEmpty()) {
            json.writeStringProperty("sourceArn", caller.source().arn());
        }
        json.writeEndObject();
    }

    private static boolean hasAdditional(Caller caller) {
        return caller.actor().isPresent()
                || caller.session().isPresent()
                || !caller.source().equals(Caller.Source.NONE);
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

    static void writeResources(JsonGenerator json, List<Arn> resources) {
        json.writeArrayPropertyStart("resources");
        for (Arn resource : resources) {
            json.writeStartObject();
            json.writeStringProperty("accountId", resource.account());
            json.writeStringProperty("type", type(resource, resource.resource().split("/", 2)[0]));
            json.writeStringProperty("ARN", resource.toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** As CloudFormation calls it: {@code AWS::KMS::Key}. */
    private static String type(Arn resource, String kind) {
        return "AWS::%s::%s%s"
                .formatted(
                        resource.service().toUpperCase(Locale.ROOT),
                        kind.substring(0, 1).toUpperCase(Locale.ROOT),
                        kind.substring(1));
    }

    static void write(JsonGenerator json, @Nullable Object value) {
        switch (value) {
            case null -> json.writeNull();
            case Boolean truth -> json.writeBoolean(truth);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(element -> write(json, element));
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach(
                        (name, element) -> {
                            json.writeName(name.toString());
                            write(json, element);
                        });
                json.writeEndObject();
            }
            default -> json.writeString(value.toString());
        }
    }
}
