package io.keyhold.config;

import io.keyhold.config.Config.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code [[service]]}. No account is a service's own and a customer's. */
final class ServiceSections {

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern KEYS =
            Pattern.compile("customer-managed|service-managed|service-owned");
    private static final String OWNED = "service-owned";
    private static final List<String> USUAL = List.of("customer-managed", "service-managed");

    private final Set<String> customers = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> labels = new HashSet<>();
    private final Set<String> owned = new HashSet<>();

    /**
     * @param others accounts that are somebody's already
     */
    ServiceSections(Collection<String> others) {
        customers.addAll(others);
    }

    List<Service> read(Section root) {
        List<Section> sections = root.sections("service");
        List<Service> services = new ArrayList<>();
        for (Section section : sections) {
            try (Section service = section) {
                services.add(service(service));
            }
        }
        for (int i = 0; i < services.size(); i++) {
            requireItsOwn(sections.get(i), services.get(i));
        }
        return services;
    }

    private Service service(Section section) {
        String principal = section.text("principal", ConfigLoader.SERVICE, null);
        String label = principal.split("\\.", -1)[0];
        String name = section.text("name", NAME, label);
        if (!names.add(name)) {
            throw section.wrong("name", "is there twice: " + name, "one for each service");
        }
        if (!labels.add(label)) {
            throw section.wrong(
                    "principal",
                    "is the second one that begins with " + label,
                    "another beginning: policies may mean s3.*.amazonaws.com");
        }
        List<String> asserted = section.optionalTexts("may_assert_accounts", ConfigLoader.ACCOUNT);
        customers.addAll(asserted);
        return new Service(
                name,
                principal,
                section.optionalText("account", ConfigLoader.ACCOUNT),
                section.texts("keys", KEYS, USUAL),
                asserted);
    }

    private void requireItsOwn(Section section, Service service) {
        Optional<String> account = service.account();
        if (account.isPresent() != service.keys().contains(OWNED)) {
            throw account.isPresent()
                    ? section.wrong(
                            "account", "is there, and keys has no " + OWNED, "both or none of them")
                    : section.wrong(
                            "account",
                            "is missing",
                            "12 digits, where the keys are that the service owns");
        }
        account.filter(number -> customers.contains(number) || !owned.add(number))
                .ifPresent(
                        number -> {
                            throw section.wrong(
                                    "account",
                                    "is " + number + ", which is somebody else's",
                                    "one that is this service's alone");
                        });
    }
}
