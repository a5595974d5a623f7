package io.keyhold.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a daemon leaves for AWS's clients: where it listens for them, and an access key. */
record AwsEnvironment(URI endpoint, String region, String accessKeyId, String secretAccessKey) {

    private static final Pattern EXPORT = Pattern.compile("export ([A-Z_]+)=(\\S+)");

    static AwsEnvironment read(Path file) throws IOException {
        Map<String, String> values =
                EXPORT.matcher(Files.readString(file))
                        .results()
                        .collect(
                                Collectors.toMap(found -> found.group(1), found -> found.group(2)));
        return new AwsEnvironment(
                URI.create(values.getOrDefault("AWS_ENDPOINT_URL", "")),
                values.getOrDefault("AWS_DEFAULT_REGION", ""),
                values.getOrDefault("AWS_ACCESS_KEY_ID", ""),
                values.getOrDefault("AWS_SECRET_ACCESS_KEY", ""));
    }
}
