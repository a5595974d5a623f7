package io.keyhold.lifecycle;

import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.KeyKind;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Service;
import io.keyhold.key.ServiceKey;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Keyring;
import io.keyhold.keyring.ManagedKeys;
import io.keyhold.keyring.ServiceKeys;
import io.keyhold.policy.ManagedKeyPolicy;
import io.keyhold.store.MetadataStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Makes a service's key in an account when it is first needed, if the account has chosen no other.
 * One that a crash has left without its name or its rotation is found again.
 */
public final class ServiceManagedKeys implements ManagedKeys {

    private static final int ROTATION_DAYS = 365;

    private final Lifecycle lifecycle;
    private final Keyring keyring;
    private final Aliases aliases;
    private final ServiceKeys chosen;
    private final MetadataStore store;
    private final InstantSource clock;
    private final ConcurrentMap<Arn, Object> locks = new ConcurrentHashMap<>();

    public ServiceManagedKeys(
            Lifecycle lifecycle,
            Keyring keyring,
            Aliases aliases,
            ServiceKeys chosen,
            MetadataStore store,
            InstantSource clock) {
        this.lifecycle = lifecycle;
        this.keyring = keyring;
        this.aliases = aliases;
        this.chosen = chosen;
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Arn keyOf(Arn alias, Service service) {
        return chosen.find(alias.region(), alias.account(), service.principal())
                .map(ServiceKey::key)
                .orElseGet(() -> own(alias, service));
    }

    private Arn own(Arn alias, Service service) {
        Optional<Alias> there = aliases.find(alias);
        if (there.isPresent()) {
            return there.get().targetArn();
        }
        if (!service.uses(KeyKind.SERVICE_MANAGED)) {
            throw ServiceKeys.noneOfItsOwn(alias.account(), service);
        }
        synchronized (locks.computeIfAbsent(alias, name -> new Object())) {
            return aliases.find(alias).map(Alias::targetArn).orElseGet(() -> named(alias, service));
        }
    }

    private Arn named(Arn alias, Service service) {
        KeyRecord key = left(alias, service).orElseGet(() -> make(alias, service));
        lifecycle.enableRotation(key.arn(), ROTATION_DAYS);
        Instant now = clock.instant();
        aliases.create(new Alias(alias, key.id(), now, now), store::createAlias);
        return key.arn();
    }

    /** The one that was made, but not named. */
    private Optional<KeyRecord> left(Arn alias, Service service) {
        return keyring.list(alias.region(), alias.account(), "", Integer.MAX_VALUE).stream()
                .filter(key -> key.manager() == KeyManager.AWS)
                .filter(key -> key.policy().equals(policy(alias, service)))
                .findFirst();
    }

    private KeyRecord make(Arn alias, Service service) {
        return lifecycle.createKey(
                new NewKey(
                        lifecycle.newKeyArn(alias.region(), alias.account()),
                        KeySpec.SYMMETRIC_DEFAULT,
                        KeyUsage.ENCRYPT_DECRYPT,
                        KeyOrigin.AWS_KMS,
                        KeyManager.AWS,
                        description(service),
                        Optional.of(policy(alias, service)),
                        Tags.NONE),
                service);
    }

    private static KeyPolicy policy(Arn alias, Service service) {
        return new KeyPolicy(ManagedKeyPolicy.document(alias, service));
    }

    private static String description(Service service) {
        return "Default key that protects my "
                + service.name()
                + " data when no other key is defined";
    }
}
