package io.keyhold.audit;

import io.keyhold.key.Arn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The members that every record has, in CloudTrail's order.
 *
 * @see "AWS CloudTrail User Guide, CloudTrail record contents"
 */
final class CloudTrail {

    private static final String VERSION = "1.11";

    private CloudTrail() {}

    static void writeVersion(JsonGenerator json) {
        json.writeStringProperty("eventVersion", VERSION);
    }

    /** What happened, when, and from where. */
    static void writeEvent(
            JsonGenerator json,
            Instant time,
            String service,
            String name,
            String region,
            String sourceAddress,
            String userAgent) {
        json.writeStringProperty("eventTime", time.truncatedTo(ChronoUnit.MILLIS).toString());
        json.writeStringProperty("eventSource", service + ".amazonaws.com");
        json.writeStringProperty("eventName", name);
        json.writeStringProperty("awsRegion", region);
        json.writeStringProperty("sourceIPAddress", sourceAddress);
        json.writeStringProperty("userAgent", userAgent);
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

    /**
     * @param type {@code AwsApiCall} or {@code AwsServiceEvent}
     */
    static void writeType(JsonGenerator json, String type, String account) {
        json.writeStringProperty("eventType", type);
        json.writeBooleanProperty("managementEvent", true);
        json.writeStringProperty("recipientAccountId", account);
    }

    /** What CloudTrail has no other place for; nothing if there is none. */
    static void writeAdditional(JsonGenerator json, Map<String, Object> more) {
        if (!more.isEmpty()) {
            json.writeName("additionalEventData");
            write(json, more);
        }
    }

    static void writeCategory(JsonGenerator json) {
        json.writeStringProperty("eventCategory", "Management");
    }

    /** Any value of text, numbers, truth values, lists and maps. */
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
