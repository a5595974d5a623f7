package io.keyhold.api;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.Limits;
import io.keyhold.v1.Options;
import io.keyhold.v1.Tag;

/**
 * A request as later verbs will have it, with supported fields of every kind. Today's requests
 * refuse their lists and nested messages before any limit of theirs is looked at.
 */
final class Probe {

    private static final Descriptor TYPE = type();

    private Probe() {}

    static DynamicMessage.Builder builder() {
        return DynamicMessage.newBuilder(TYPE);
    }

    static FieldDescriptor field(String name) {
        return TYPE.findFieldByName(name);
    }

    private static Descriptor type() {
        DescriptorProto.Builder message =
                DescriptorProto.newBuilder()
                        .setName("ProbeRequest")
                        .addOneofDecl(OneofDescriptorProto.newBuilder().setName("_number"))
                        .addField(
                                field("number_of_bytes", "NumberOfBytes", 1, Type.TYPE_INT32)
                                        .setProto3Optional(true)
                                        .setOneofIndex(0)
                                        .setLabel(Label.LABEL_OPTIONAL)
                                        .setOptions(limits(1, 1024)))
                        .addField(
                                field("tags", "Tags", 2, Type.TYPE_MESSAGE)
                                        .setLabel(Label.LABEL_REPEATED)
                                        .setTypeName(".keyhold.v1.Tag")
                                        .setOptions(limits(0, 3)))
                        .addField(
                                field("specs", "Specs", 3, Type.TYPE_ENUM)
                                        .setLabel(Label.LABEL_REPEATED)
                                        .setTypeName(".keyhold.v1.KeySpec.Value"));
        FileDescriptorProto file =
                FileDescriptorProto.newBuilder()
                        .setName("probe.proto")
                        .setSyntax("proto3")
                        .addDependency(Tag.getDescriptor().getFile().getName())
                        .addDependency(KeySpec.getDescriptor().getFile().getName())
                        .addMessageType(message)
                        .build();
        FileDescriptor[] needed = {
            Tag.getDescriptor().getFile(), KeySpec.getDescriptor().getFile()
        };
        try {
            return FileDescriptor.buildFrom(file, needed).findMessageTypeByName("ProbeRequest");
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FieldDescriptorProto.Builder field(
            String name, String jsonName, int number, Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setJsonName(jsonName)
                .setNumber(number)
                .setType(type);
    }

    private static FieldOptions limits(long min, long max) {
        return FieldOptions.newBuilder()
                .setExtension(Options.limits, Limits.newBuilder().setMin(min).setMax(max).build())
                .build();
    }
}
