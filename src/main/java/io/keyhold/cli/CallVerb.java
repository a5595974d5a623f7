package io.keyhold.cli;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keyhold call VERB JSON}: one call as the operator, over the daemon's Unix socket. */
@Command(
        name = "call",
        description = "Calls a verb as the operator, over the daemon's Unix socket.",
        mixinStandardHelpOptions = true)
final class CallVerb implements Callable<Integer> {

    private static final Metadata.Key<String> ACT_AS =
            Metadata.Key.of("keyhold-act-as", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> SESSION_TOKEN =
            Metadata.Key.of("keyhold-session-token", Metadata.ASCII_STRING_MARSHALLER);

    private static final int REFUSED = 1;

    @Parameters(index = "0", paramLabel = "VERB", description = "Such as CreateKey or Encrypt.")
    private String verb = "";

    @Parameters(
            index = "1",
            paramLabel = "JSON",
            defaultValue = "{}",
            description = "The request with AWS's field names, or - to read it from stdin.")
    private String json = "{}";

    @Option(
            names = "--as",
            paramLabel = "ARN",
            description = "Act as this principal, where operator.act_as lets the operator.")
    private String actAs = "";

    @Option(
            names = "--session-token",
            paramLabel = "FILE",
            description = "Send the session token that is the first line of this file.")
    private @Nullable Path sessionToken;

    @Mixin private HomeOption home = new HomeOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<MethodDescriptor> rpcs = OperatorClient.rpcs();
        MethodDescriptor rpc =
                rpcs.stream()
                        .filter(one -> one.getName().equals(verb))
                        .findFirst()
                        .orElseThrow(() -> noVerb(rpcs));
        try {
            DynamicMessage answer = new OperatorClient(home).call(rpc, request(rpc), headers());
            spec.commandLine().getOut().println(AnswerJson.print(answer));
            return 0;
        } catch (StatusRuntimeException e) {
            spec.commandLine().getErr().println(e.getStatus().getDescription());
            return REFUSED;
        }
    }

    private ParameterException noVerb(List<MethodDescriptor> rpcs) {
        return wrong(
                rpcs.stream()
                        .map(MethodDescriptor::getName)
                        .collect(
                                Collectors.joining(
                                        ", ",
                                        "there is no verb " + verb + "; right would be ",
                                        "")));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private DynamicMessage request(MethodDescriptor rpc) throws IOException {
        String text =
                json.equals("-")
                        ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                        : json;
        try {
            return RequestJson.parse(rpc.getInputType(), text);
        } catch (IllegalArgumentException e) {
            throw wrong("the JSON is no " + verb + " request: " + e.getMessage());
        }
    }

    private Metadata headers() {
        Metadata headers = new Metadata();
        if (!actAs.isEmpty()) {
            headers.put(ACT_AS, actAs);
        }
        if (sessionToken != null) {
            headers.put(SESSION_TOKEN, firstLine(sessionToken));
        }
        return headers;
    }

    /** Never from an argument: those are for everybody to see. */
    private String firstLine(Path file) {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            String line = reader.readLine();
            if (line == null || line.isBlank()) {
                throw wrong("the first line of " + file + " is no session token: it is empty");
            }
            return line.strip();
        } catch (IOException e) {
            throw wrong("no session token can be read from " + file + ": " + e);
        }
    }
}
