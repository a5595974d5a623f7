package io.keyhold.store;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.iam.Permissions;
import io.keyhold.iam.RoleTerms;
import io.keyhold.key.Arn;
import io.keyhold.key.Tags;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Identities as they are when they are made. */
public final class Entities {

    private static final String TRUST =
            """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
             "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"}}
            """;

    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");

    private Entities() {}

    public static Entity user(String account, String name) {
        return entity(Kind.USER, account, name, Optional.empty());
    }

    public static Entity group(String account, String name) {
        return entity(Kind.GROUP, account, name, Optional.empty());
    }

    public static Entity role(String account, String name) {
        RoleTerms terms = new RoleTerms(TRUST.formatted(account), Map.of(), "", 3600);
        return entity(Kind.ROLE, account, name, Optional.of(terms));
    }

    public static ManagedPolicy policy(String account, String name, String document) {
        return ManagedPolicy.of(policyArn(account, name), "about " + name, document, CREATED);
    }

    public static Arn policyArn(String account, String name) {
        return Arn.iam("aws", account, ManagedPolicy.TYPE, "/", name);
    }

    private static Entity entity(Kind kind, String account, String name, Optional<RoleTerms> role) {
        return new Entity(
                Arn.iam("aws", account, kind.type(), "/", name),
                kind.newId(),
                CREATED,
                Tags.NONE,
                Permissions.NONE,
                Set.of(),
                role);
    }
}
