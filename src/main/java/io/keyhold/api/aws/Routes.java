package io.keyhold.api.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keyhold.api.Verbs;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.operation.Verb;
import io.netty.handler.codec.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which verb an HTTP request is for, and in which protocol: KMS has JSON, IAM and STS have Query.
 */
final class Routes {

    private static final String TARGET = "X-Amz-Target";
    private static final String KMS = "TrentService.";
    static final Protocol JSON = new JsonProtocol();

    private static final Map<String, String> SERVICES =
            Map.of("2010-05-08", "iam", "2011-06-15", "sts");

    private final Map<String, Verb<?, ?>> byTarget = new HashMap<>();
    private final Map<String, Verb<?, ?>> byAction = new HashMap<>();
    private final Map<String, Protocol> byVersion = new HashMap<>();

    /** A verb and what it is asked, in a protocol. */
    record Route(Verb<?, ?> verb, Protocol protocol, byte[] body) {}

    /**
     * @param kms the service with the verbs of KMS, by its full name in {@code proto/}
     */
    Routes(Verbs verbs, String kms) {
        verbs.services().stream()
                .filter(each -> each.getFullName().equals(kms))
                .flatMap(each -> verbs.of(each).stream())
                .forEach(verb -> byTarget.put(KMS + verb.name(), verb));
        SERVICES.forEach(
                (version, service) -> {
                    byVersion.put(version, new QueryProtocol(service, version));
                    verbs.all()
                            .forEach(
                                    verb -> {
                                        if (verb.service().equals(service)) {
                                            byAction.put(action(verb.name(), version), verb);
                                        }
                                    });
                });
    }

    private static String action(String name, String version) {
        return name + " for version " + version;
    }

    /** The protocol of a request, as far as it says: for what has no route. */
    Protocol protocol(AwsRequest request) {
        try {
            return request.header(TARGET).isPresent()
                    ? JSON
                    : byVersion.getOrDefault(parameter(Form.of(request.form()), "Version"), JSON);
        } catch (KmsFault e) {
            return JSON;
        }
    }

    /**
     * The route of a request.
     *
     * @throws KmsFault UnknownOperationException if there is none; SerializationException
     */
    Route of(AwsRequest request) {
        List<String> targets = request.headers().getAll(TARGET);
        if (!request.path().equals("/") || targets.size() > 1) {
            throw unknown();
        }
        return targets.isEmpty() ? query(request) : json(request, targets.getFirst());
    }

    private Route json(AwsRequest request, String target) {
        if (!request.method().equals(HttpMethod.POST)) {
            throw unknown();
        }
        Verb<?, ?> verb = byTarget.get(target);
        if (verb == null) {
            throw KmsFault.of(
                    FaultName.UnknownOperationException,
                    "%s is no operation of this daemon.",
                    target);
        }
        return new Route(verb, JSON, request.body());
    }

    private Route query(AwsRequest request) {
        List<Map.Entry<String, String>> form = Form.of(request.form());
        String name = parameter(form, "Action");
        String version = parameter(form, "Version");
        Protocol protocol = byVersion.get(version);
        Verb<?, ?> verb = byAction.get(action(name, version));
        if (name.isEmpty()) {
            throw unknown();
        }
        if (protocol == null || verb == null) {
            throw KmsFault.of(
                    FaultName.UnknownOperationException,
                    "Could not find operation %s",
                    action(name, version));
        }
        return new Route(verb, protocol, request.form().getBytes(UTF_8));
    }

    /** Empty if it is not there. */
    private static String parameter(List<Map.Entry<String, String>> form, String name) {
        List<String> values =
                form.stream()
                        .filter(each -> each.getKey().equals(name))
                        .map(Map.Entry::getValue)
                        .toList();
        if (values.size() > 1) {
            throw KmsFault.of(
                    FaultName.SerializationException, "%s is there more than once.", name);
        }
        return values.isEmpty() ? "" : values.getFirst();
    }

    private static KmsFault unknown() {
        return KmsFault.of(
                FaultName.UnknownOperationException,
                "Right would be POST / with %s: %s<operation>, or the Action and Version of IAM or"
                        + " STS.",
                TARGET,
                KMS);
    }
}
