package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** R25: public keys that come from outside, before a token sees them. */
class EllipticCurveTest {

    /** What Wycheproof calls acceptable may be either. */
    @Test
    void onlyPointsOfTheCurveComeThrough() throws IOException {
        int count = 0;
        for (JsonNode group : vectors().path("testGroups")) {
            for (JsonNode test : group.path("tests")) {
                String verdict = test.path("result").asString();
                if (!verdict.equals("acceptable")) {
                    byte[] publicKey = HexFormat.of().parseHex(test.path("public").asString());
                    assertThat(isTaken(publicKey))
                            .as(test.toString())
                            .isEqualTo(verdict.equals("valid"));
                    count++;
                }
            }
        }
        assertThat(count).isGreaterThan(350);
    }

    private static boolean isTaken(byte[] publicKey) {
        try {
            return EllipticCurve.point(KeySpec.ECC_NIST_P256, publicKey).length == 65;
        } catch (KmsFault e) {
            assertThat(e.name()).isEqualTo(FaultName.ValidationException);
            return false;
        }
    }

    private static JsonNode vectors() throws IOException {
        try (InputStream in =
                EllipticCurveTest.class.getResourceAsStream(
                        "/wycheproof/ecdh_secp256r1_test.json")) {
            return new JsonMapper().readTree(in);
        }
    }
}
