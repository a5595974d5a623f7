package io.keyhold.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.keyhold.Keyhold;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.v1.Tag;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerbsTest {

    private static final List<ServiceDescriptor> SERVICES = Keyhold.services();

    @Test
    void oneRowForEachRpcIsWhatTheDaemonStartsWith() {
        List<Verb<?, ?>> rows = rows();

        Verbs verbs = new Verbs(SERVICES, rows);

        assertThat(verbs.all()).containsExactlyElementsOf(rows);
        assertThat(verbs.services()).isEqualTo(SERVICES);
        for (ServiceDescriptor service : SERVICES) {
            assertThat(verbs.of(service).stream().map(Verb::name))
                    .containsExactlyElementsOf(
                            service.getMethods().stream().map(MethodDescriptor::getName).toList());
        }
    }

    @Test
    void anRpcBelongsToOneService() {
        ServiceDescriptor twice = SERVICES.getFirst();

        assertThatThrownBy(() -> new Verbs(List.of(twice, twice), rows()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("CreateKey is in two services");
    }

    @Test
    void anRpcWithoutARowIsRefused() {
        for (MethodDescriptor rpc : rpcs()) {
            List<Verb<?, ?>> rows = rows();
            rows.removeIf(row -> row.name().equals(rpc.getName()));

            refused(rows, "rpc " + rpc.getName() + " has no row");
        }
    }

    @Test
    void anRpcWithTwoRowsIsRefused() {
        List<Verb<?, ?>> rows = rows();
        rows.add(rows.getFirst());

        refused(rows, rows.getFirst().name() + " is no rpc, or has two rows");
    }

    @Test
    void aRowWithoutAnRpcIsRefused() {
        List<Verb<?, ?>> rows = rows();
        rows.add(row("EncryptTwice", Tag.getDefaultInstance()));

        refused(rows, "EncryptTwice is no rpc, or has two rows");
    }

    @Test
    void aRowThatTakesAnotherMessageIsRefused() {
        List<Verb<?, ?>> rows = rows();
        rows.set(0, row(rows.getFirst().name(), Tag.getDefaultInstance()));

        refused(rows, rows.getFirst().name() + " takes another message");
    }

    private static void refused(List<Verb<?, ?>> rows, String message) {
        assertThatThrownBy(() -> new Verbs(SERVICES, rows))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }

    private static List<MethodDescriptor> rpcs() {
        return SERVICES.stream().flatMap(service -> service.getMethods().stream()).toList();
    }

    private static List<Verb<?, ?>> rows() {
        List<Verb<?, ?>> rows = new ArrayList<>();
        for (MethodDescriptor rpc : rpcs()) {
            rows.add(row(rpc.getName(), DynamicMessage.getDefaultInstance(rpc.getInputType())));
        }
        return rows;
    }

    private static Verb<Message, Message> row(String name, Message prototype) {
        return Verb.ofAccount(
                name,
                prototype,
                AuditClass.READ,
                request -> {
                    throw new AssertionError("nothing is called here");
                });
    }
}
