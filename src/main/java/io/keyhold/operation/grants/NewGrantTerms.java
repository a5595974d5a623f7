package io.keyhold.operation.grants;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.GrantOperation;
import io.keyhold.key.GrantTerms;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.operation.NamedPrincipals;
import io.keyhold.v1.CreateGrantRequest;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks what a caller wants a grant to be. */
final class NewGrantTerms {

    /** Of all names and values of one constraint together. */
    private static final int LONGEST_CONSTRAINT = 384;

    private final NamedPrincipals principals;

    NewGrantTerms(NamedPrincipals principals) {
        this.principals = principals;
    }

    static Set<GrantOperation> operations(CreateGrantRequest request) {
        Set<GrantOperation> operations = EnumSet.noneOf(GrantOperation.class);
        request.getOperationsList().forEach(o -> operations.add(GrantOperation.valueOf(o.name())));
        return operations;
    }

    static GrantConstraints constraints(CreateGrantRequest request) {
        io.keyhold.v1.GrantConstraints constraints = request.getConstraints();
        return new GrantConstraints(
                constraints.getEncryptionContextEqualsMap(),
                constraints.getEncryptionContextSubsetMap(),
                constraints.hasSourceArn()
                        ? Optional.of(constraints.getSourceArn())
                        : Optional.empty());
    }

    /**
     * The terms that a request asks for.
     *
     * @param caller who asks
     * @throws KmsFault ValidationException, InvalidArnException
     */
    GrantTerms of(CreateGrantRequest request, KeyRecord key, Caller caller) {
        Arn issuer = Arn.root(key.arn().partition(), issuer(caller, key.arn()));
        GrantConstraints constraints = constraints(request);
        requireSuitable(constraints, key);
        Set<GrantOperation> operations = operations(request);
        operations.forEach(operation -> requireFitting(operation, key));
        BoundPrincipal grantee = grantee(request, issuer.partition());
        Optional<BoundPrincipal> retiring = retiring(request, issuer.partition());
        boolean service = grantee.principal() instanceof Principal.Service;
        if (service && (constraints.sourceArn().isEmpty() || retiring.isEmpty())) {
            throw invalid(
                    "A grant to a service needs the constraint SourceArn, and a RetiringPrincipal"
                            + " or RetiringServicePrincipal.");
        }
        serviceOf(key, caller)
                .ifPresent(
                        its -> {
                            requireWithin("Grantee", grantee, key, its);
                            retiring.ifPresent(one -> requireWithin("Retiring", one, key, its));
                        });
        return new GrantTerms(
                request.getName(), grantee, retiring, operations, constraints, issuer);
    }

    /** A service has no account of its own: its grant comes from the account whose key it is. */
    private static String issuer(Caller caller, Arn key) {
        return caller.isService() ? key.account() : caller.account();
    }

    /** The service whose key it is: nobody else comes here with one. */
    private static Optional<String> serviceOf(KeyRecord key, Caller caller) {
        boolean owned = caller.isService() && caller.account().equals(key.arn().account());
        return owned || key.manager() == KeyManager.AWS
                ? Optional.of(
                        caller.via()
                                .map(via -> via.service().principal())
                                .orElse(caller.principal().toString()))
                : Optional.empty();
    }

    private static void requireWithin(
            String role, BoundPrincipal named, KeyRecord key, String service) {
        boolean within =
                switch (named.principal()) {
                    case Principal.OfAccount one -> one.arn().account().equals(key.arn().account());
                    case Principal.Service one -> one.name().equals(service);
                };
        if (!within) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "%sPrincipal %s may not be: a grant of a key of %s is for it, or for principals"
                            + " of the key's account %s.",
                    role,
                    named,
                    service,
                    key.arn().account());
        }
    }

    private BoundPrincipal grantee(CreateGrantRequest request, String partition) {
        if (request.hasGranteePrincipal() == request.hasGranteeServicePrincipal()) {
            throw invalid("A grant has either a GranteePrincipal or a GranteeServicePrincipal.");
        }
        return request.hasGranteePrincipal()
                ? principal(request.getGranteePrincipal(), partition)
                : service(request.getGranteeServicePrincipal());
    }

    private Optional<BoundPrincipal> retiring(CreateGrantRequest request, String partition) {
        if (request.hasRetiringPrincipal() && request.hasRetiringServicePrincipal()) {
            throw invalid(
                    "A grant has a RetiringPrincipal or a RetiringServicePrincipal, not both.");
        }
        if (request.hasRetiringPrincipal()) {
            return Optional.of(principal(request.getRetiringPrincipal(), partition));
        }
        return request.hasRetiringServicePrincipal()
                ? Optional.of(service(request.getRetiringServicePrincipal()))
                : Optional.empty();
    }

    private BoundPrincipal principal(String text, String partition) {
        return Arn.parse(text)
                .filter(Arn::isPrincipal)
                .filter(arn -> arn.partition().equals(partition))
                .filter(arn -> principals.isKnown(arn.account()))
                .map(principals::bind)
                .orElseThrow(
                        () ->
                                KmsFault.of(
                                        FaultName.InvalidArnException,
                                        "ARN does not refer to a valid principal: %s. It is that"
                                                + " of a root, user, role or role session of an"
                                                + " account of this daemon.",
                                        text));
    }

    private static BoundPrincipal service(String text) {
        if (!Principal.Service.isName(text)) {
            throw KmsFault.of(
                    FaultName.InvalidArnException,
                    "'%s' is not the name of a service, as s3.amazonaws.com.",
                    text);
        }
        return new BoundPrincipal(new Principal.Service(text), "");
    }

    private static void requireFitting(GrantOperation operation, KeyRecord key) {
        if (!operation.fits(key.spec(), key.usage())) {
            throw invalid(
                    "A grant for a key with KeySpec %s and KeyUsage %s cannot allow %s."
                            .formatted(key.spec(), key.usage(), operation));
        }
    }

    private static void requireSuitable(GrantConstraints constraints, KeyRecord key) {
        if (constraints.limitContext() && key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw invalid(
                    "Only a grant for a symmetric encryption key can constrain the encryption"
                            + " context.");
        }
        requireShort("EncryptionContextEquals", constraints.equal());
        requireShort("EncryptionContextSubset", constraints.subset());
        constraints
                .sourceArn()
                .filter(text -> Arn.parse(text).isEmpty())
                .ifPresent(
                        text -> {
                            throw invalid("SourceArn '%s' is not an ARN.".formatted(text));
                        });
    }

    private static void requireShort(String name, Map<String, String> pairs) {
        int length =
                pairs.entrySet().stream()
                        .mapToInt(pair -> pair.getKey().length() + pair.getValue().length())
                        .sum();
        if (length > LONGEST_CONSTRAINT) {
            throw invalid(
                    "%s has %d characters; the most is %d."
                            .formatted(name, length, LONGEST_CONSTRAINT));
        }
    }

    private static KmsFault invalid(String why) {
        return KmsFault.of(FaultName.ValidationException, "%s", why);
    }
}
