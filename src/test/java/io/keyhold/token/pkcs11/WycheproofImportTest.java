package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.testkit.Wrapping;
import io.keyhold.token.KeyStore;
import io.keyhold.token.PublicKeys;
import io.keyhold.token.Sealed;
import io.keyhold.token.WrappedMaterial;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * R25: what others got wrong with keys that are known, which therefore have to be imported. What
 * AWS KMS has no key for is skipped, and said.
 */
class WycheproofImportTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final WrappingAlgorithm ANY = WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_1;

    @TempDir private Path folder;
    private OpenToken token;
    private KeyStore store;
    private TestKey wrapping;
    private final Map<String, Material> imported = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final Map<String, Integer> skipped = new TreeMap<>();
    private int tried;

    @BeforeEach
    void open() {
        token = OpenToken.open(SoftHsm.in(folder).settings());
        store = token.store();
        wrapping = TestKey.draft(store, KeySpec.RSA_2048, KeyUsage.UNWRAP).made(store);
    }

    @AfterEach
    void close() {
        token.close();
    }

    @ParameterizedTest
    @EnumSource(value = KeySpec.class, names = "HMAC_.*", mode = EnumSource.Mode.MATCH_ALL)
    void codes(KeySpec spec) throws IOException {
        String bits = spec.name().replace("HMAC_", "");
        for (JsonNode group : read("hmac_sha" + bits + "_test")) {
            boolean ours =
                    group.path("keySize").asString().equals(bits)
                            && group.path("tagSize").asString().equals(bits);
            for (JsonNode test : group.path("tests")) {
                if (!ours) {
                    skip("keys and codes of other lengths than the hash's");
                    continue;
                }
                Material key = take(spec, KeyUsage.GENERATE_VERIFY_MAC, bytes(test, "key"));
                check(test, Arrays.equals(store.mac(key, bytes(test, "msg")), bytes(test, "tag")));
            }
        }
        assertNoneWrong(30);
    }

    @Test
    void gcm() throws IOException {
        for (JsonNode group : read("aes_gcm_test")) {
            boolean ours =
                    group.path("keySize").asInt() == 256 && group.path("ivSize").asInt() == 96;
            for (JsonNode test : group.path("tests")) {
                if (!ours) {
                    skip("AES-128, AES-192, and IVs that have not 96 bits");
                    continue;
                }
                Material key =
                        take(
                                KeySpec.SYMMETRIC_DEFAULT,
                                KeyUsage.ENCRYPT_DECRYPT,
                                bytes(test, "key"));
                byte[] sealed = concat(bytes(test, "ct"), bytes(test, "tag"));
                check(
                        test,
                        opens(
                                () ->
                                        store.decrypt(
                                                key,
                                                bytes(test, "aad"),
                                                new Sealed(bytes(test, "iv"), sealed)),
                                bytes(test, "msg")));
            }
        }
        assertNoneWrong(60);
    }

    @ParameterizedTest
    @EnumSource(names = {"RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"})
    void oaep(EncryptionAlgorithm algorithm) throws IOException {
        String hash = algorithm.name().replace("RSAES_OAEP_SHA_", "sha");
        for (JsonNode group : read("rsa_oaep_2048_" + hash + "_mgf1" + hash + "_test")) {
            Material key =
                    take(
                            KeySpec.RSA_2048,
                            KeyUsage.ENCRYPT_DECRYPT,
                            bytes(group, "privateKeyPkcs8"));
            for (JsonNode test : group.path("tests")) {
                byte[] ciphertext = bytes(test, "ct");
                if (!test.path("label").asString().isEmpty()) {
                    skip("labels");
                } else if (ciphertext.length != KeySpec.RSA_2048.modulusBytes()) {
                    skip("lengths that the door refuses");
                } else {
                    check(
                            test,
                            opens(
                                    () -> store.decipher(key, algorithm, ciphertext),
                                    bytes(test, "msg")));
                }
            }
        }
        assertNoneWrong(20);
    }

    /** The key that wraps is wrapped by RSA, as it comes; what is inside is the key material. */
    @Test
    void keyWrapWithPadding() throws IOException {
        byte[] publicKey = store.publicKey(wrapping.material());
        for (JsonNode group : read("aes_kwp_test")) {
            for (JsonNode test : group.path("tests")) {
                byte[] first =
                        PublicKeys.encrypt(
                                publicKey,
                                EncryptionAlgorithm.RSAES_OAEP_SHA_1,
                                bytes(test, "key"));
                byte[] blob = concat(first, bytes(test, "ct"));
                check(test, isTaken(blob, bytes(test, "msg")));
            }
        }
        assertNoneWrong(250);
    }

    /** Whether it can be unwrapped; if it is a key, then whether it is the right one. */
    private boolean isTaken(byte[] blob, byte[] material) {
        try {
            byte[] identity = identify(blob);
            assertThat(identity).isEqualTo(identify(wrapped(material)));
            assertThat(material).hasSize(32);
            return true;
        } catch (KmsFault e) {
            assertThat(e.name())
                    .isIn(
                            FaultName.InvalidCiphertextException,
                            FaultName.IncorrectKeyMaterialException);
            return e.name() == FaultName.IncorrectKeyMaterialException && material.length != 32;
        }
    }

    private byte[] identify(byte[] blob) {
        return store.identify(
                KeySpec.SYMMETRIC_DEFAULT, new WrappedMaterial(wrapping.material(), ANY, blob));
    }

    /** What Wycheproof calls acceptable may be either. */
    @Test
    void agreement() throws IOException {
        for (JsonNode group : read("ecdh_secp256r1_test")) {
            for (JsonNode test : group.path("tests")) {
                boolean acceptable = test.path("result").asString().equals("acceptable");
                Material key =
                        take(
                                KeySpec.ECC_NIST_P256,
                                KeyUsage.KEY_AGREEMENT,
                                pkcs8(new BigInteger(1, bytes(test, "private"))));
                boolean right = derives(key, test);
                if (acceptable) {
                    skip("acceptable, and " + (right ? "done" : "refused"));
                } else {
                    check(test, right);
                }
            }
        }
        assertNoneWrong(350);
    }

    private boolean derives(Material key, JsonNode test) {
        try {
            byte[] secret = store.deriveSharedSecret(key, bytes(test, "public"));
            assertThat(secret).as(test.toString()).isEqualTo(bytes(test, "shared"));
            return true;
        } catch (KmsFault e) {
            assertThat(e.name()).isEqualTo(FaultName.ValidationException);
            return false;
        }
    }

    private static byte[] pkcs8(BigInteger number) throws IOException {
        return PrivateKeyInfoFactory.createPrivateKeyInfo(
                        new ECPrivateKeyParameters(
                                number,
                                ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256r1)))
                .getEncoded();
    }

    private Material take(KeySpec spec, KeyUsage usage, byte[] material) {
        return imported.computeIfAbsent(
                HexFormat.of().formatHex(material),
                hex -> {
                    WrappedMaterial blob =
                            new WrappedMaterial(wrapping.material(), ANY, wrapped(material));
                    TestKey draft = TestKey.draft(store, spec, usage).asImported();
                    byte[] identity = store.identify(spec, blob);
                    return draft.with(store.unwrap(draft.material(), blob, identity)).material();
                });
    }

    private byte[] wrapped(byte[] material) {
        return Wrapping.wrap(store.publicKey(wrapping.material()), ANY, material);
    }

    private static boolean opens(Opening opening, byte[] message) {
        byte[][] opened = new byte[1][];
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> opened[0] = opening.run());
        if (fault != null) {
            assertThat(fault.name()).isEqualTo(FaultName.InvalidCiphertextException);
            return false;
        }
        return Arrays.equals(opened[0], message);
    }

    private void check(JsonNode test, boolean good) {
        tried++;
        if (good != test.path("result").asString().equals("valid")) {
            wrong.add(test.path("tcId") + " " + test.path("comment") + " " + test.path("flags"));
        }
    }

    private void skip(String why) {
        skipped.merge(why, 1, Integer::sum);
    }

    private void assertNoneWrong(int atLeast) {
        System.out.println("Wycheproof: " + tried + " tried; skipped " + skipped);
        assertThat(wrong).as("of %d", tried).isEmpty();
        assertThat(tried).isGreaterThanOrEqualTo(atLeast);
        assertThat(token.epochs()).as("the token is well").isEqualTo(1);
    }

    private static JsonNode read(String file) throws IOException {
        try (InputStream in =
                WycheproofImportTest.class.getResourceAsStream("/wycheproof/" + file + ".json")) {
            return JSON.readTree(in).path("testGroups");
        }
    }

    private static byte[] bytes(JsonNode test, String field) {
        String hex = test.path(field).asString();
        return HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : "0" + hex);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
    }

    private interface Opening {
        byte[] run();
    }
}
