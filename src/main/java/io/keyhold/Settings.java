package io.keyhold;

import io.keyhold.api.grpc.GrpcSettings;
import io.keyhold.api.tls.TlsSettings;
import io.keyhold.config.Config;
import io.keyhold.identity.ClientCa;
import io.keyhold.identity.Mapping;
import io.keyhold.identity.Operator;
import io.keyhold.key.Arn;
import io.keyhold.key.KeyKind;
import io.keyhold.key.Service;
import io.keyhold.keyring.Accounts;
import io.keyhold.store.sql.SqlStore;
import io.keyhold.token.pkcs11.TokenSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What the rooms have to know of the configuration, in their own words. */
public final class Settings {

    private Settings() {}

    static Operator operator(Config config, Accounts accounts) throws IOException {
        Arn principal = Arn.root(config.daemon().partition(), config.daemon().account());
        return new Operator(principal, ownUid(), config.operator().actAs(), accounts::isKnown);
    }

    /** The accounts that the configuration names. */
    static Set<String> accounts(Config config) {
        Set<String> accounts = customers(config);
        config.services().forEach(service -> service.account().ifPresent(accounts::add));
        return accounts;
    }

    /** Those of them that may be customers'. */
    static Set<String> customers(Config config) {
        Set<String> accounts = new HashSet<>(config.accounts());
        config.services().forEach(service -> accounts.addAll(service.mayAssertAccounts()));
        return accounts;
    }

    static List<Service> services(Config config) {
        return config.services().stream()
                .map(
                        service ->
                                new Service(
                                        service.name(),
                                        service.principal(),
                                        service.account().orElse(""),
                                        kinds(service.keys()),
                                        Set.copyOf(service.mayAssertAccounts())))
                .toList();
    }

    private static Set<KeyKind> kinds(List<String> names) {
        return names.stream()
                .map(name -> KeyKind.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
                .collect(Collectors.toSet());
    }

    /** How a configuration says that its token is reached. */
    public static TokenSettings token(Config config) {
        Config.Token token = config.token();
        return new TokenSettings(
                token.library(),
                token.label(),
                token.serial(),
                token.pinFile(),
                config.home().resolve("pin-refused"),
                token.inProcess(),
                token.lanes(),
                token.timeout(),
                config.imports().allowPlaintextInDaemon(),
                token.environment());
    }

    static TlsSettings tls(Config config) {
        List<ClientCa> authorities =
                config.grpc().clientCas().stream()
                        .map(
                                ca ->
                                        new ClientCa(
                                                ca.certificate(),
                                                ca.crl(),
                                                Set.copyOf(ca.accounts()),
                                                ca.allowRoot(),
                                                Set.copyOf(ca.services()),
                                                mappings(ca)))
                        .toList();
        return new TlsSettings(
                config.daemon().partition(),
                config.grpc().certificate(),
                config.grpc().privateKey(),
                authorities);
    }

    private static List<Mapping> mappings(Config.ClientCa ca) {
        return ca.mappings().stream()
                .map(rule -> new Mapping(rule.uri(), rule.principal()))
                .toList();
    }

    static GrpcSettings grpc(Config config, Path socket) {
        Config.Grpc grpc = config.grpc();
        return new GrpcSettings(
                new InetSocketAddress(grpc.host(), grpc.port()),
                grpc.reflection(),
                socket,
                grpc.eventLoops());
    }

    static SqlStore.Use use(Config config) {
        return config.aws().flatMap(Config.Aws::insecureAccount).isPresent()
                ? SqlStore.Use.EMULATOR
                : SqlStore.Use.NORMAL;
    }

    static int ownUid() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }
}
