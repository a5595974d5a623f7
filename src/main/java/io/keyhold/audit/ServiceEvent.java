package io.keyhold.audit;

import io.keyhold.key.Arn;
import io.keyhold.key.Bytes16;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Something that the daemon did to a key by itself, as CloudTrail records what AWS does: {@code
 * RotateKey}, {@code DeleteKey}.
 *
 * @param details what there is to know beside name, time and key
 * @see "AWS CloudTrail User Guide, AwsServiceEvent"
 */
public record ServiceEvent(String name, Instant time, Arn key, Map<String, Object> details)
        implements Event {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String ITSELF = "AWS Internal";

    @Override
    public byte[] toJson() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("eventVersion", AuditEvent.VERSION);
            json.writeObjectPropertyStart("userIdentity");
            json.writeStringProperty("accountId", key.account());
            json.writeStringProperty("invokedBy", ITSELF);
            json.writeEndObject();
            json.writeStringProperty("eventTime", time.truncatedTo(ChronoUnit.MILLIS).toString());
            json.writeStringProperty("eventSource", key.service() + ".amazonaws.com");
            json.writeStringProperty("eventName", name);
            json.writeStringProperty("awsRegion", key.region());
            json.writeStringProperty("sourceIPAddress", ITSELF);
            json.writeStringProperty("userAgent", ITSELF);
            json.writeNullProperty("requestParameters");
            json.writeNullProperty("responseElements");
            json.writeStringProperty("eventID", Bytes16.newName().toString());
            json.writeBooleanProperty("readOnly", false);
            AuditEvent.writeResources(json, List.of(key));
            json.writeStringProperty("eventType", "AwsServiceEvent");
            json.writeBooleanProperty("managementEvent", true);
            json.writeStringProperty("recipientAccountId", key.account());
            json.writeName("serviceEventDetails");
            AuditEvent.write(json, details);
            json.writeStringProperty("eventCategory", "Management");
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
