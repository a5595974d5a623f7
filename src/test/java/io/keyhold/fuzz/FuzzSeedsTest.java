package io.keyhold.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every seed and everything that a fuzzer once found, without a fuzzer. */
class FuzzSeedsTest {

    private static final Path FINDINGS = Path.of("src/test/resources/fuzz");

    /** No token can make a key for these. */
    private static final Set<String> OF_NO_TOKEN = Set.of("Decapsulate", "Encapsulate");

    @Test
    void blobs() throws IOException {
        with(Seeds.blobs(), "BlobFuzz").forEach(BlobFuzz::fuzzerTestOneInput);
    }

    @Test
    void contexts() throws IOException {
        with(Seeds.contexts(), "ContextFuzz").forEach(ContextFuzz::fuzzerTestOneInput);
    }

    @Test
    void bodies() throws IOException {
        with(Seeds.bodies(), "JsonFuzz").forEach(JsonFuzz::fuzzerTestOneInput);
        for (byte[] seed : Seeds.bodies()) {
            assertThat(
                            JsonFuzz.isMessage(
                                    House.RPCS.get(seed[0]).getInputType(),
                                    Arrays.copyOfRange(seed, 1, seed.length)))
                    .as(new String(seed, StandardCharsets.UTF_8))
                    .isTrue();
        }
    }

    @Test
    void forms() throws IOException {
        with(Seeds.forms(), "QueryFuzz").forEach(QueryFuzz::fuzzerTestOneInput);
        for (byte[] seed : Seeds.forms()) {
            assertThat(
                            QueryFuzz.isMessage(
                                    QueryFuzz.RPCS.get(seed[0]).getInputType(),
                                    Arrays.copyOfRange(seed, 1, seed.length)))
                    .as(new String(seed, StandardCharsets.UTF_8))
                    .isTrue();
        }
    }

    @Test
    void policies() throws IOException {
        with(Seeds.policies(), "PolicyFuzz").forEach(PolicyFuzz::fuzzerTestOneInput);
        assertThat(Seeds.policies()).allMatch(PolicyFuzz::isPolicy);
    }

    /** Inputs reach the token: one that is refused at the door finds little. */
    @Test
    void goodRequestsSucceed() {
        PipelineFuzz.fuzzerInitialize();
        try {
            Set<String> succeeded = new HashSet<>();
            for (byte[] seed : Seeds.calls()) {
                MethodDescriptor rpc = House.RPCS.get(seed[0]);
                if (PipelineFuzz.call(rpc, seed).answer().isPresent()) {
                    succeeded.add(rpc.getName());
                }
            }
            assertThat(succeeded)
                    .containsExactlyInAnyOrderElementsOf(
                            House.RPCS.stream()
                                    .map(MethodDescriptor::getName)
                                    .filter(name -> !OF_NO_TOKEN.contains(name))
                                    .toList())
                    .contains("CreateKey", "ReEncrypt", "UpdateAlias");
        } finally {
            PipelineFuzz.fuzzerTearDown();
        }
    }

    /** The number of an rpc changes when others come, so each finding is sent to all of them. */
    @Test
    void findingsOfThePipeline() throws IOException {
        PipelineFuzz.fuzzerInitialize();
        try {
            for (byte[] finding : findings("PipelineFuzz")) {
                for (MethodDescriptor rpc : House.RPCS) {
                    PipelineFuzz.call(rpc, finding);
                }
            }
        } finally {
            PipelineFuzz.fuzzerTearDown();
        }
    }

    private static List<byte[]> with(List<byte[]> seeds, String target) throws IOException {
        List<byte[]> all = new ArrayList<>(seeds);
        all.addAll(findings(target));
        return all;
    }

    private static List<byte[]> findings(String target) throws IOException {
        Path folder = FINDINGS.resolve(target);
        List<byte[]> found = new ArrayList<>();
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    found.add(Files.readAllBytes(file));
                }
            }
        }
        return found;
    }
}
