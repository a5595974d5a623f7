package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.Sha256;
import io.keyhold.testkit.NoSessions;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long the signature of one request of the AWS SDK for Java takes to check, an Encrypt of 1
 * KiB, with a signing key that is known already. Hashing the body counts apart, since it grows with
 * the body, and so does what is read of a signature before it is checked.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SignatureBench {

    private final Instant now = Instant.now();
    private final SdkEncrypt encrypt = SdkEncrypt.make();
    private final SigningCredential credential =
            new SigningCredential(
                    new Caller(
                            Arn.parse("arn:aws:iam::123456789012:user/a").orElseThrow(),
                            Authentication.SIGNATURE),
                    "1",
                    () -> SdkSigner.SECRET.getBytes(UTF_8));
    private final Signatures signatures =
            new Signatures(id -> Optional.of(credential), NoSessions.EXPECTED, "us-east-1");

    @Benchmark
    public Caller check() {
        return signatures.signer(encrypt.signed(), SdkEncrypt.REGION, now);
    }

    @Benchmark
    public boolean whetherItIsQuick() {
        return signatures.isQuick(encrypt.signed());
    }

    @Benchmark
    public Optional<String> region() {
        return encrypt.signed().region();
    }

    @Benchmark
    public String hashOfTheBody() {
        return Sha256.hex(encrypt.body());
    }
}
