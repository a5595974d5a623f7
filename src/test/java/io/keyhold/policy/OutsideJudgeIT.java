package io.keyhold.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Command;
import io.keyhold.testkit.Seeded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The evaluator decides as a simulator of IAM that others have written. */
final class OutsideJudgeIT {

    private static final String PACKAGE = "@cloud-copilot/iam-simulate@0.1.173";
    private static final int CASES = Integer.getInteger("keyhold.cases", 10_000);

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void decidesTheSame() throws IOException {
        Path folder = Path.of("target/judge").toAbsolutePath();
        Files.createDirectories(folder);
        Path script = folder.resolve("judge.mjs");
        Files.copy(Path.of("src/test/js/judge.mjs"), script, StandardCopyOption.REPLACE_EXISTING);
        Command.of("npm", "install", "--prefix", folder, "--no-audit", "--no-fund", PACKAGE).run();
        Path cases = folder.resolve("cases.jsonl");
        Files.write(cases, cases(Seeded.random("OutsideJudgeIT").nextLong(1L << 40)));

        String said = Command.of("node", script, cases).run();

        System.out.print(said);
        assertThat(said).contains(" 0 unexplained");
    }

    private static List<String> cases(long seed) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            lines.add(line(seed + i));
        }
        return lines;
    }

    private static String line(long seed) {
        Case one = Case.random(new Random(seed)).withoutGrants();
        Map<String, Object> fields = new TreeMap<>();
        fields.put("seed", seed);
        fields.put("principal", one.principal());
        fields.put("action", one.action());
        fields.put("resource", Policies.KEY);
        fields.put("owner", Policies.OWNER);
        fields.put("context", one.context());
        fields.put("keyPolicy", JSON.readTree(one.keyPolicy()));
        fields.put("identity", one.identityPolicies().stream().map(JSON::readTree).toList());
        one.boundary().ifPresent(policy -> fields.put("boundary", JSON.readTree(policy)));
        one.session().ifPresent(policy -> fields.put("session", JSON.readTree(policy)));
        fields.put("answer", one.decide().reason().name());
        return JSON.writeValueAsString(fields);
    }
}
