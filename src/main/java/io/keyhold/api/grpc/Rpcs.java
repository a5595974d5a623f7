package io.keyhold.api.grpc;

import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.keyhold.api.Format;
import io.keyhold.api.Pipeline;
import io.keyhold.identity.Claim;
import io.keyhold.identity.Claims;
import io.keyhold.identity.Inbound;
import io.keyhold.identity.Peer;
import io.keyhold.key.Bytes16;
import io.keyhold.operation.Verb;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The rpcs of a service, made from its descriptors and its rows; each hands bytes on. */
final class Rpcs {

    static final Attributes.Key<Peer> PEER = Attributes.Key.create("keyhold-peer");

    private static final Metadata.Key<String> REGION = text("keyhold-region");
    private static final Metadata.Key<String> USER_AGENT = text("user-agent");
    private static final Map<Claim, Metadata.Key<String>> CLAIMS =
            Arrays.stream(Claim.values())
                    .collect(Collectors.toMap(claim -> claim, claim -> text(claim.header())));

    private static final Set<String> KNOWN =
            Stream.concat(Stream.of(REGION), CLAIMS.values().stream())
                    .map(Metadata.Key::name)
                    .collect(Collectors.toSet());

    private final Pipeline pipeline;
    private final InstantSource clock;
    private final String region;

    Rpcs(Pipeline pipeline, InstantSource clock, String region) {
        this.pipeline = pipeline;
        this.clock = clock;
        this.region = region;
    }

    ServerServiceDefinition define(Descriptors.ServiceDescriptor service, List<Verb<?, ?>> verbs) {
        ProtoFileDescriptorSupplier file = service::getFile;
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(service.getFullName()).setSchemaDescriptor(file);
        List<ServerMethodDefinition<byte[], Message>> methods = new ArrayList<>();
        for (Verb<?, ?> verb : verbs) {
            MethodDescriptor<byte[], Message> method = method(service, verb);
            descriptor.addMethod(method);
            methods.add(ServerMethodDefinition.create(method, handler(verb)));
        }
        ServerServiceDefinition.Builder definition =
                ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(definition::addMethod);
        return definition.build();
    }

    private static MethodDescriptor<byte[], Message> method(
            Descriptors.ServiceDescriptor service, Verb<?, ?> verb) {
        Descriptors.MethodDescriptor rpc =
                Objects.requireNonNull(service.findMethodByName(verb.name()));
        Message response = DynamicMessage.getDefaultInstance(rpc.getOutputType());
        return MethodDescriptor.<byte[], Message>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(
                        MethodDescriptor.generateFullMethodName(service.getFullName(), verb.name()))
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(Bytes.responses(response))
                .build();
    }

    private ServerCallHandler<byte[], Message> handler(Verb<?, ?> verb) {
        return (call, headers) -> {
            call.request(2); // so that the transport sees, and refuses, a second message
            return new UnaryCall(
                    call,
                    (body, reply) ->
                            pipeline.run(
                                    verb, inbound(call, headers, body), Format.PROTOBUF, reply));
        };
    }

    private Inbound<byte[]> inbound(ServerCall<?, ?> call, Metadata headers, byte[] body) {
        Attributes attributes = call.getAttributes();
        String named = headers.get(REGION);
        String agent = headers.get(USER_AGENT);
        return new Inbound<>(
                Objects.requireNonNull(attributes.get(PEER), "the transport sets the peer"),
                claims(headers),
                named == null ? region : named,
                body,
                Bytes16.newName().toString(),
                address(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
                agent == null ? "" : agent,
                clock.instant());
    }

    private static Claims claims(Metadata headers) {
        Map<Claim, List<String>> claims = new EnumMap<>(Claim.class);
        CLAIMS.forEach(
                (claim, key) -> {
                    List<String> values = all(headers, key);
                    if (!values.isEmpty()) {
                        claims.put(claim, values);
                    }
                });
        return new Claims(claims, unknown(headers));
    }

    private static Set<String> unknown(Metadata headers) {
        return headers.keys().stream()
                .filter(name -> name.startsWith(Claims.PREFIX) && !KNOWN.contains(name))
                .collect(Collectors.toSet());
    }

    private static List<String> all(Metadata headers, Metadata.Key<String> key) {
        Iterable<String> values = headers.getAll(key);
        return values == null
                ? List.of()
                : StreamSupport.stream(values.spliterator(), false).toList();
    }

    private static String address(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : "unix";
    }

    private static Metadata.Key<String> text(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
