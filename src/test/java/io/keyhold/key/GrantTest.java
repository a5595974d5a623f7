package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantTest {

    private static final Arn ROOT = Arn.root("aws", "111122223333");
    private static final Arn KEY = Arn.key("aws", "us-east-1", "111122223333", KeyId.random());
    private static final BoundPrincipal ALICE = principal("arn:aws:iam::111122223333:user/alice");
    private static final BoundPrincipal BOB = principal("arn:aws:iam::111122223333:user/bob");

    @Test
    void aTokenNamesItsGrant() {
        Grant grant = Grant.of(KEY, Instant.EPOCH, terms(Optional.empty(), GrantOperation.Decrypt));

        assertThat(Grant.Name.ofToken(grant.token())).contains(new Grant.Name(KEY, grant.id()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "t", "%%%", "a2V5aG9sZC1ncmFudC0xIA==", "a2V5aG9sZA=="})
    void whatIsNoTokenNamesNothing(String token) {
        assertThat(Grant.Name.ofToken(token)).isEmpty();
    }

    @Test
    void aTokenOfAnotherKindNamesNothing() {
        byte[] text = ("keyhold-grant-2 " + KEY + " " + "0".repeat(64)).getBytes();

        assertThat(Grant.Name.ofToken(Base64.getEncoder().encodeToString(text))).isEmpty();
    }

    @Test
    void anIdHas64HexadecimalDigits() {
        Grant.requireId("0123456789abcdef".repeat(4));
        for (String bad : new String[] {"", "0", "A".repeat(64), "g".repeat(64), "0".repeat(65)}) {
            assertThatThrownBy(() -> Grant.requireId(bad))
                    .isInstanceOf(KmsFault.class)
                    .hasFieldOrPropertyWithValue("name", FaultName.InvalidGrantIdException);
        }
    }

    @Test
    void theIssuingAccountTheRetiringPrincipalAndAGranteeWhoHoldsThatMayRetire() {
        BoundPrincipal issuer = new BoundPrincipal(new Principal.OfAccount(ROOT), "");

        assertThat(terms(Optional.empty(), GrantOperation.Decrypt).retirers())
                .containsExactly(issuer);
        assertThat(terms(Optional.of(BOB), GrantOperation.Decrypt).retirers())
                .containsExactly(issuer, BOB);
        assertThat(terms(Optional.of(BOB), GrantOperation.RetireGrant).retirers())
                .containsExactly(issuer, BOB, ALICE);
    }

    @Test
    void onlyWhatOneHasCanBeHandedOn() {
        GrantConstraints app = subset("app", "billing");
        GrantTerms terms =
                new GrantTerms(
                        "",
                        ALICE,
                        Optional.empty(),
                        Set.of(GrantOperation.CreateGrant, GrantOperation.Encrypt),
                        app,
                        ROOT);

        assertThat(terms.mayHandOn(Set.of(GrantOperation.Encrypt), app)).isTrue();
        assertThat(terms.mayHandOn(Set.of(GrantOperation.Encrypt), equal("APP", "billing")))
                .isTrue();
        assertThat(terms.mayHandOn(Set.of(GrantOperation.Decrypt), app)).isFalse();
        assertThat(terms.mayHandOn(Set.of(GrantOperation.Encrypt), GrantConstraints.NONE))
                .isFalse();
        assertThat(terms.mayHandOn(Set.of(GrantOperation.Encrypt), subset("app", "Billing")))
                .isFalse();
    }

    @Test
    void whatEqualsAsksForIsKeptToTheLetter() {
        GrantConstraints one = equal("app", "billing");
        GrantConstraints two =
                new GrantConstraints(
                        Map.of("app", "billing", "env", "test"), Map.of(), Optional.empty());

        assertThat(one.areAsStrictAs(one)).isTrue();
        assertThat(two.areAsStrictAs(one)).isFalse();
        assertThat(subset("app", "billing").areAsStrictAs(one)).isFalse();
        assertThat(two.areAsStrictAs(subset("env", "test"))).isTrue();
    }

    @Test
    void aSourceArnIsKept() {
        GrantConstraints bucket =
                new GrantConstraints(Map.of(), Map.of(), Optional.of("arn:aws:s3:::bucket"));

        assertThat(bucket.areAsStrictAs(GrantConstraints.NONE)).isTrue();
        assertThat(bucket.areAsStrictAs(bucket)).isTrue();
        assertThat(GrantConstraints.NONE.areAsStrictAs(bucket)).isFalse();
    }

    @Test
    void operationsFitTheKindOfKey() {
        assertThat(Set.of(GrantOperation.values()))
                .filteredOn(o -> o.fits(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT))
                .containsExactlyInAnyOrder(
                        GrantOperation.CreateGrant,
                        GrantOperation.Decrypt,
                        GrantOperation.DescribeKey,
                        GrantOperation.Encrypt,
                        GrantOperation.GenerateDataKey,
                        GrantOperation.GenerateDataKeyPair,
                        GrantOperation.GenerateDataKeyPairWithoutPlaintext,
                        GrantOperation.GenerateDataKeyWithoutPlaintext,
                        GrantOperation.ReEncryptFrom,
                        GrantOperation.ReEncryptTo,
                        GrantOperation.RetireGrant);
    }

    private static GrantTerms terms(
            Optional<BoundPrincipal> retiring, GrantOperation... operations) {
        return new GrantTerms("", ALICE, retiring, Set.of(operations), GrantConstraints.NONE, ROOT);
    }

    private static GrantConstraints equal(String name, String value) {
        return new GrantConstraints(Map.of(name, value), Map.of(), Optional.empty());
    }

    private static GrantConstraints subset(String name, String value) {
        return new GrantConstraints(Map.of(), Map.of(name, value), Optional.empty());
    }

    private static BoundPrincipal principal(String arn) {
        return new BoundPrincipal(new Principal.OfAccount(Arn.parse(arn).orElseThrow()), "");
    }
}
