package io.keyhold.api;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.keyhold.operation.Verb;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of all verbs, held against the services that are served. */
public final class Verbs {

    private final ServiceDescriptor service;
    private final Map<String, Verb<?, ?>> byName = new LinkedHashMap<>();

    /**
     * Joins the rooms' rows.
     *
     * @throws IllegalStateException if an rpc has no row, or a row no rpc: then the daemon must not
     *     start
     */
    public Verbs(ServiceDescriptor service, List<Verb<?, ?>> rows) {
        this.service = service;
        for (Verb<?, ?> row : rows) {
            MethodDescriptor rpc = service.findMethodByName(row.name());
            if (rpc == null || byName.put(row.name(), row) != null) {
                throw new IllegalStateException(row.name() + " is no rpc, or has two rows");
            }
            if (!rpc.getInputType().equals(row.prototype().getDescriptorForType())) {
                throw new IllegalStateException(row.name() + " takes another message");
            }
        }
        for (MethodDescriptor rpc : service.getMethods()) {
            if (!byName.containsKey(rpc.getName())) {
                throw new IllegalStateException("rpc " + rpc.getName() + " has no row");
            }
        }
    }

    /** The service whose rpcs these are. */
    public ServiceDescriptor service() {
        return service;
    }

    /** Every row, in the order of the rooms. */
    public Iterable<Verb<?, ?>> all() {
        return byName.values();
    }
}
