package io.keyhold.audit;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * One call in the trails of several accounts: a line for each, written together.
 *
 * @param copies at least one
 */
public record SharedEvent(List<AuditEvent> copies) implements Event {

    public SharedEvent {
        copies = List.copyOf(copies);
    }

    @Override
    public byte[] toJson() {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (AuditEvent copy : copies) {
            if (lines.size() > 0) {
                lines.write('\n');
            }
            lines.writeBytes(copy.toJson());
        }
        return lines.toByteArray();
    }
}
