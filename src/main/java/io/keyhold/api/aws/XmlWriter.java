package io.keyhold.api.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.keyhold.key.UriText;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Messages to the XML of the AWS Query protocol, by their descriptors. The lists of the answer
 * itself are always there, each element as {@code member}; times are whole seconds; policies are
 * percent-encoded, as IAM gives them.
 */
public final class XmlWriter {

    private static final XMLOutputFactory XML = XMLOutputFactory.newDefaultFactory();
    private static final String RESPONSE = "Response";
    private static final String DOCUMENT = "Document";

    private final XMLStreamWriter out;

    private XmlWriter(XMLStreamWriter out) {
        this.out = out;
    }

    /** An answer, whose message is named like {@code CreateUserResponse}. */
    public static byte[] answer(Message message, String namespace, String requestId) {
        return written(namespace, writer -> writer.answer(message, requestId), nameOf(message));
    }

    /** An error. */
    static byte[] fault(
            String code, String text, boolean ours, String namespace, String requestId) {
        return written(
                namespace, writer -> writer.fault(code, text, ours, requestId), "ErrorResponse");
    }

    private interface Content {
        void write(XmlWriter writer) throws XMLStreamException;
    }

    private static byte[] written(String namespace, Content content, String root) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml = XML.createXMLStreamWriter(bytes, UTF_8.name());
            xml.writeStartElement(root);
            xml.writeDefaultNamespace(namespace);
            content.write(new XmlWriter(xml));
            xml.writeEndElement();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("memory takes every answer", e);
        }
        return bytes.toByteArray();
    }

    private static String nameOf(Message message) {
        return message.getDescriptorForType().getName();
    }

    private void answer(Message message, String requestId) throws XMLStreamException {
        String name = nameOf(message);
        if (!message.getDescriptorForType().getFields().isEmpty()) {
            out.writeStartElement(name.substring(0, name.length() - RESPONSE.length()) + "Result");
            fields(message, true);
            out.writeEndElement();
        }
        out.writeStartElement("ResponseMetadata");
        element("RequestId", requestId);
        out.writeEndElement();
    }

    private void fault(String code, String text, boolean ours, String requestId)
            throws XMLStreamException {
        out.writeStartElement("Error");
        element("Type", ours ? "Receiver" : "Sender");
        element("Code", code);
        element("Message", text);
        out.writeEndElement();
        element("RequestId", requestId);
    }

    private void fields(Message message, boolean outermost) throws XMLStreamException {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            String name = field.getJsonName();
            if (field.isRepeated()) {
                List<?> members = (List<?>) message.getField(field);
                if (outermost || !members.isEmpty()) {
                    list(name, members);
                }
            } else if (message.hasField(field)) {
                Object value = message.getField(field);
                value(name, name.endsWith(DOCUMENT) ? UriText.of(value.toString()) : value);
            }
        }
    }

    private void list(String name, List<?> members) throws XMLStreamException {
        out.writeStartElement(name);
        for (Object member : members) {
            value("member", member);
        }
        out.writeEndElement();
    }

    private void value(String name, Object value) throws XMLStreamException {
        switch (value) {
            case Timestamp time ->
                    element(name, Instant.ofEpochSecond(time.getSeconds()).toString());
            case Message nested -> {
                out.writeStartElement(name);
                fields(nested, false);
                out.writeEndElement();
            }
            case EnumValueDescriptor literal -> element(name, literal.getName());
            default -> element(name, value.toString());
        }
    }

    private void element(String name, String text) throws XMLStreamException {
        out.writeStartElement(name);
        String[] lines = allowed(text).split("\r", -1);
        out.writeCharacters(lines[0]);
        for (int line = 1; line < lines.length; line++) {
            out.writeEntityRef("#xD"); // bare, it would be read as a line feed
            out.writeCharacters(lines[line]);
        }
        out.writeEndElement();
    }

    /** What XML cannot have becomes the replacement character. */
    private static String allowed(String text) {
        return text.codePoints()
                .map(c -> isAllowed(c) ? c : '\ufffd')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Extensible Markup Language (XML) 1.0, section 2.2. */
    private static boolean isAllowed(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0xd7ff)
                || (c >= 0xe000 && c <= 0xfffd)
                || c >= 0x10000;
    }
}
