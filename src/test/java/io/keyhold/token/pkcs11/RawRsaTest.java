package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.token.PublicKeys;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** RSAES_OAEP_SHA_256 where the token does bare RSA; here numbers do it in the token's place. */
class RawRsaTest {

    private static final int BYTES = 256;
    private static final int ROUNDS = 4000;

    /** R25: what comes out, and what is refused. Labels are not used. */
    @Test
    void wycheproofsVerdictsAreShared() throws IOException {
        int count = 0;
        for (JsonNode group : vectors().path("testGroups")) {
            RSAKeyParameters key =
                    (RSAKeyParameters)
                            PrivateKeyFactory.createKey(bytes(group.path("privateKeyPkcs8")));
            RawRsa token = token(key.getModulus(), key.getExponent());
            for (JsonNode test : group.path("tests")) {
                byte[] ciphertext = bytes(test.path("ct"));
                boolean ours =
                        ciphertext.length == BYTES
                                && new BigInteger(1, ciphertext).compareTo(key.getModulus()) < 0
                                && test.path("label").asString().isEmpty();
                String verdict = test.path("result").asString();
                if (ours) {
                    assertThat(open(token, ciphertext))
                            .as(test.toString())
                            .isEqualTo(
                                    verdict.equals("valid")
                                            ? HexFormat.of().formatHex(bytes(test.path("msg")))
                                            : "refused");
                    count++;
                }
            }
        }
        assertThat(count).isGreaterThan(20);
    }

    /** Where a padding is wrong must not show: medians of one run, of turns taken by chance. */
    @Test
    void whereAPaddingIsWrongDoesNotShow() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(8 * BYTES);
        KeyPair pair = generator.generateKeyPair();
        byte[] good =
                PublicKeys.encrypt(
                        pair.getPublic().getEncoded(),
                        EncryptionAlgorithm.RSAES_OAEP_SHA_256,
                        new byte[32]);
        RSAPrivateKey key = (RSAPrivateKey) pair.getPrivate();
        byte[] block =
                token(key.getModulus(), key.getPrivateExponent()).operation().apply(good.clone());
        List<byte[]> wrong = List.of(changed(block, 0), changed(block, 1), changed(block, 255));
        List<List<Long>> times = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Random random = new Random(1);
        for (int round = 0; round < 3 * ROUNDS; round++) {
            int which = random.nextInt(wrong.size());
            RawRsa token = new RawRsa(BYTES, ignored -> wrong.get(which).clone());
            long start = System.nanoTime();
            String outcome = open(token, good);
            times.get(which).add(System.nanoTime() - start);
            assertThat(outcome).isEqualTo("refused");
        }

        long first = median(times.get(0));
        double second = (double) median(times.get(1)) / first;
        double third = (double) median(times.get(2)) / first;

        System.out.printf(
                "RSAES_OAEP_SHA_256: a wrong padding takes %.3f and %.3f of %d ns%n",
                second, third, first);
        assertThat(second).isBetween(0.7, 1.4);
        assertThat(third).isBetween(0.7, 1.4);
    }

    @Test
    void itOnlyDeciphers() {
        RawRsa token = new RawRsa(BYTES, block -> block);
        assertThatThrownBy(() -> token.init(true, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] changed(byte[] block, int at) {
        byte[] changed = block.clone();
        changed[at] ^= 1;
        return changed;
    }

    private static long median(List<Long> times) {
        Collections.sort(times);
        return times.get(times.size() / 2);
    }

    private static String open(RawRsa token, byte[] ciphertext) {
        try {
            return HexFormat.of().formatHex(token.openOaepSha256(ciphertext));
        } catch (InvalidCipherTextException e) {
            return "refused";
        }
    }

    private static RawRsa token(BigInteger modulus, BigInteger exponent) {
        return new RawRsa(
                BYTES,
                block -> {
                    byte[] number =
                            new BigInteger(1, block).modPow(exponent, modulus).toByteArray();
                    byte[] whole = new byte[BYTES];
                    int length = Math.min(BYTES, number.length);
                    System.arraycopy(number, number.length - length, whole, BYTES - length, length);
                    return whole;
                });
    }

    private static JsonNode vectors() throws IOException {
        try (InputStream in =
                RawRsaTest.class.getResourceAsStream(
                        "/wycheproof/rsa_oaep_2048_sha256_mgf1sha256_test.json")) {
            return new JsonMapper().readTree(in);
        }
    }

    private static byte[] bytes(JsonNode hex) {
        return HexFormat.of().parseHex(hex.asString());
    }
}
