package io.keyhold.policy;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.GrantOperation;
import io.keyhold.key.GrantTerms;
import io.keyhold.key.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a decision takes for a key with 20 statements and 100 or 50,000 grants, when the last
 * statement allows, when a grant does, and when nothing does. Every statement has conditions, and
 * half of the grants are a user's and ask for an encryption context, half a service's and ask for a
 * source ARN.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PolicyBench {

    private static final int STATEMENTS = 20;

    private final Policy policy = Policies.key(statements());
    private final GrantIndex grants = new GrantIndex();
    private final ContextKeys keys =
            Policies.keys(
                    "kms:EncryptionContextKeys", "tenant|purpose",
                    "kms:EncryptionContext:tenant", "42",
                    "kms:EncryptionContext:purpose", "test",
                    "kms:ViaService", "s3.us-east-1.amazonaws.com",
                    "aws:SourceArn", "arn:aws:s3:::bucket43",
                    "aws:SourceIp", "203.0.113.7");
    private final Question byStatement = Policies.question(Policies.USER, "kms:Encrypt", keys);
    private final Question byGrant = Policies.question(Policies.USER, "kms:Decrypt", keys);
    private final Question byGrantToService =
            Policies.question("s3.amazonaws.com", "kms:Decrypt", keys);
    private final Question denied = Policies.question(Policies.USER, "kms:DescribeKey", keys);

    @Benchmark
    public Decision lastOf20StatementsAllows() {
        return decide(byStatement);
    }

    @Benchmark
    public Decision oneOfTheGrantsAllows() {
        return decide(byGrant);
    }

    @Benchmark
    public Decision oneOfTheGrantsToAServiceAllows() {
        return decide(byGrantToService);
    }

    @Benchmark
    public Decision nothingAllows() {
        return decide(denied);
    }

    private Decision decide(Question question) {
        return Evaluator.decide(
                question,
                Policies.OWNER,
                policy,
                asked -> grants.allowing(asked, terms -> true),
                IdentityPolicies.NONE);
    }

    private static String[] statements() {
        List<String> statements = new ArrayList<>();
        for (int i = 1; i < STATEMENTS; i++) {
            statements.add(
                    """
                    {'Sid': 'S%d', 'Effect': '%s', 'Principal': {'AWS': '%s'},
                     'Action': ['kms:Enc*', 'kms:Decrypt'], 'Resource': '*', 'Condition': {
                      'StringLike': {'kms:ViaService': 'ec2.*.amazonaws.com'},
                      'IpAddress': {'aws:SourceIp': '203.0.113.0/24'}}}
                    """
                            .formatted(i, i % 5 == 0 ? "Deny" : "Allow", Policies.USER));
        }
        statements.add(
                """
                {'Effect': 'Allow', 'Principal': {'AWS': '%s'}, 'Action': 'kms:Encrypt',
                 'Resource': '*', 'Condition': {
                  'StringEquals': {'kms:EncryptionContext:tenant': '42'}}}
                """
                        .formatted(Policies.USER));
        return statements.toArray(new String[0]);
    }

    /** How many grants the key has; the most is 50,000. */
    @Param({"100", "50000"})
    public int grantCount;

    @Setup
    public void grant() {
        Arn key = Arn.parse(Policies.KEY).orElseThrow();
        Principal user = new Principal.OfAccount(Arn.parse(Policies.USER).orElseThrow());
        Principal service = new Principal.Service("s3.amazonaws.com");
        for (int tenant = 0; tenant < grantCount; tenant += 2) {
            grants.add(grant(key, user, Map.of("Tenant", "" + tenant), Optional.empty()));
            String bucket = "arn:aws:s3:::bucket" + (tenant + 1);
            grants.add(grant(key, service, Map.of(), Optional.of(bucket)));
        }
    }

    private static Grant grant(
            Arn key, Principal grantee, Map<String, String> context, Optional<String> source) {
        GrantTerms terms =
                new GrantTerms(
                        "",
                        new BoundPrincipal(grantee, ""),
                        Optional.empty(),
                        Set.of(GrantOperation.Decrypt),
                        new GrantConstraints(Map.of(), context, source),
                        Arn.root("aws", Policies.OWNER));
        return Grant.of(key, Instant.EPOCH, terms);
    }
}
