package io.keyhold;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A room of the house.
 *
 * @param name its package below io.keyhold; a dot for io.keyhold itself
 * @param mayUse what it may use, in the words of its package-info
 * @param rooms the same, as packages below io.keyhold
 * @param libraries packages of others that it may use
 */
record Room(String name, String mayUse, Set<String> rooms, Set<String> libraries) {

    /**
     * Name; rooms; libraries; words, where they are no mere list. A room with a + before it stands
     * for itself and for everything that it may use. Token and store are known above them as ports
     * only.
     */
    private static final String TABLE =
            """
            key                 ; ; ; the JDK only
            envelope            ; key;
            policy              ; key; tools.jackson.core; {@code key} and the JSON parser
            iam                 ; key;
            identity            ; key;
            token               ; key; org.bouncycastle; {@code key} and Bouncy Castle
            token.pkcs11        ; key token; sun.security.pkcs11 org.bouncycastle
            store               ; key iam;
            store.sql           ; key iam store; com.zaxxer.hikari org.jdbi org.sqlite
            audit               ; key; tools.jackson.core
            config              ; ; org.tomlj; the JDK and the TOML parser
            keyring             ; key iam policy store;
            access              ; key envelope iam identity policy keyring;
            lifecycle           ; key token store policy keyring audit;
            operation           ; +access +lifecycle audit v1; com.google.protobuf; \
                                  every room but the doors
            operation.aliases   ; +operation; ; what {@code operation} may
            operation.crypto    ; +operation; ; what {@code operation} may
            operation.grants    ; +operation; ; what {@code operation} may
            operation.identities ; +operation; ; what {@code operation} may
            operation.imports   ; +operation; ; what {@code operation} may
            operation.keys      ; +operation; ; what {@code operation} may
            operation.maintenance ; +operation; ; what {@code operation} may
            operation.materials ; +operation; ; what {@code operation} may
            operation.policies  ; +operation; ; what {@code operation} may
            operation.services  ; +operation; ; what {@code operation} may
            operation.tags      ; +operation; ; what {@code operation} may
            api                 ; +operation; ; every room below
            api.tls             ; +api; io.grpc.util io.netty.handler.ssl; \
                                  every room below and {@code api}
            api.aws             ; +api api.tls; io.netty tools.jackson.core com.sun.management; \
                                  every room below, {@code api} and {@code api.tls}
            api.grpc            ; +api api.tls; io.grpc io.netty com.google.rpc; \
                                  every room below, {@code api} and {@code api.tls}
            .                   ; +api api.aws api.grpc api.tls config token.pkcs11 store.sql \
                                  operation.aliases operation.crypto operation.grants operation.identities \
                                  operation.imports operation.keys operation.maintenance operation.materials \
                                  operation.policies operation.services operation.tags; ; every room but {@code cli}
            cli                 ; +.; io.grpc io.netty picocli ch.qos.logback tools.jackson.core; \
                                  everything
            """;

    private static final String HOUSE = "io.keyhold";

    // The JDK, its annotations, and the logging facade.
    private static final Set<String> EVERYWHERE =
            Set.of("java", "javax", "org.jspecify", "com.google.errorprone", "org.slf4j");

    static List<Room> all() {
        Map<String, Room> rooms = new LinkedHashMap<>();
        TABLE.lines().forEach(line -> rooms.put(line.split(" ")[0], parse(line, rooms)));
        return List.copyOf(rooms.values());
    }

    String packageName() {
        return packageName(name);
    }

    /** Whether a class of this room may use a class of that package. */
    boolean allows(String other) {
        return other.equals(packageName())
                || rooms.stream().anyMatch(room -> other.equals(packageName(room)))
                || Stream.concat(EVERYWHERE.stream(), libraries.stream())
                        .anyMatch(library -> (other + ".").startsWith(library + "."));
    }

    private static Room parse(String line, Map<String, Room> above) {
        List<String> columns = Arrays.stream(line.split(";", -1)).map(String::strip).toList();
        Set<String> rooms = new LinkedHashSet<>();
        Set<String> libraries = new LinkedHashSet<>(words(columns.get(2)));
        for (String word : words(columns.get(1))) {
            String name = word.replace("+", "");
            rooms.add(name);
            if (word.startsWith("+")) {
                rooms.addAll(above.get(name).rooms);
                libraries.addAll(above.get(name).libraries);
            }
        }
        String mayUse = columns.size() > 3 ? columns.getLast() : list(rooms);
        return new Room(columns.getFirst(), mayUse, rooms, libraries);
    }

    private static String packageName(String room) {
        return room.equals(".") ? HOUSE : HOUSE + "." + room;
    }

    private static List<String> words(String column) {
        return column.isEmpty() ? List.of() : List.of(column.split(" +"));
    }

    private static String list(Set<String> rooms) {
        String list =
                rooms.stream()
                        .map(room -> "{@code " + room + "}")
                        .collect(Collectors.joining(", "));
        return rooms.size() == 1 ? list + " only" : list.replaceAll(", ([^,]*)$", " and $1");
    }

    @Override
    public String toString() {
        return packageName();
    }
}
