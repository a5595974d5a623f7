package io.keyhold.audit;

import io.keyhold.key.Arn;
import io.keyhold.key.Bytes16;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
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
            CloudTrail.writeVersion(json);
            json.writeObjectPropertyStart("userIdentity");
            json.writeStringProperty("accountId", key.account());
            json.writeStringProperty("invokedBy", ITSELF);
            json.writeEndObject();
            CloudTrail.writeEvent(json, time, key.service(), name, key.region(), ITSELF, ITSELF);
            json.writeNullProperty("requestParameters");
            json.writeNullProperty("responseElements");
            json.writeStringProperty("eventID", Bytes16.newName().toString());
            json.writeBooleanProperty("readOnly", false);
            CloudTrail.writeResources(json, List.of(key));
            CloudTrail.writeType(json, "AwsServiceEvent", key.account());
            json.writeName("serviceEventDetails");
            CloudTrail.write(json, details);
            CloudTrail.writeCategory(json);
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
