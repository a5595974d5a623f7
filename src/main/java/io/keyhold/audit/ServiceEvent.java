package io.keyhold.audit;

import io.keyhold.key.Arn;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Something that was done without a call, as CloudTrail records what AWS does: {@code RotateKey},
 * {@code DeleteKey}.
 *
 * @param id its own; the same if one thing is recorded twice
 * @param account whose record it is
 * @param resources the keys that it was done to
 * @param details what there is to know beside
 * @see "AWS CloudTrail User Guide, AwsServiceEvent"
 */
public record ServiceEvent(
        UUID id,
        String name,
        Instant time,
        String region,
        String account,
        List<Arn> resources,
        Map<String, Object> details)
        implements Event {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String ITSELF = "AWS Internal";

    /** What was done to one key. */
    public static ServiceEvent of(
            UUID id, String name, Instant time, Arn key, Map<String, Object> details) {
        return new ServiceEvent(id, name, time, key.region(), key.account(), List.of(key), details);
    }

    @Override
    public byte[] toJson() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            CloudTrail.writeVersion(json);
            json.writeObjectPropertyStart("userIdentity");
            json.writeStringProperty("accountId", account);
            json.writeStringProperty("invokedBy", ITSELF);
            json.writeEndObject();
            CloudTrail.writeEvent(json, time, "kms", name, region, ITSELF, ITSELF);
            json.writeNullProperty("requestParameters");
            json.writeNullProperty("responseElements");
            json.writeStringProperty("eventID", id.toString());
            json.writeBooleanProperty("readOnly", false);
            CloudTrail.writeResources(json, resources);
            CloudTrail.writeType(json, "AwsServiceEvent", account);
            json.writeName("serviceEventDetails");
            CloudTrail.write(json, details);
            CloudTrail.writeCategory(json);
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
