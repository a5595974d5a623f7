package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Makes client certificates, good and bad ones, with openssl. */
final class Certificates {

    static final String ROOT = "URI:arn:aws:iam::123456789012:root";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Home home;
    private final Path folder;

    Certificates(Home home) {
        this.home = home;
        this.folder = home.scratch("certificates");
        write("openssl.cnf", "");
    }

    /** A certificate of the home's own CA that is good for a day. */
    String issue(String name, String usage, String alternativeNames) {
        Instant now = Instant.now();
        return issue(
                name,
                home.path("tls/ca"),
                usage,
                alternativeNames,
                now.minus(Duration.ofHours(1)),
                now.plus(Duration.ofDays(1)));
    }

    /**
     * A certificate.
     *
     * @param ca path of the authority's .crt and .key, without that
     * @param usage its extended key usage; empty for none
     * @return path of its .crt and .key, without that
     */
    String issue(
            String name,
            Path ca,
            String usage,
            String alternativeNames,
            Instant from,
            Instant until) {
        request(name);
        write("index.txt", "");
        write(
                "openssl.cnf",
                """
                [ca]
                default_ca = this
                [this]
                database = %1$s/index.txt
                new_certs_dir = %1$s
                certificate = %2$s.crt
                private_key = %2$s.key
                default_md = sha256
                policy = any
                rand_serial = yes
                x509_extensions = extensions
                [any]
                commonName = supplied
                [extensions]
                basicConstraints = critical, CA:FALSE
                keyUsage = critical, digitalSignature
                %3$s
                %4$s
                """
                        .formatted(
                                folder,
                                ca,
                                usage.isEmpty() ? "" : "extendedKeyUsage = " + usage,
                                alternativeNames.isEmpty()
                                        ? ""
                                        : "subjectAltName = " + alternativeNames));
        openssl(
                "ca",
                "-batch",
                "-notext",
                "-config",
                file("openssl.cnf"),
                "-startdate",
                TIME.format(from),
                "-enddate",
                TIME.format(until),
                "-in",
                file(name + ".csr"),
                "-out",
                file(name + ".crt"));
        return file(name);
    }

    /** A certificate that nobody but itself vouches for. */
    String selfSigned(String name) {
        key(name);
        openssl(
                "req",
                "-x509",
                "-new",
                "-key",
                file(name + ".key"),
                "-subj",
                "/CN=Keyhold development CA",
                "-addext",
                "subjectAltName=" + ROOT,
                "-addext",
                "extendedKeyUsage=clientAuth",
                "-out",
                file(name + ".crt"));
        return file(name);
    }

    private void request(String name) {
        key(name);
        openssl(
                "req",
                "-new",
                "-key",
                file(name + ".key"),
                "-subj",
                "/CN=" + name,
                "-out",
                file(name + ".csr"));
    }

    private void key(String name) {
        openssl(
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-out",
                file(name + ".key"));
    }

    private static void openssl(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "openssl";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Commands.must(command);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void write(String name, String text) {
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve(name), text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
