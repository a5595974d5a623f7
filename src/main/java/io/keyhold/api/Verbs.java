package io.keyhold.api;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.keyhold.operation.Verb;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of all verbs, held against the services that are served. */
public final class Verbs {

    private final List<ServiceDescriptor> services;
    private final Map<String, Verb<?, ?>> byName = new LinkedHashMap<>();

    /**
     * Joins the rooms' rows. A name belongs to one rpc, whatever its service.
     *
     * @throws IllegalStateException if an rpc has no row, or a row no rpc: then the daemon must not
     *     start
     */
    public Verbs(List<ServiceDescriptor> services, List<Verb<?, ?>> rows) {
        this.services = List.copyOf(services);
        Map<String, MethodDescriptor> rpcs = new HashMap<>();
        for (ServiceDescriptor service : services) {
            for (MethodDescriptor rpc : service.getMethods()) {
                if (rpcs.put(rpc.getName(), rpc) != null) {
                    throw new IllegalStateException(rpc.getName() + " is in two services");
                }
            }
        }
        for (Verb<?, ?> row : rows) {
            MethodDescriptor rpc = rpcs.get(row.name());
            if (rpc == null || byName.put(row.name(), row) != null) {
                throw new IllegalStateException(row.name() + " is no rpc, or has two rows");
            }
            if (!rpc.getInputType().equals(row.prototype().getDescriptorForType())) {
                throw new IllegalStateException(row.name() + " takes another message");
            }
        }
        for (String rpc : rpcs.keySet()) {
            if (!byName.containsKey(rpc)) {
                throw new IllegalStateException("rpc " + rpc + " has no row");
            }
        }
    }

    /** The services whose rpcs these are. */
    public List<ServiceDescriptor> services() {
        return services;
    }

    /** Every row, in the order of the rooms. */
    public Iterable<Verb<?, ?>> all() {
        return byName.values();
    }

    /** The rows of one service. */
    public List<Verb<?, ?>> of(ServiceDescriptor service) {
        return byName.values().stream()
                .filter(verb -> service.findMethodByName(verb.name()) != null)
                .toList();
    }
}
