package io.keyhold.keyring;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What accounts have of one kind, by name. Two names that differ in case alone are the same. */
final class Names<T> {

    private final Function<T, String> account;
    private final Function<T, String> name;
    private final Map<String, Map<String, T>> byAccount = new ConcurrentHashMap<>();

    Names(Function<T, String> account, Function<T, String> name) {
        this.account = account;
        this.name = name;
    }

    /** What has a name, whatever its case. */
    Optional<T> find(String owner, String called) {
        return Optional.ofNullable(of(owner).get(called.toLowerCase(Locale.ROOT)));
    }

    Collection<T> all(String owner) {
        return of(owner).values();
    }

    void put(T one) {
        byAccount
                .computeIfAbsent(account.apply(one), owner -> new ConcurrentHashMap<>())
                .put(name.apply(one).toLowerCase(Locale.ROOT), one);
    }

    void remove(T one) {
        of(account.apply(one)).remove(name.apply(one).toLowerCase(Locale.ROOT));
    }

    private Map<String, T> of(String owner) {
        return byAccount.getOrDefault(owner, Map.of());
    }
}
