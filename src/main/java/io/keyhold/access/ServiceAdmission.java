package io.keyhold.access;

import io.keyhold.access.Resolved.Found;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Service;
import io.keyhold.keyring.Keyring;
import io.keyhold.policy.Decision;
import io.keyhold.policy.PrincipalPattern;
import io.keyhold.policy.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether anybody of a key's account may use it through a service. */
final class ServiceAdmission {

    private final Keyring keyring;
    private final Decisions decisions;

    ServiceAdmission(Keyring keyring, Decisions decisions) {
        this.keyring = keyring;
        this.decisions = decisions;
    }

    /**
     * Why neither the account nor anybody of it whom the key's policy names may do all of that;
     * empty if one may.
     *
     * @return what the account itself hears
     */
    Optional<Decision> refusal(Circumstances call, Service service, List<String> actions) {
        Found found = call.found().getFirst();
        KeyRecord key = Objects.requireNonNull(found.key());
        Arn root = Arn.root(key.arn().partition(), key.arn().account());
        boolean anybody =
                Stream.concat(Stream.of(root), named(key.arn()))
                        .anyMatch(who -> refusal(call, who, service, actions).isEmpty());
        return anybody ? Optional.empty() : refusal(call, root, service, actions);
    }

    private Optional<Decision> refusal(
            Circumstances call, Arn who, Service service, List<String> actions) {
        Found found = call.found().getFirst();
        Caller through =
                new Caller(who, Authentication.TLS_CERTIFICATE)
                        .through(new Caller.Via(service, Caller.Via.ACTIONS));
        return actions.stream()
                .map(action -> new Need(action, found.need().target(), found.need().request()))
                .map(need -> Found.key(need, Objects.requireNonNull(found.key())))
                .map(asked -> decisions.of(call.about(asked).by(through), asked))
                .filter(decision -> !decision.allowed())
                .findFirst();
    }

    private Stream<Arn> named(Arn key) {
        return keyring.policy(key).statements().stream()
                .filter(Statement::allow)
                .flatMap(statement -> statement.principals().named().stream())
                .flatMap(
                        principal ->
                                switch (principal) {
                                    case PrincipalPattern.Named one -> Stream.of(one.arn());
                                    case PrincipalPattern.Role one -> Stream.of(one.arn());
                                    default -> Stream.empty();
                                })
                .flatMap(arn -> Arn.parse(arn).stream())
                .filter(arn -> arn.account().equals(key.account()));
    }
}
