package io.keyhold.objects;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who did what with which key, from an audit journal: what is alike is one line. */
public final class AuditListing {

    private static final String FORMAT = "%-12s  %-21s  %-10s  %-16s  %-8s  %-27s  %5s%n";
    private static final int SHOWN = 8;

    private AuditListing() {}

    private record Line(
            String account,
            String event,
            String principal,
            String service,
            String key,
            String outcome) {

        static Line of(Struct event) {
            Struct identity = event.getFieldsOrThrow("userIdentity").getStructValue();
            String error = text(event, "errorCode");
            String account = text(event, "recipientAccountId");
            return new Line(
                    account.isEmpty() ? "nobody known" : account,
                    text(event, "eventName"),
                    last(text(identity, "arn"), ':'),
                    text(identity, "invokedBy"),
                    key(event),
                    error.isEmpty() ? "done" : error);
        }

        /** The first one's. */
        private static String key(Struct event) {
            List<Value> resources = list(event, "resources");
            if (resources.isEmpty()) {
                return "";
            }
            String id = last(text(resources.getFirst().getStructValue(), "ARN"), '/');
            return id.substring(0, Math.min(SHOWN, id.length()));
        }

        private static String last(String text, char before) {
            return text.substring(text.lastIndexOf(before) + 1);
        }
    }

    /**
     * @param args the journal, and the verbs to list
     */
    public static void main(String[] args) throws IOException {
        List<String> verbs = List.of(args).subList(1, args.length);
        Map<Line, Integer> times = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            Struct event = parse(line);
            if (verbs.contains(text(event, "eventName"))) {
                times.merge(Line.of(event), 1, Integer::sum);
            }
        }
        System.out.printf(FORMAT, "account", "event", "by", "through", "key", "outcome", "times");
        times.forEach(
                (line, count) ->
                        System.out.printf(
                                FORMAT,
                                line.account(),
                                line.event(),
                                line.principal(),
                                line.service(),
                                line.key(),
                                line.outcome(),
                                count));
    }

    private static Struct parse(String json) throws InvalidProtocolBufferException {
        Struct.Builder event = Struct.newBuilder();
        JsonFormat.parser().merge(json, event);
        return event.build();
    }

    private static String text(Struct from, String name) {
        return from.getFieldsOrDefault(name, Value.getDefaultInstance()).getStringValue();
    }

    private static List<Value> list(Struct from, String name) {
        Value value = from.getFieldsOrDefault(name, Value.getDefaultInstance());
        return value.getListValue().getValuesList();
    }
}
