package io.keyhold.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.keyhold.fuzz.House.Outcome;
import io.keyhold.key.FaultName;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Any bytes as the request of any rpc, as the operator: one reply, no fault of the daemon's own,
 * one audit record. The first byte of the input chooses the rpc.
 */
public final class PipelineFuzz {

    /** What no caller may bring about, whatever it sends. */
    private static final Set<FaultName> OURS =
            EnumSet.of(
                    FaultName.DependencyTimeoutException,
                    FaultName.KMSInternalException,
                    FaultName.KeyUnavailableException,
                    FaultName.ThrottlingException,
                    FaultName.UnrecognizedClientException);

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static @Nullable House house;

    private PipelineFuzz() {}

    public static void fuzzerInitialize() {
        house = House.build();
    }

    public static void fuzzerTearDown() {
        house().close();
        house = null;
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length > 0) {
            List<MethodDescriptor> rpcs = House.RPCS;
            call(rpcs.get((bytes[0] & 0xFF) % rpcs.size()), bytes);
        }
    }

    /** Calls an rpc with everything behind the first byte of an input. */
    static Outcome call(MethodDescriptor rpc, byte[] bytes) {
        if (house().full()) {
            fuzzerTearDown();
            fuzzerInitialize();
        }
        Outcome outcome = house().call(rpc, Arrays.copyOfRange(bytes, 1, bytes.length));
        outcome.fault().ifPresent(fault -> assertThat(fault.name()).isNotIn(OURS));
        assertRecorded(rpc, outcome);
        FieldDescriptor ciphertext = rpc.getInputType().findFieldByName("ciphertext_blob");
        if (ciphertext != null && outcome.answer().isPresent()) {
            // An input has one ciphertext that was made here: whatever else opens was forged.
            assertThat(bytes(outcome.request(), ciphertext)).isEqualTo(house().blob());
        }
        FieldDescriptor plaintext = rpc.getOutputType().findFieldByName("plaintext");
        if (ciphertext != null && plaintext != null) {
            outcome.answer()
                    .map(answer -> bytes(answer.toByteArray(), plaintext))
                    .ifPresent(opened -> assertThat(opened).isEqualTo(house().plaintext()));
        }
        return outcome;
    }

    private static void assertRecorded(MethodDescriptor rpc, Outcome outcome) {
        assertThat(outcome.record()).endsWith("\n").containsOnlyOnce("\n");
        JsonNode record = JSON.readTree(outcome.record());
        assertThat(record.get("eventName").asString()).isEqualTo(rpc.getName());
        assertThat(record.get("requestID").asString()).isEqualTo(outcome.requestId());
        assertThat(record.path("errorCode").asString(""))
                .isEqualTo(outcome.fault().map(fault -> fault.name().name()).orElse(""));
        assertThat(record.path("errorMessage").asString(""))
                .isEqualTo(outcome.fault().map(fault -> fault.text()).orElse(""));
    }

    private static byte[] bytes(byte[] message, FieldDescriptor field) {
        try {
            return ((ByteString)
                            DynamicMessage.parseFrom(field.getContainingType(), message)
                                    .getField(field))
                    .toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static House house() {
        if (house == null) {
            throw new IllegalStateException("fuzzerInitialize comes first");
        }
        return house;
    }
}
