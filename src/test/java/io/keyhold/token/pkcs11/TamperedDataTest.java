package io.keyhold.token.pkcs11;

import static io.keyhold.token.pkcs11.Faults.assertInvalidCiphertext;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Callers;
import io.keyhold.testkit.Seeded;
import io.keyhold.token.Sealed;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R11: garbage from callers does not flap the token. */
class TamperedDataTest {

    private static final int TAMPERED = 10_000;

    private final Random random = Seeded.random("TamperedDataTest");
    private @TempDir Path folder;

    @Test
    void tamperedBlobsCauseNoNewEpoch() {
        SoftHsm hsm = SoftHsm.in(folder);
        try (OpenToken token = OpenToken.open(hsm.settings())) {
            KeyLoad good = new KeyLoad(token.store(), 2, random);
            TestKey key = TestKey.make(token.store());
            Sealed sealed = key.encrypt(token.store(), new byte[4], new byte[32]);
            AtomicInteger tampered = new AtomicInteger();
            long seed = random.nextLong();
            try (Callers decrypting = Callers.start(2, good);
                    Callers tampering =
                            Callers.start(
                                    2,
                                    caller -> {
                                        Random choice =
                                                new Random(seed + tampered.incrementAndGet());
                                        tamper(token, key, sealed, choice);
                                    })) {
                tampering.awaitAnswers(TAMPERED);
                decrypting.awaitAnswers(100);
                assertThat(tampering.refused()).isZero();
                assertThat(decrypting.refused()).isZero();
            }
            assertThat(tampered.get()).isGreaterThanOrEqualTo(TAMPERED);
            assertThat(token.epochs()).isEqualTo(1);
            good.checkEverything(token.store());
        }
    }

    private static void tamper(OpenToken token, TestKey key, Sealed sealed, Random choice) {
        byte[] iv = sealed.iv().clone();
        byte[] data = sealed.ciphertextAndTag().clone();
        byte[] aad = new byte[4];
        byte[] victim = choice.nextInt(8) == 0 ? aad : choice.nextInt(4) == 0 ? iv : data;
        victim[choice.nextInt(victim.length)] ^= (byte) (1 + choice.nextInt(255));
        assertInvalidCiphertext(() -> key.decrypt(token.store(), aad, new Sealed(iv, data)));
    }
}
