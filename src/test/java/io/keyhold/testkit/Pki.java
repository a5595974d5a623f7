package io.keyhold.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** A certification authority, run by the openssl program. */
public final class Pki {

    /** An account that the authority is meant for. */
    public static final String ACCOUNT = "123456789012";

    public static final String ALICE = "URI:arn:aws:iam::" + ACCOUNT + ":user/alice";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private int issued;

    private Pki(Path folder) {
        this.folder = folder;
    }

    /** Makes a self-signed authority in a folder. */
    public static Pki authority(Path folder, String commonName) {
        Pki made = prepare(folder);
        made.openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=" + commonName,
                "-keyout",
                "ca.key",
                "-out",
                "ca.crt",
                "-days",
                "30",
                "-addext",
                "basicConstraints=critical,CA:TRUE",
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign");
        return made;
    }

    /** Makes an authority below this one. */
    public Pki intermediate(Path below, String commonName) {
        Issued authority =
                issue(
                        new Wish(commonName)
                                .extension("basicConstraints = critical, CA:TRUE")
                                .extension("keyUsage = critical, keyCertSign, cRLSign"));
        Pki made = prepare(below);
        copy(authority.certificate(), made.certificate());
        copy(authority.key(), below.resolve("ca.key"));
        return made;
    }

    private static Pki prepare(Path folder) {
        try {
            Files.createDirectories(folder.resolve("new"));
            Files.writeString(folder.resolve("index.txt"), "");
            Files.writeString(folder.resolve("index.txt.attr"), "unique_subject = no\n");
            Files.writeString(folder.resolve("crlnumber"), "01\n");
            Files.writeString(
                    folder.resolve("ca.cnf"),
                    """
                    [ca]
                    default_ca = this
                    [this]
                    database = index.txt
                    new_certs_dir = new
                    certificate = ca.crt
                    private_key = ca.key
                    crlnumber = crlnumber
                    rand_serial = yes
                    default_md = sha256
                    default_days = 30
                    default_crl_days = 30
                    policy = any
                    [any]
                    commonName = supplied
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Pki(folder);
    }

    /** Its own certificate, PEM. */
    public Path certificate() {
        return folder.resolve("ca.crt");
    }

    /** Its revocation list, PEM; there once {@link #writeCrl} was called. */
    public Path crl() {
        return folder.resolve("ca.crl");
    }

    /** A client certificate as it should be, for these alternative names. */
    public Issued client(String alternativeNames) {
        return issue(Wish.client(alternativeNames));
    }

    /** A server certificate as it should be. */
    public Issued server() {
        return issue(
                new Wish("localhost")
                        .extension("extendedKeyUsage = serverAuth")
                        .extension("subjectAltName = DNS:localhost, IP:127.0.0.1"));
    }

    /** Issues a certificate. */
    public Issued issue(Wish wish) {
        Issued fresh = new Issued(folder.resolve("leaf" + ++issued));
        request(fresh, wish);
        openssl(
                "ca",
                "-batch",
                "-notext",
                "-config",
                "ca.cnf",
                "-in",
                fresh.file("csr"),
                "-out",
                fresh.certificate(),
                "-extfile",
                fresh.file("ext"),
                "-startdate",
                TIME.format(wish.from),
                "-enddate",
                TIME.format(wish.until));
        return fresh;
    }

    /** A certificate that nobody but its own key has signed. */
    public Issued selfSigned(Wish wish) {
        Issued fresh = new Issued(folder.resolve("leaf" + ++issued));
        request(fresh, wish);
        openssl(
                "x509",
                "-req",
                "-in",
                fresh.file("csr"),
                "-key",
                fresh.key(),
                "-extfile",
                fresh.file("ext"),
                "-days",
                "30",
                "-out",
                fresh.certificate());
        return fresh;
    }

    private void request(Issued fresh, Wish wish) {
        openssl(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=" + wish.commonName,
                "-keyout",
                fresh.key(),
                "-out",
                fresh.file("csr"));
        try {
            Files.write(fresh.file("ext"), wish.extensions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void revoke(Issued certificate) {
        openssl("ca", "-config", "ca.cnf", "-revoke", certificate.certificate());
    }

    /** Writes the revocation list anew. */
    public void writeCrl() {
        openssl("ca", "-config", "ca.cnf", "-gencrl", "-out", "ca.crl");
    }

    /** Writes a revocation list that was to be replaced by now. */
    public void writeOutdatedCrl() {
        Instant now = Instant.now();
        openssl(
                "ca",
                "-config",
                "ca.cnf",
                "-gencrl",
                "-out",
                "ca.crl",
                "-crl_lastupdate",
                TIME.format(now.minus(Duration.ofDays(3))),
                "-crl_nextupdate",
                TIME.format(now.minus(Duration.ofDays(1))));
    }

    private void openssl(Object... arguments) {
        Object[] line = new Object[1 + arguments.length];
        line[0] = "openssl";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        Command.of(line).in(folder).run();
    }

    /** Puts a file in another's place in one step, as an operator should. */
    public static void replace(Path file, Path by) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        copy(by, fresh);
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a certificate. */
    public static X509Certificate read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What a certificate shall say.
     *
     * @param extensions lines as openssl reads them
     */
    public record Wish(String commonName, Instant from, Instant until, List<String> extensions) {

        public Wish(String commonName) {
            this(
                    commonName,
                    Instant.now().minus(Duration.ofDays(1)),
                    Instant.now().plus(Duration.ofDays(30)),
                    List.of());
        }

        /** A client's, with these alternative names. */
        public static Wish client(String alternativeNames) {
            return new Wish("client")
                    .extension("basicConstraints = critical, CA:FALSE")
                    .extension("keyUsage = critical, digitalSignature")
                    .extension("extendedKeyUsage = clientAuth")
                    .extension("subjectAltName = " + alternativeNames);
        }

        public Wish extension(String line) {
            List<String> more = new ArrayList<>(extensions);
            more.add(line);
            return new Wish(commonName, from, until, more);
        }

        /** The same without the lines that begin so. */
        public Wish without(String beginning) {
            return new Wish(
                    commonName,
                    from,
                    until,
                    extensions.stream().filter(line -> !line.startsWith(beginning)).toList());
        }

        public Wish valid(Instant notBefore, Instant notAfter) {
            return new Wish(commonName, notBefore, notAfter, extensions);
        }
    }

    /** A certificate with its key, in files. */
    public record Issued(Path stem) {

        /** PEM. */
        public Path certificate() {
            return file("crt");
        }

        /** PKCS#8, PEM. */
        public Path key() {
            return file("key");
        }

        public X509Certificate read() {
            return Pki.read(certificate());
        }

        public BigInteger serial() {
            return read().getSerialNumber();
        }

        private Path file(String suffix) {
            return stem.resolveSibling(stem.getFileName() + "." + suffix);
        }
    }
}
