package io.keyhold.identity;

import static io.keyhold.identity.Authorization.incomplete;

import io.keyhold.identity.Authorization.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The query of a request that was signed for later, in AWS Signature Version 4. It is good for as
 * long as it says, and for 15 minutes at most, as with AWS STS.
 */
final class PresignedQuery {

    static final String SIGNATURE = "X-Amz-Signature";

    private static final String ALGORITHM = "X-Amz-Algorithm";
    private static final String EXPIRES = "X-Amz-Expires";
    private static final String TOKEN = "X-Amz-Security-Token";
    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,5}");
    private static final int MOST_SECONDS = 604_800;
    private static final Duration MOST = Duration.ofMinutes(15);

    private PresignedQuery() {}

    static boolean isThere(SignedRequest request) {
        return !request.parameters(ALGORITHM).isEmpty();
    }

    static Authorization of(SignedRequest request) {
        if (!one(request, ALGORITHM).equals(Authorization.ALGORITHM)) {
            throw incomplete("'" + ALGORITHM + "' must be " + Authorization.ALGORITHM + ".");
        }
        return new Authorization(
                Scope.of(one(request, SignedRequest.CREDENTIAL)),
                Authorization.names(one(request, "X-Amz-SignedHeaders")),
                one(request, SIGNATURE),
                one(request, "X-Amz-Date"),
                Optional.of(lifetime(one(request, EXPIRES))),
                request.parameters(TOKEN).isEmpty()
                        ? Optional.empty()
                        : Optional.of(one(request, TOKEN)));
    }

    private static Duration lifetime(String seconds) {
        if (!SECONDS.matcher(seconds).matches() || Integer.parseInt(seconds) > MOST_SECONDS) {
            throw incomplete(
                    "'"
                            + EXPIRES
                            + "' must be a number of seconds from 1 to "
                            + MOST_SECONDS
                            + ".");
        }
        Duration wanted = Duration.ofSeconds(Integer.parseInt(seconds));
        return wanted.compareTo(MOST) < 0 ? wanted : MOST;
    }

    private static String one(SignedRequest request, String name) {
        List<String> values = request.parameters(name);
        if (values.size() != 1 || values.getFirst().isEmpty()) {
            throw incomplete("AWS query-string parameters must include '" + name + "', once.");
        }
        return values.getFirst();
    }
}
