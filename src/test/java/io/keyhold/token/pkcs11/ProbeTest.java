package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.token.pkcs11.Capability.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SoftHSM 2.6.1 can do, and what a token that lies is found out in. */
class ProbeTest {

    @TempDir private Path folder;

    private SoftHsm token;
    private WatchedCryptoki cryptoki;

    @BeforeEach
    void makeAToken() throws IOException {
        token = SoftHsm.in(folder);
        ProcessEnvironment.set(token.settings().environment());
        cryptoki = new WatchedCryptoki(new SunCryptoki(SoftHsm.configuration()));
    }

    @Test
    void softHsmDoesWhatItWasMeasuredToDo() {
        Map<String, Verdict> found = probe();

        assertThat(of(found, Verdict.NO)).containsExactlyInAnyOrderElementsOf(SoftHsm.LACKS);
        assertThat(of(found, Verdict.NOT_TRIED))
                .containsExactlyInAnyOrder("CKM_RSA_AES_KEY_WRAP", "ML-DSA", "ML-KEM");
        assertThat(of(found, Verdict.WRONG_ANSWER)).isEmpty();
        assertThat(of(found, Verdict.YES))
                .hasSize(27)
                .contains("AES-256-GCM with AAD", "Ed25519", "ECDSA secp256k1", "ECDH secp521r1");
    }

    @Test
    void nothingStaysInTheTokenAndTheLibraryIsFinalised() {
        String before = token.toolAsUser("--list-objects");

        probe();

        assertThat(token.toolAsUser("--list-objects")).isEqualTo(before);
        assertThat(cryptoki.calls("C_Login")).isEqualTo(1);
        assertThat(cryptoki.initialized()).isFalse();
    }

    @Test
    void aWrongAnswerBehindAnOkIsSeen() {
        cryptoki.alterAnswers(
                answer -> {
                    answer[answer.length - 1] ^= 1;
                    return answer;
                });

        assertThat(of(probe(), Verdict.WRONG_ANSWER))
                .contains(
                        "AES-256-GCM with AAD",
                        "HMAC-SHA-256",
                        "RSA PKCS#1 v1.5, SHA-256",
                        "RSA-PSS, SHA-512",
                        "ECDSA secp256r1",
                        "ECDSA secp256k1",
                        "Ed25519",
                        "RSA-OAEP unwrap, SHA-1");
    }

    @Test
    void aTokenThatOpensWhatWasChangedIsSeen() {
        cryptoki.forgive();

        assertThat(of(probe(), Verdict.WRONG_ANSWER)).contains("AES-256-GCM with AAD");
    }

    @Test
    void aTokenThatTakesNoKnownKeyIsTriedAsFarAsItGoes() {
        cryptoki.watch(
                function -> {
                    if (function.equals("C_CreateObject")) {
                        throw new CkrException(function, Ckr.CKR_ACTION_PROHIBITED.code());
                    }
                });

        List<Capability> found = Probe.run(cryptoki, token.settings());

        Capability gcm =
                found.stream()
                        .filter(one -> one.operation().equals("AES-256-GCM with AAD"))
                        .findFirst()
                        .orElseThrow();
        assertThat(gcm.verdict()).isEqualTo(Verdict.YES);
        assertThat(gcm.detail()).contains("not compared");
        assertThat(of(verdicts(found), Verdict.NO)).contains("HMAC-SHA-256");
    }

    @Test
    void aKeyThatCouldLeaveIsSeen() {
        cryptoki.alterTemplates(
                template ->
                        template.with(Pkcs11.CKA_SENSITIVE, false)
                                .with(Pkcs11.CKA_EXTRACTABLE, true));

        assertThat(of(probe(), Verdict.WRONG_ANSWER)).contains("AES-256 key, sealed");
    }

    private Map<String, Verdict> probe() {
        return verdicts(Probe.run(cryptoki, token.settings()));
    }

    private static Map<String, Verdict> verdicts(List<Capability> found) {
        return found.stream().collect(Collectors.toMap(Capability::operation, Capability::verdict));
    }

    private static Set<String> of(Map<String, Verdict> found, Verdict verdict) {
        return found.entrySet().stream()
                .filter(one -> one.getValue() == verdict)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
