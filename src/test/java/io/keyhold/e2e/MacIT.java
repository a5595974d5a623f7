package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.keyhold.v1.GenerateMacRequest;
import io.keyhold.v1.GenerateMacResponse;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.MacAlgorithmSpec;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.VerifyMacRequest;
import io.keyhold.v1.VerifyMacResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GenerateMac and VerifyMac. */
final class MacIT {

    private static final ByteString MESSAGE = ByteString.copyFromUtf8("attack at dawn");

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @ValueSource(ints = {224, 256, 384, 512})
    void whatIsMadeVerifies(int bits) {
        KeyMetadata key = key("HMAC_" + bits);
        MacAlgorithmSpec.Value algorithm = MacAlgorithmSpec.Value.valueOf("HMAC_SHA_" + bits);
        assertThat(key.getMacAlgorithmsList()).containsExactly(algorithm);
        assertThat(key.hasCurrentKeyMaterialId()).isFalse();

        GenerateMacResponse made =
                one.client().call(Rpc.GENERATE_MAC, generate(key, algorithm).build());

        assertThat(made.getKeyId()).isEqualTo(key.getArn());
        assertThat(made.getMacAlgorithm()).isEqualTo(algorithm);
        assertThat(made.getMac().size()).isEqualTo(bits / 8);
        VerifyMacRequest.Builder verify = verify(key, algorithm, made.getMac());
        assertThat(one.client().call(Rpc.VERIFY_MAC, verify.build()))
                .isEqualTo(
                        VerifyMacResponse.newBuilder()
                                .setKeyId(key.getArn())
                                .setMacValid(true)
                                .setMacAlgorithm(algorithm)
                                .build());
        for (ByteString bad :
                new ByteString[] {
                    made.getMac().substring(1),
                    made.getMac().substring(0, bits / 8 - 1),
                    made.getMac().concat(ByteString.copyFrom(new byte[1])),
                    one.client()
                            .call(
                                    Rpc.GENERATE_MAC,
                                    generate(key("HMAC_" + bits), algorithm).build())
                            .getMac()
                }) {
            assertThat(Request.of(verify(key, algorithm, bad)).refusal(one.client()))
                    .isEqualTo(new Refusal("KMSInvalidMacException", ""));
        }
        assertThat(
                        Request.of(verify.setMessage(ByteString.copyFromUtf8("at dusk")))
                                .refusal(one.client())
                                .name())
                .isEqualTo("KMSInvalidMacException");
    }

    /** With AWS's recorded messages. */
    @Test
    void whatDoesNotFitIsRefused() {
        KeyMetadata key = key("HMAC_224");
        KeyMetadata cipher = one.client().createKey();
        MacAlgorithmSpec.Value algorithm = MacAlgorithmSpec.Value.HMAC_SHA_256;

        assertThat(Request.of(generate(key, algorithm)).refusal(one.client()))
                .isEqualTo(
                        new Refusal(
                                "InvalidKeyUsageException",
                                "Algorithm HMAC_SHA_256 is incompatible with key spec HMAC_224."));
        assertThat(Request.of(generate(cipher, algorithm)).refusal(one.client()))
                .isEqualTo(
                        new Refusal(
                                "InvalidKeyUsageException",
                                cipher.getArn()
                                        + " key usage is ENCRYPT_DECRYPT which is not valid for"
                                        + " GenerateMac."));
        assertThat(
                        Request.of(RotateKeyOnDemandRequest.newBuilder().setKeyId(key.getKeyId()))
                                .refusal(one.client())
                                .name())
                .isEqualTo("UnsupportedOperationException");
    }

    private static KeyMetadata key(String spec) {
        return one.client()
                .createKey(KeySpec.Value.valueOf(spec), KeyUsageType.Value.GENERATE_VERIFY_MAC);
    }

    private static GenerateMacRequest.Builder generate(
            KeyMetadata key, MacAlgorithmSpec.Value algorithm) {
        return GenerateMacRequest.newBuilder()
                .setKeyId(key.getKeyId())
                .setMessage(MESSAGE)
                .setMacAlgorithm(algorithm);
    }

    private static VerifyMacRequest.Builder verify(
            KeyMetadata key, MacAlgorithmSpec.Value algorithm, ByteString mac) {
        return VerifyMacRequest.newBuilder()
                .setKeyId(key.getKeyId())
                .setMessage(MESSAGE)
                .setMacAlgorithm(algorithm)
                .setMac(mac);
    }
}
