package io.keyhold.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.v1.KeyManagementProto;
import io.keyhold.v1.Tag;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerbsTest {

    private static final ServiceDescriptor SERVICE =
            KeyManagementProto.getDescriptor().findServiceByName("KeyManagement");

    @Test
    void oneRowForEachRpcIsWhatTheDaemonStartsWith() {
        List<Verb<?, ?>> rows = rows();

        assertThat(new Verbs(SERVICE, rows).all()).containsExactlyElementsOf(rows);
        assertThat(new Verbs(SERVICE, rows).service()).isEqualTo(SERVICE);
    }

    @Test
    void anRpcWithoutARowIsRefused() {
        for (MethodDescriptor rpc : SERVICE.getMethods()) {
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
        assertThatThrownBy(() -> new Verbs(SERVICE, rows))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }

    private static List<Verb<?, ?>> rows() {
        List<Verb<?, ?>> rows = new ArrayList<>();
        for (MethodDescriptor rpc : SERVICE.getMethods()) {
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
