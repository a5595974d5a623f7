package io.keyhold.identity;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Source;
import io.keyhold.key.KmsFault;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** For whom a service calls. From anybody else the headers are refused: they would be believed. */
final class Sources {

    private static final Claim ACCOUNT = Claim.SOURCE_ACCOUNT;
    private static final Claim ARN = Claim.SOURCE_ARN;
    private static final Pattern ACCOUNT_NUMBER = Pattern.compile("[0-9]{12}");

    private Sources() {}

    /**
     * The caller, together with what it claims.
     *
     * @throws KmsFault UnrecognizedClientException if it may not claim that
     */
    static Caller add(Caller caller, Claims claims) {
        Optional<String> account = once(caller, ACCOUNT, claims);
        Optional<String> arn = once(caller, ARN, claims);
        if (account.isEmpty() && arn.isEmpty()) {
            return caller;
        }
        account.ifPresent(Sources::requireAccount);
        String owner = arn.map(text -> owner(text, account)).orElse("");
        return caller.onBehalfOf(new Source(account.orElse(owner), arn.orElse("")));
    }

    private static Optional<String> once(Caller caller, Claim claim, Claims claims) {
        List<String> values = claims.of(claim);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (caller.via().isPresent()) {
            throw claim.refused("the service calls for the principal that it has named");
        }
        if (!caller.isService()) {
            throw claim.refused("only a service calls for others");
        }
        return Optional.of(claim.once(values));
    }

    private static void requireAccount(String text) {
        if (!ACCOUNT_NUMBER.matcher(text).matches()) {
            throw ACCOUNT.refused("'" + text + "' is no account: it has 12 digits");
        }
    }

    /** The account of an ARN; some resources have none in theirs, such as the buckets of S3. */
    private static String owner(String text, Optional<String> account) {
        String owner =
                Arn.parse(text)
                        .map(Arn::account)
                        .filter(of -> of.isEmpty() || ACCOUNT_NUMBER.matcher(of).matches())
                        .orElseThrow(() -> ARN.refused("'" + text + "' is no ARN"));
        if (!owner.isEmpty() && !owner.equals(account.orElse(owner))) {
            throw ARN.refused(
                    "it is of account "
                            + owner
                            + ", "
                            + ACCOUNT.header()
                            + " says "
                            + account.get());
        }
        return owner;
    }
}
