package io.keyhold.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.FaultName;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.GenerateRandomResponse;
import org.junit.jupiter.api.Test;

/** A call that ends with an Error, as when there is no memory, is answered and recorded too. */
class BrokenCallTest {

    @Test
    void anErrorInTheOperationLeavesARecord() {
        refusedAndRecorded(
                request -> {
                    throw new StackOverflowError("prepared");
                });
        refusedAndRecorded(
                request ->
                        Effect.of(
                                () -> {
                                    throw new StackOverflowError("run");
                                }));
    }

    private static void refusedAndRecorded(
            Operation<GenerateRandomRequest, GenerateRandomResponse> operation) {
        Verb<?, ?> verb =
                Verb.ofAccount(
                        "GenerateRandom",
                        GenerateRandomRequest.newBuilder().setNumberOfBytes(1).build(),
                        AuditClass.USE,
                        operation);
        try (House house = House.build()) {
            House.Outcome outcome = house.broken(verb);
            assertThat(outcome.fault().orElseThrow().name())
                    .isEqualTo(FaultName.KMSInternalException);
            assertThat(outcome.record())
                    .contains("\"errorCode\":\"KMSInternalException\"")
                    .contains(outcome.requestId());
        }
    }
}
