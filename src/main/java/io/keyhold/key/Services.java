package io.keyhold.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The services that may act for principals, and the accounts that are theirs. */
public final class Services {

    public static final Services NONE = new Services(List.of(), Set.of());

    private final Map<String, Service> byPrincipal;
    private final Set<String> accounts;

    /**
     * @param former accounts of services that are no longer there; nobody comes to their keys
     */
    public Services(List<Service> services, Set<String> former) {
        this.byPrincipal =
                services.stream()
                        .collect(Collectors.toMap(Service::principal, Function.identity()));
        this.accounts =
                Stream.concat(services.stream().map(Service::account), former.stream())
                        .filter(account -> !account.isEmpty())
                        .collect(Collectors.toSet());
    }

    /** The one of a principal's name. */
    public Optional<Service> find(String principal) {
        return Optional.ofNullable(byPrincipal.get(principal));
    }

    /**
     * Likewise.
     *
     * @throws KmsFault NotFoundException if there is none
     */
    public Service require(String principal) {
        return find(principal)
                .orElseThrow(
                        () ->
                                KmsFault.of(
                                        FaultName.NotFoundException,
                                        "There is no service '%s' that acts for others.",
                                        principal));
    }

    /** Whether an account is a service's own. */
    public boolean own(String account) {
        return accounts.contains(account);
    }

    /** The same caller, in its own account if it is a service that has one. */
    public Caller atHome(Caller caller) {
        return caller.isService()
                ? find(caller.principal().toString())
                        .map(service -> caller.of(service.account()))
                        .orElse(caller)
                : caller;
    }
}
