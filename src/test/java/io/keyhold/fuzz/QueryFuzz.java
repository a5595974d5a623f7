package io.keyhold.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.keyhold.api.aws.QueryReader;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes as the form of any request for IAM or STS are refused, or are a message whose form is
 * that message again. The first byte of the input chooses the rpc.
 */
public final class QueryFuzz {

    /** What has forms: its messages have neither bytes nor times nor maps. */
    static final List<MethodDescriptor> RPCS =
            House.RPCS.stream()
                    .filter(rpc -> rpc.getService().getName().equals("Identity"))
                    .filter(rpc -> !rpc.getName().equals("ExplainAccess"))
                    .toList();

    private static final QueryReader READER = new QueryReader();

    private QueryFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length > 0) {
            Descriptor type = RPCS.get((bytes[0] & 0xFF) % RPCS.size()).getInputType();
            isMessage(type, Arrays.copyOfRange(bytes, 1, bytes.length));
        }
    }

    /** Whether the bytes are one. */
    static boolean isMessage(Descriptor type, byte[] form) {
        DynamicMessage message;
        try {
            message = read(type, form);
        } catch (KmsFault fault) {
            assertThat(fault.name())
                    .isIn(FaultName.SerializationException, FaultName.ValidationException);
            return false;
        }
        if (JsonFuzz.hasUnknown(message)) {
            return false;
        }
        byte[] again = form(message);
        assertThat(read(type, again)).as(new String(again, UTF_8)).isEqualTo(message);
        return true;
    }

    private static DynamicMessage read(Descriptor type, byte[] form) {
        return READER.parse(DynamicMessage.getDefaultInstance(type), form);
    }

    /** The input that stands for a request. */
    static byte[] input(int rpc, DynamicMessage request) {
        byte[] form = form(request);
        byte[] input = new byte[1 + form.length];
        input[0] = (byte) rpc;
        System.arraycopy(form, 0, input, 1, form.length);
        return input;
    }

    private static byte[] form(Message message) {
        List<String> parameters = new ArrayList<>();
        write("", message, parameters);
        return String.join("&", parameters).getBytes(UTF_8);
    }

    private static void write(String prefix, Message message, List<String> parameters) {
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            String name = prefix + field.getJsonName();
            if (field.isRepeated()) {
                int index = 0;
                for (Object member : (List<?>) message.getField(field)) {
                    index++;
                    value(name + ".member." + index, member, parameters);
                }
            } else {
                value(name, message.getField(field), parameters);
            }
        }
    }

    private static void value(String name, Object value, List<String> parameters) {
        switch (value) {
            case Message nested -> write(name + ".", nested, parameters);
            case EnumValueDescriptor literal -> parameters.add(name + "=" + literal.getName());
            default -> parameters.add(name + "=" + URLEncoder.encode(value.toString(), UTF_8));
        }
    }
}
