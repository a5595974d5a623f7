package io.keyhold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.iam.Account;
import io.keyhold.key.KeyKind;
import io.keyhold.key.Service;
import io.keyhold.key.ServiceIdentity;
import io.keyhold.key.Services;
import io.keyhold.store.MemoryDirectory;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A service that has keys stays what it was. */
class ServiceDeclarationsTest {

    private static final String HOME = "888888888888";
    private static final String ELSEWHERE = "777777777777";
    private static final String CUSTOMER = "123456789012";
    private static final Service S3 = service("s3", "s3.amazonaws.com", HOME);

    private final MemoryDirectory store = new MemoryDirectory();

    @Test
    void whatHasNoKeysMayBecomeAnything() {
        accept(S3);
        accept(service("objects", "s3.amazonaws.com", ELSEWHERE));
        accept(service("s3", "storage.amazonaws.com", HOME));
        assertThat(store.services())
                .containsExactly(new ServiceIdentity("storage.amazonaws.com", "s3", HOME));
    }

    @Test
    void theNameOfManagedKeysStays() {
        accept(S3);

        assertThat(refusal(managed(), service("objects", "s3.amazonaws.com", HOME)))
                .isEqualTo(
                        "service.name of s3.amazonaws.com is objects, but s3.amazonaws.com"
                                + " has keys of the name s3; right would be s3");
        assertThat(refusal(managed(), service("s3", "storage.amazonaws.com", "")))
                .isEqualTo(
                        "service.name of storage.amazonaws.com is s3, but s3.amazonaws.com"
                                + " has keys of the name s3; right would be another");
        managed().accept(List.of(S3));
    }

    @Test
    void theAccountOfOwnedKeysStays() {
        accept(S3);

        assertThat(refusal(owned(), service("s3", "s3.amazonaws.com", ELSEWHERE)))
                .isEqualTo(
                        "service.account of s3.amazonaws.com is 777777777777, but s3.amazonaws.com"
                                + " owns keys in 888888888888; right would be 888888888888");
        assertThat(refusal(owned(), service("s3", "s3.amazonaws.com", "")))
                .startsWith("service.account of s3.amazonaws.com is missing, but s3.amazonaws.com");
        assertThat(refusal(owned(), service("sns", "sns.amazonaws.com", HOME)))
                .startsWith("service.account of sns.amazonaws.com is 888888888888, but")
                .endsWith("right would be another");
        owned().accept(List.of(S3));
    }

    /** Its keys are nobody else's meanwhile. */
    @Test
    void whatIsNotDeclaredAnyMoreIsRemembered() {
        accept(S3);
        Services without = owned().accept(List.of());

        assertThat(without.own(HOME)).isTrue();
        assertThat(without.find("s3.amazonaws.com")).isEmpty();
        assertThat(refusal(owned(), service("sns", "sns.amazonaws.com", HOME)))
                .contains("s3.amazonaws.com owns keys in 888888888888");
        assertThat(owned().accept(List.of(S3)).own(HOME)).isTrue();
    }

    @Test
    void whatItDidNotUseIsFreeForOthers() {
        accept(S3);
        Service storage = service("s3", "storage.amazonaws.com", "");
        owned().accept(List.of(storage));

        ServiceDeclarations later =
                new ServiceDeclarations(store, Set.of(CUSTOMER), Set.of(HOME), Set.of("s3"));
        later.accept(List.of(storage));
        assertThat(refusal(later, S3)).contains("storage.amazonaws.com has keys of the name s3");
        later.accept(List.of(storage, service("objects", "s3.amazonaws.com", HOME)));
    }

    @Test
    void noAccountBecomesAServicesThatHoldsAnything() {
        String why = "it was made by CreateAccount, or has keys, users or roles";

        assertThat(refusal(owned(), S3)).contains(why);
        store.createAccount(new Account(HOME, "somebody", Instant.EPOCH));
        assertThat(refusal(none(), S3)).contains(why);
    }

    @Test
    void noCustomerGetsTheAccountOfAService() {
        accept(S3);

        ServiceDeclarations given =
                new ServiceDeclarations(store, Set.of(CUSTOMER, HOME), Set.of(HOME), Set.of());
        assertThat(refusal(given))
                .isEqualTo(
                        "account 888888888888 is given to customers, but s3.amazonaws.com owns keys"
                                + " in it: it stays so");
    }

    private void accept(Service service) {
        none().accept(List.of(service));
    }

    private ServiceDeclarations none() {
        return new ServiceDeclarations(store, Set.of(CUSTOMER), Set.of(), Set.of());
    }

    private ServiceDeclarations owned() {
        return new ServiceDeclarations(store, Set.of(CUSTOMER), Set.of(HOME), Set.of());
    }

    private ServiceDeclarations managed() {
        return new ServiceDeclarations(store, Set.of(CUSTOMER), Set.of(CUSTOMER), Set.of("s3"));
    }

    private static String refusal(ServiceDeclarations declarations, Service... declared) {
        StartException[] refused = new StartException[1];
        assertThatThrownBy(() -> declarations.accept(List.of(declared)))
                .isInstanceOfSatisfying(StartException.class, e -> refused[0] = e);
        return String.valueOf(refused[0].getMessage());
    }

    private static Service service(String name, String principal, String account) {
        return new Service(name, principal, account, Set.of(KeyKind.SERVICE_OWNED), Set.of());
    }
}
