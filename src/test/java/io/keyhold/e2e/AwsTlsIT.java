package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.v1.PutUserPolicyRequest;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** AWS's clients over TLS, from any address. */
final class AwsTlsIT {

    private static final String PLAIN = "listen = \"127.0.0.1:7480\"";
    private static final String ENCRYPTED = "listen = \"0.0.0.0:7480\"\ntls = true";

    @RegisterExtension
    static final OneDaemon one = new OneDaemon(home -> home.configure(PLAIN, ENCRYPTED));

    @Test
    void theSdkTrustsTheCertificateAndPoliciesKnowOfTls() throws Exception {
        AwsUser user = AwsUser.create(one, "user", "kms:*");
        try (KmsClient kms = client(user)) {
            deny(user, "\"Bool\": {\"aws:SecureTransport\": \"false\"}");
            assertThat(kms.listKeys().hasKeys()).isTrue();
            deny(user, "\"NotIpAddress\": {\"aws:SourceIp\": \"127.0.0.1/32\"}");
            assertThat(kms.listKeys().hasKeys()).isTrue();
            deny(user, "\"Bool\": {\"aws:SecureTransport\": \"true\"}");
            KmsException denied = catchThrowableOfType(KmsException.class, kms::listKeys);
            assertThat(denied.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
        }
    }

    @Test
    void nothingIsAnsweredInTheClearOrByAnOlderTls() throws Exception {
        assertThat(one.daemon().awsEndpoint()).hasScheme("https");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .doesNotContain("HTTP");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset"); // it had not been read to its end
        }
        catchThrowableOfType(SSLHandshakeException.class, () -> handshake("TLSv1.2"));
        assertThat(handshake("TLSv1.3")).isEqualTo("TLSv1.3");
    }

    private static void deny(AwsUser user, String condition) {
        Request.of(
                        PutUserPolicyRequest.newBuilder()
                                .setUserName(user.name())
                                .setPolicyName("deny")
                                .setPolicyDocument(
                                        """
                                        {"Version": "2012-10-17", "Statement":
                                         {"Effect": "Deny", "Action": "kms:*", "Resource": "*",
                                          "Condition": {%s}}}
                                        """
                                                .formatted(condition)))
                .send(one.client());
    }

    private static String handshake(String protocol) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust().getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    private static KmsClient client(AwsUser user) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = trust();
        return KmsClient.builder()
                .endpointOverride(URI.create("https://127.0.0.1:" + port()))
                .region(AwsUser.REGION)
                .credentialsProvider(user.credentials())
                .httpClient(
                        UrlConnectionHttpClient.builder()
                                .tlsTrustManagersProvider(trust::getTrustManagers)
                                .build())
                .build();
    }

    private static int port() {
        return one.daemon().awsEndpoint().getPort();
    }

    private static TrustManagerFactory trust() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream ca = new FileInputStream(one.home().path("tls/ca.crt").toFile())) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(ca));
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory;
    }
}
