package io.keyhold.api.aws;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses what a page in a browser on this machine could send: where signatures are not checked,
 * nothing else would tell it from a program.
 */
final class Browsers {

    private static final Pattern LOOPBACK =
            Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:[0-9]+)?");

    private static final Set<String> OF_BROWSERS = Set.of("origin", "referer", "cookie");

    private Browsers() {}

    /**
     * Passes if the request names this machine, and no page.
     *
     * @throws KmsFault AccessDeniedException
     */
    static void keepOut(AwsRequest request) {
        String hosts = String.join(",", request.headers().getAll("Host"));
        if (!LOOPBACK.matcher(hosts.toLowerCase(Locale.ROOT)).matches()) {
            throw refused("its Host is not this machine");
        }
        if (!request.method().equals(HttpMethod.POST)) {
            throw refused("only POST is served");
        }
        for (String name : request.headers().names()) {
            String header = name.toLowerCase(Locale.ROOT);
            if (OF_BROWSERS.contains(header) || header.startsWith("sec-fetch-")) {
                throw refused("it comes from a browser: it has " + name);
            }
        }
    }

    private static KmsFault refused(String why) {
        return KmsFault.of(
                FaultName.AccessDeniedException,
                "The request is refused, since signatures are not checked here: %s.",
                why);
    }
}
