package io.keyhold.access;

import static io.keyhold.access.House.COLLEAGUE;
import static io.keyhold.access.House.FOREIGN;
import static io.keyhold.access.House.OWN;
import static io.keyhold.access.House.OWNER;
import static io.keyhold.access.House.REGION;
import static io.keyhold.access.House.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.iam.Permissions;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Tags;
import io.keyhold.store.Entities;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Users, groups, roles and managed policies, and what their policies let callers do. */
class IdentityTest {

    private static final String ALLOW =
            """
            {"Version": "2012-10-17",
             "Statement": {"Effect": "Allow", "Action": "%s", "Resource": "%s"}}
            """;

    private final House house = new House();

    @Test
    void anIdentityIsMeantWithItsPath() {
        Arn pathed = Arn.iam("aws", OWN, "user", "/team/", "bob");
        house.directory().create(bare(pathed));

        assertThat(resource(OWNER, new Need.Identity(Kind.USER, "bob"))).isEqualTo(pathed);
        assertThat(resource(OWNER, new Need.Identity(Kind.ROLE, "bob")))
                .hasToString("arn:aws:iam::111111111111:role/bob");
        assertThat(resource(OWNER, new Need.NewIdentity("group", "/g/", "bob")))
                .hasToString("arn:aws:iam::111111111111:group/g/bob");
    }

    @Test
    void withoutANameAUserMeansThemselves() {
        Need.Identity self = new Need.Identity(Kind.USER, "");

        assertThat(resource(COLLEAGUE, self)).hasToString(COLLEAGUE);
        assertThat(refusal(FaultName.ValidationException, () -> resource(OWNER, self)))
                .contains("userName");
    }

    @Test
    void anotherAccountsManagedPolicyIsNotForItsRootEither() {
        Need.ManagedPolicy own = new Need.ManagedPolicy(Entities.policyArn(OWN, "p").toString());
        Need.ManagedPolicy foreign =
                new Need.ManagedPolicy(Entities.policyArn(FOREIGN, "p").toString());

        house.pass(OWNER, new Need("iam:GetPolicy", own));
        assertThat(
                        refusal(
                                FaultName.AccessDeniedException,
                                () -> house.pass(OWNER, new Need("iam:GetPolicy", foreign))))
                .endsWith("because no resource-based policy allows the iam:GetPolicy action");
        refusal(
                FaultName.InvalidInputException,
                () -> house.resolve(OWNER, new Need("x", new Need.ManagedPolicy(OWNER))));
    }

    @Test
    void aUsersPolicyDecidesAboutKeysAndAboutIdentities() {
        KeyRecord key = house.key(REGION, OWN);
        Need createUser = new Need("iam:CreateUser", new Need.NewIdentity("user", "/a/", "bob"));
        refusal(FaultName.AccessDeniedException, () -> house.pass(COLLEAGUE, createUser));
        house.directory()
                .create(
                        Entities.user(OWN, "alice")
                                .withPolicy("k", ALLOW.formatted("kms:Encrypt", key.arn()))
                                .withPolicy(
                                        "i",
                                        ALLOW.formatted(
                                                "iam:CreateUser",
                                                "arn:aws:iam::111111111111:user/a/*")));

        assertThat(house.encrypt(COLLEAGUE, key.id().toString()).key()).isSameAs(key);
        house.pass(COLLEAGUE, createUser);
        refusal(
                FaultName.AccessDeniedException,
                () ->
                        house.pass(
                                COLLEAGUE,
                                new Need(
                                        "iam:CreateUser",
                                        new Need.NewIdentity("user", "/b/", "bob"))));
    }

    @Test
    void noServiceHandsARequestOn() {
        String key = house.key(REGION, OWN).id().toString();
        String condition = "\"Condition\": {\"Bool\": {\"aws:ViaAWSService\": \"%s\"}}, \"Effect\"";
        String handedOn =
                ALLOW.replace("\"Effect\"", condition).formatted("true", "kms:Decrypt", "*");
        String direct =
                ALLOW.replace("\"Effect\"", condition).formatted("false", "kms:Encrypt", "*");
        house.directory()
                .create(
                        Entities.user(OWN, "alice")
                                .withPolicy("a", handedOn)
                                .withPolicy("b", direct));

        house.encrypt(COLLEAGUE, key);
        Need decrypt = new Need("kms:Decrypt", new Need.KeyOrAlias(key));
        refusal(FaultName.AccessDeniedException, () -> house.pass(COLLEAGUE, decrypt));
    }

    private Arn resource(String principal, Need.Target target) {
        return house.resolve(principal, new Need("iam:Any", target)).resources().getFirst();
    }

    private static Entity bare(Arn arn) {
        return new Entity(
                arn,
                Kind.USER.newId(),
                Instant.EPOCH,
                Tags.NONE,
                Permissions.NONE,
                Set.of(),
                Optional.empty());
    }
}
