package io.keyhold.operation.services;

import io.keyhold.access.Authorized;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyKind;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Service;
import io.keyhold.key.ServiceKey;
import io.keyhold.key.Services;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.ServiceKeys;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Statement;
import io.keyhold.v1.PutServiceKeyRequest;
import io.keyhold.v1.PutServiceKeyResponse;
import java.time.InstantSource;
import java.util.List;

/** Chooses a key of the account for a service, in place of the service's own there. */
final class PutServiceKey implements Operation<PutServiceKeyRequest, PutServiceKeyResponse> {

    /** What a service needs of a key to protect data with it. */
    private static final List<String> NEEDED = List.of("kms:GenerateDataKey", "kms:Decrypt");

    private static final String STATEMENT =
            """
            {"Sid": "Allow use through %1$s", "Effect": "Allow", "Principal": {"AWS": "*"},\
             "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*",\
             "kms:DescribeKey"], "Resource": "*", "Condition": {"StringEquals":\
             {"kms:CallerAccount": "%2$s", "kms:ViaService": "%3$s"}}}""";

    private final Services services;
    private final ServiceKeys serviceKeys;
    private final InstantSource clock;

    PutServiceKey(Services services, ServiceKeys serviceKeys, InstantSource clock) {
        this.services = services;
        this.serviceKeys = serviceKeys;
        this.clock = clock;
    }

    @Override
    public Effect<PutServiceKeyResponse> prepare(Authorized<PutServiceKeyRequest> authorized) {
        Service service = services.require(authorized.request().getServicePrincipal());
        KeyRecord key = authorized.key();
        requireSuitable(key);
        requireUsed(service);
        key.require(StateRule.USE);
        for (String action : NEEDED) {
            Decision openness = authorized.openness(service, action);
            if (!openness.allowed()) {
                throw closed(key.arn(), service, action, openness);
            }
        }
        return Effect.slow(
                () -> {
                    serviceKeys.put(
                            new ServiceKey(service.principal(), key.arn(), clock.instant()));
                    return PutServiceKeyResponse.getDefaultInstance();
                });
    }

    private static void requireSuitable(KeyRecord key) {
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT || key.manager() != KeyManager.CUSTOMER) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "%s is no key for a service: right would be a customer managed one of KeySpec"
                            + " SYMMETRIC_DEFAULT.",
                    key.arn());
        }
    }

    private static void requireUsed(Service service) {
        if (!service.uses(KeyKind.CUSTOMER_MANAGED)) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "%s uses no customer managed keys: it uses %s ones.",
                    service.principal(),
                    service.keys().stream().map(KeyKind::words).sorted().toList());
        }
    }

    private static KmsFault closed(Arn key, Service service, String action, Decision why) {
        Statement denial = why.statement();
        return KmsFault.of(
                FaultName.ValidationException,
                "The policy of %s lets nobody of account %s use it through %s, for %s. %s",
                key,
                key.account(),
                service.principal(),
                action,
                denial == null
                        ? "This statement would let everybody of the account, as the service's own"
                                + " key does: "
                                + STATEMENT.formatted(
                                        service.name(), key.account(), service.via(key.region()))
                        : "It is denied by " + denial.words() + ".");
    }
}
