package io.keyhold.token;

import static io.keyhold.key.SigningAlgorithm.ECDSA_SHA_256;
import static io.keyhold.key.SigningAlgorithm.ECDSA_SHA_384;
import static io.keyhold.key.SigningAlgorithm.ECDSA_SHA_512;
import static io.keyhold.key.SigningAlgorithm.ED25519_SHA_512;
import static io.keyhold.key.SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256;
import static io.keyhold.key.SigningAlgorithm.RSASSA_PSS_SHA_256;
import static io.keyhold.key.SigningAlgorithm.RSASSA_PSS_SHA_512;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.SigningAlgorithm;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * R25: signatures that others got wrong. What Wycheproof calls acceptable, DER with too long a form
 * say, is refused here.
 */
class WycheproofTest {

    private static final JsonMapper JSON = new JsonMapper();

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("ecdsa_secp256r1_sha256_test", ECDSA_SHA_256),
                Arguments.of("ecdsa_secp256k1_sha256_test", ECDSA_SHA_256),
                Arguments.of("ecdsa_secp384r1_sha384_test", ECDSA_SHA_384),
                Arguments.of("ecdsa_secp521r1_sha512_test", ECDSA_SHA_512),
                Arguments.of("ed25519_test", ED25519_SHA_512),
                Arguments.of("rsa_signature_2048_sha256_test", RSASSA_PKCS1_V1_5_SHA_256),
                Arguments.of("rsa_pss_2048_sha256_mgf1_32_test", RSASSA_PSS_SHA_256),
                Arguments.of("rsa_pss_3072_sha256_mgf1_32_test", RSASSA_PSS_SHA_256),
                Arguments.of("rsa_pss_4096_sha512_mgf1_64_test", RSASSA_PSS_SHA_512));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void everyVerdictIsShared(String file, SigningAlgorithm algorithm) throws IOException {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (JsonNode group : read(file).path("testGroups")) {
            byte[] publicKey = bytes(group.path("publicKeyDer"));
            for (JsonNode test : group.path("tests")) {
                byte[] input = algorithm.input(bytes(test.path("msg")));
                boolean good =
                        PublicKeys.verify(publicKey, algorithm, input, bytes(test.path("sig")));
                if (good != test.path("result").asString().equals("valid")) {
                    wrong.add(test.path("tcId") + " " + test.path("comment"));
                }
                count++;
            }
        }
        assertThat(wrong).as("of %d", count).isEmpty();
        assertThat(count).isGreaterThan(50);
    }

    private static JsonNode read(String file) throws IOException {
        try (InputStream in =
                WycheproofTest.class.getResourceAsStream("/wycheproof/" + file + ".json")) {
            return JSON.readTree(in);
        }
    }

    private static byte[] bytes(JsonNode hex) {
        return HexFormat.of().parseHex(hex.asString());
    }
}
