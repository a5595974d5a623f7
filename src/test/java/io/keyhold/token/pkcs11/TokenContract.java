package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.token.KeyStore;
import io.keyhold.token.pkcs11.Capability.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * What every token must do, as far as the probe says that it can. A case that it says no to is
 * shown to be refused, and listed; what a token may lack is written down, so that a probe that
 * fails skips nothing.
 */
abstract class TokenContract {

    /** By token: probed once, which takes seconds. */
    private static final Map<String, Map<String, Capability>> PROBED = new HashMap<>();

    private static final List<String> skipped = new ArrayList<>();

    private String testCase;
    private OpenToken token;
    private KeyStore store;

    /** The token, as a daemon would be configured for it. */
    abstract TokenSettings settings();

    /** What it is known not to do, in the probe's words. */
    abstract Set<String> lacks();

    final OpenToken token() {
        return token;
    }

    final KeyStore store() {
        return store;
    }

    @BeforeEach
    final void begin(TestInfo info) {
        String method = info.getTestMethod().orElseThrow().getName();
        String display = info.getDisplayName();
        testCase = display.startsWith(method) ? method : method + " " + display;
        TokenSettings settings = settings();
        PROBED.computeIfAbsent(name(), name -> probe(settings));
        open();
    }

    final void open() {
        token = OpenToken.open(settings());
        store = token.store();
    }

    @AfterEach
    final void close() {
        token.close();
    }

    @AfterAll
    static void list(TestInfo info) {
        System.out.printf(
                "%s: %d cases were skipped or cut%n", info.getDisplayName(), skipped.size());
        skipped.forEach(System.out::println);
        skipped.clear();
    }

    @Test
    void theProbeFindsWhatItIsKnownToLack() {
        Map<Verdict, Set<String>> found =
                PROBED.get(name()).values().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Capability::verdict,
                                        Collectors.mapping(
                                                Capability::operation, Collectors.toSet())));

        assertThat(found).doesNotContainKey(Verdict.WRONG_ANSWER);
        assertThat(found.get(Verdict.NO))
                .as("what the probe found: %s", PROBED.get(name()).values())
                .containsExactlyInAnyOrderElementsOf(lacks());
    }

    /** Else a key would be made with less than it could have. */
    @Test
    void theAttributesThatItIsSaidToLackAreLacking() {
        Set<Long> said = configuration().lacking();
        KeySpec spec = KeySpec.HMAC_256;
        for (long one : said) {
            close();
            open();
            token.cryptoki()
                    .say(
                            said.stream()
                                    .filter(each -> each != one)
                                    .collect(Collectors.toUnmodifiableSet()));
            TestKey draft = TestKey.draft(store, spec, KeyUsage.GENERATE_VERIFY_MAC);

            assertThat(refusal(() -> store.generate(draft.material())))
                    .as("0x%x is taken and kept", one)
                    .isNotNull();
        }
        TestKey.draft(open(said), spec, KeyUsage.GENERATE_VERIFY_MAC).made(store);
    }

    private KeyStore open(Set<Long> lacking) {
        close();
        open();
        token.cryptoki().say(lacking);
        return store;
    }

    /** Makes material, if the token can; else the case ends here. */
    final TestKey make(KeySpec spec, KeyUsage usage) {
        need(spec, usage);
        return TestKey.draft(store, spec, usage).made(store);
    }

    /** Goes on if the token can make such material; else it must refuse to. */
    final void need(KeySpec spec, KeyUsage usage) {
        TestKey draft = TestKey.draft(store, spec, usage);
        need(operations(spec, usage), () -> store.generate(draft.material()));
    }

    /** Likewise, such a pair for use outside. */
    final void needPair(KeySpec spec) {
        need(operations(spec, KeyUsage.SIGN_VERIFY), () -> store.dataKeyPair(spec));
    }

    private void need(List<String> operations, ThrowingCallable making) {
        List<Capability> missing =
                operations.stream()
                        .map(PROBED.get(name())::get)
                        .filter(each -> each.verdict() != Verdict.YES)
                        .toList();
        if (missing.isEmpty()) {
            return;
        }
        assertThat(lacks()).containsAll(missing.stream().map(Capability::operation).toList());
        int before = store.objects().size();
        KmsFault refusal = refusal(making);
        assertThat(refusal).as("%s works, though the probe says no", testCase).isNotNull();
        assertThat(refusal.name()).isEqualTo(FaultName.UnsupportedOperationException);
        assertThat(store.objects()).hasSize(before);
        String why = missing.getFirst().operation() + ": " + missing.getFirst().detail();
        cut(why);
        Assumptions.abort(why);
    }

    private static KmsFault refusal(ThrowingCallable making) {
        return catchThrowableOfType(KmsFault.class, making);
    }

    /** Lists that a case does not try all that it tries elsewhere. */
    final void cut(String why) {
        skipped.add("    %s | %s | %s".formatted(name(), testCase, why));
    }

    /** Without the attributes that the token is said to lack: what a case can compare. */
    final <T> Map<Long, T> comparable(Map<Long, T> designed) {
        Map<Long, T> left = new LinkedHashMap<>(designed);
        LibraryConfiguration configuration = configuration();
        LibraryConfiguration.DISPENSABLE.forEach(
                (attribute, type) -> {
                    if (configuration.lacking().contains(type) && left.remove(type) != null) {
                        cut(attribute + ": lacking, by its configuration");
                    }
                });
        return left;
    }

    private LibraryConfiguration configuration() {
        return LibraryConfiguration.read(settings().libraryConfiguration());
    }

    private String name() {
        return configuration().name();
    }

    private static Map<String, Capability> probe(TokenSettings settings) {
        return Probe.run(settings).stream()
                .collect(Collectors.toMap(Capability::operation, Function.identity()));
    }

    /** What material needs, in the probe's words. */
    private List<String> operations(KeySpec spec, KeyUsage usage) {
        return switch (spec) {
            case SYMMETRIC_DEFAULT -> List.of("AES-256 key, sealed", "AES-256-GCM with AAD");
            case HMAC_224, HMAC_256, HMAC_384, HMAC_512 ->
                    List.of("HMAC-SHA-" + spec.name().substring(5));
            case ECC_NIST_EDWARDS25519 -> List.of("Ed25519");
            case ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256K1 ->
                    List.of(
                            (usage == KeyUsage.KEY_AGREEMENT ? "ECDH " : "ECDSA ")
                                    + Curve.of(spec).jcaName());
            case RSA_2048, RSA_3072, RSA_4096 -> ofRsa(spec, usage);
            default -> throw new AssertionError(spec);
        };
    }

    private List<String> ofRsa(KeySpec spec, KeyUsage usage) {
        List<String> operations = new ArrayList<>();
        operations.add(spec.name().replace('_', '-') + " pair");
        if (usage == KeyUsage.SIGN_VERIFY) {
            for (String hash : List.of("SHA-256", "SHA-384", "SHA-512")) {
                operations.add("RSA PKCS#1 v1.5, " + hash);
                operations.add("RSA-PSS, " + hash);
            }
        } else {
            operations.add("RSA-OAEP decrypt, SHA-1");
            if (configuration().oaepSha256() == LibraryConfiguration.OaepSha256.TOKEN) {
                operations.add("RSA-OAEP decrypt, SHA-256");
            }
        }
        return operations;
    }
}
