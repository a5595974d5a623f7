package io.keyhold.api.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.keyhold.api.Format;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.operation.JsonNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Forms of the AWS Query protocol to messages, by their descriptors: {@code Tags.member.1.Key=a}. A
 * name that is not the message's is refused.
 */
public final class QueryReader implements Format {

    private static final String MEMBER = "member";
    private static final Pattern INDEX = Pattern.compile("[1-9][0-9]{0,3}");

    /** What is said of the request itself. */
    private static final Set<String> ENVELOPE = Set.of("Action", "Version");

    private static final String SIGNATURE = "X-Amz-";

    @Override
    @SuppressWarnings("unchecked") // a prototype's builder builds its own type
    public <Q extends Message> Q parse(Q prototype, byte[] bytes) {
        Node form = new Node();
        for (var parameter : Form.of(new String(bytes, UTF_8))) {
            String name = parameter.getKey();
            if (!ENVELOPE.contains(name) && !name.startsWith(SIGNATURE)) {
                form.put(name, 0, parameter.getValue());
            }
        }
        return (Q) message(form, prototype.newBuilderForType());
    }

    private static Message message(Node node, Message.Builder builder) {
        String type = builder.getDescriptorForType().getName();
        node.requireNoValue();
        node.children.forEach(
                (name, child) -> {
                    FieldDescriptor field = JsonNames.find(builder.getDescriptorForType(), name);
                    if (field == null) {
                        throw KmsFault.of(
                                FaultName.ValidationException,
                                "%s has no parameter '%s' that this daemon knows",
                                type,
                                name);
                    }
                    if (field.isRepeated()) {
                        members(child, builder, field);
                    } else if (field.getJavaType() == JavaType.ENUM) {
                        Literals.set(List.of(child.text()), builder, field);
                    } else {
                        builder.setField(field, value(child, builder, field));
                    }
                });
        return builder.build();
    }

    private static void members(Node list, Message.Builder builder, FieldDescriptor field) {
        Node members = list.children.get(MEMBER);
        if (members == null) {
            if (list.value == null || !list.value.isEmpty()) { // an empty list is "Tags="
                throw wrong(list.name + " is no list: right would be " + list.name + ".member.1");
            }
            return;
        }
        members.requireNoValue();
        Map<Integer, Node> inOrder = new TreeMap<>();
        members.children.forEach(
                (index, member) -> {
                    if (!INDEX.matcher(index).matches()) {
                        throw wrong(member.name + " does not end with a number from 1");
                    }
                    inOrder.put(Integer.valueOf(index), member);
                });
        if (field.getJavaType() == JavaType.ENUM) {
            Literals.set(inOrder.values().stream().map(Node::text).toList(), builder, field);
            return;
        }
        inOrder.values()
                .forEach(each -> builder.addRepeatedField(field, value(each, builder, field)));
    }

    private static Object value(Node node, Message.Builder builder, FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING -> node.text();
            case BOOLEAN -> truth(node);
            case INT -> number(node);
            case MESSAGE -> message(node, builder.newBuilderForField(field));
            default -> throw new IllegalStateException(field.getFullName());
        };
    }

    private static boolean truth(Node node) {
        return switch (node.text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(node.name + " is neither true nor false");
        };
    }

    private static int number(Node node) {
        try {
            return Integer.parseInt(node.text());
        } catch (NumberFormatException e) {
            throw wrong(node.name + " is no number of 32 bits");
        }
    }

    private static KmsFault wrong(String text) {
        return KmsFault.of(FaultName.SerializationException, "%s.", text);
    }

    /** What the names of a form have in common up to a point. */
    private static final class Node {

        private static final int DEEPEST = 8;

        private final Map<String, Node> children = new TreeMap<>();
        private String name = "The form";
        private @Nullable String value;

        void put(String path, int from, String given) {
            int dot = path.indexOf('.', from);
            String part = path.substring(from, dot < 0 ? path.length() : dot);
            Node child = children.computeIfAbsent(part, made -> new Node());
            child.name = dot < 0 ? path : path.substring(0, dot);
            if (dot >= 0) {
                if (path.chars().filter(c -> c == '.').count() > DEEPEST) {
                    throw wrong("A name of a parameter has more than " + DEEPEST + " points");
                }
                child.put(path, dot + 1, given);
            } else if (child.value != null) {
                throw wrong(path + " is there more than once");
            } else {
                child.value = given;
            }
        }

        String text() {
            if (value == null || !children.isEmpty()) {
                throw wrong(name + " is no single value");
            }
            return value;
        }

        void requireNoValue() {
            if (value != null) {
                throw wrong(name + " is no single value");
            }
        }
    }
}
