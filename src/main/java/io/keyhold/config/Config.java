package io.keyhold.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * keyhold.toml, complete with its defaults. Paths are absolute.
 *
 * @param home the folder of the file: everything the daemon keeps is in it
 */
public record Config(
        Path home,
        Daemon daemon,
        Operator operator,
        Grpc grpc,
        Optional<Aws> aws,
        List<Service> services,
        Store store,
        Audit audit,
        Imports imports,
        Token token) {

    /** The accounts that are somebody's: not of services. */
    public Set<String> accounts() {
        return accounts(daemon, grpc, aws);
    }

    static Set<String> accounts(Daemon daemon, Grpc grpc, Optional<Aws> aws) {
        Set<String> accounts = new HashSet<>();
        accounts.add(daemon.account);
        grpc.clientCas.forEach(ca -> accounts.addAll(ca.accounts));
        aws.flatMap(Aws::insecureAccount).ifPresent(accounts::add);
        return accounts;
    }

    /** The same with another TCP port. */
    public Config withGrpcPort(int port) {
        Grpc other =
                new Grpc(
                        grpc.host,
                        port,
                        grpc.reflection,
                        grpc.certificate,
                        grpc.privateKey,
                        grpc.eventLoops,
                        grpc.clientCas);
        return new Config(
                home, daemon, operator, other, aws, services, store, audit, imports, token);
    }

    /** The same with another TCP port for AWS's clients, on this machine only if it had none. */
    public Config withAwsPort(int port) {
        Aws other =
                aws.map(door -> new Aws(door.host, port, door.tls, door.insecureAccount))
                        .orElseGet(() -> new Aws("127.0.0.1", port, false, Optional.empty()));
        return new Config(
                home,
                daemon,
                operator,
                grpc,
                Optional.of(other),
                services,
                store,
                audit,
                imports,
                token);
    }

    /**
     * {@code [daemon]}: whose keys these are.
     *
     * @param partition first part of every ARN
     * @param account the operator's account, 12 digits
     * @param region the region of a call that names none
     */
    public record Daemon(String partition, String account, String region) {}

    /**
     * {@code [operator]}: whoever may connect to the Unix socket.
     *
     * @param actAs whether a call there may say which principal it comes from
     */
    public record Operator(boolean actAs) {}

    /**
     * {@code [grpc]}: the TCP listener.
     *
     * @param host address to listen on
     * @param port 0 for any free one
     * @param reflection whether it describes itself to grpcurl
     * @param eventLoops threads that move bytes
     * @param clientCas {@code [[grpc.client_ca]]}
     */
    public record Grpc(
            String host,
            int port,
            boolean reflection,
            Path certificate,
            Path privateKey,
            int eventLoops,
            List<ClientCa> clientCas) {}

    /**
     * {@code [aws]}: the listener for AWS's clients.
     *
     * @param host address to listen on
     * @param port 0 for any free one
     * @param tls whether connections are encrypted, with the certificate of gRPC's listener
     * @param insecureAccount the account whose root everybody is, if signatures are not checked
     */
    public record Aws(String host, int port, boolean tls, Optional<String> insecureAccount) {

        private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "[::]");

        /** Where it listens. */
        public String url(int realPort) {
            return url(host, realPort);
        }

        /** Where clients on this machine find it. */
        public String localUrl(int realPort) {
            return url(EVERY_ADDRESS.contains(host) ? "127.0.0.1" : host, realPort);
        }

        private String url(String name, int realPort) {
            return (tls ? "https://" : "http://") + name + ":" + realPort;
        }
    }

    /**
     * {@code [[grpc.client_ca]]}: an authority and whom it may name.
     *
     * @param allowRoot whether it may name an account's root user
     * @param services the services that it may name
     * @param mappings {@code [[grpc.client_ca.mapping]]}: the first one that matches counts
     */
    public record ClientCa(
            Path certificate,
            Optional<Path> crl,
            List<String> accounts,
            boolean allowRoot,
            List<String> services,
            List<Mapping> mappings) {}

    /**
     * {@code [[grpc.client_ca.mapping]]}: whom a SPIFFE ID stands for. Both are templates.
     *
     * @param uri {@code {name}} stands for one segment of the path
     * @param principal an ARN, or {@code Service:} and a name
     */
    public record Mapping(String uri, String principal) {}

    /**
     * {@code [[service]]}: a service that may act for principals.
     *
     * @param account where its own keys are; there if it uses service owned ones
     * @param keys the kinds of key that it uses
     * @param mayAssertAccounts whose principals it may name by itself
     */
    public record Service(
            String name,
            String principal,
            Optional<String> account,
            List<String> keys,
            List<String> mayAssertAccounts) {}

    /** {@code [store]}: the SQLite file. */
    public record Store(Path file) {}

    /** {@code [audit]}: the journal's folder. */
    public record Audit(Path directory) {}

    /**
     * {@code [import]}: material that comes from outside.
     *
     * @param allowPlaintextInDaemon whether the daemon may unwrap what the token cannot, so that it
     *     sees the material for a moment
     */
    public record Imports(boolean allowPlaintextInDaemon) {}

    /**
     * {@code [[token]]}: the token that holds the key material.
     *
     * @param library file in SunPKCS11's format that names the PKCS#11 library
     * @param inProcess whether the library works in this process (SoftHSM), not across a network
     * @param lanes sessions with the token
     * @param timeout how long a call waits for the token
     * @param environment variables that the library reads
     */
    public record Token(
            Path library,
            String label,
            Optional<String> serial,
            Path pinFile,
            boolean inProcess,
            int lanes,
            Duration timeout,
            Map<String, String> environment) {}
}
