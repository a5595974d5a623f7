package io.keyhold.access;

import static io.keyhold.access.House.COLLEAGUE;
import static io.keyhold.access.House.FOREIGN;
import static io.keyhold.access.House.OWN;
import static io.keyhold.access.House.OWNER;
import static io.keyhold.access.House.REGION;
import static io.keyhold.access.House.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys by key ID, key ARN, alias name and alias ARN. */
class NamedKeyTest {

    private final House house = new House();
    private final KeyRecord own = house.key(REGION, OWN);
    private final KeyRecord foreign = house.key(REGION, FOREIGN);

    @Test
    void theOwnerComesToAKeyByItsIdAndByItsArn() {
        assertThat(house.encrypt(OWNER, own.id().toString()).key()).isSameAs(own);
        assertThat(house.encrypt(OWNER, own.arn().toString()).key()).isSameAs(own);
    }

    @Test
    void aMultiRegionKeyIsNotTheKeyWithTheSameBytesInItsId() {
        KeyRecord twin = house.key(REGION, OWN, new KeyId(own.id().value(), true));

        assertThat(house.encrypt(OWNER, twin.id().toString()).key()).isSameAs(twin);
        assertThat(house.encrypt(OWNER, own.id().toString()).key()).isSameAs(own);
    }

    @Test
    void theTicketCarriesRequestCallerAndRegion() {
        Authorized<String> ticket = house.encrypt(OWNER, own.id().toString());

        assertThat(ticket.request()).isEqualTo("request");
        assertThat(ticket.caller().principal()).hasToString(OWNER);
        assertThat(ticket.region()).isEqualTo(REGION);
    }

    @Test
    void theResolvedKeysAreThoseOfTheAudit() {
        Need need = new Need("kms:Encrypt", new Need.KeyOrAlias(own.id().toString()));
        Need account = new Need("kms:ListKeys", new Need.Account());

        assertThat(house.resolve(OWNER, need, account).resources()).containsExactly(own.arn());
    }

    @Test
    void anUnknownIdOfOnesOwnIsNotFound() {
        KeyId unknown = KeyId.random();
        Arn arn = Arn.key("aws", REGION, OWN, unknown);

        assertThat(notFound(unknown.toString())).isEqualTo("Key '" + arn + "' does not exist");
        assertThat(notFound(arn.toString())).isEqualTo("Key '" + arn + "' does not exist");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fake-key-id",
                "134f2428cec14b25a1ae9048164dba47",
                "mrk-fake-key-id",
                "Alias/x",
                "ARN:aws:kms:us-east-1:111111111111:key/x",
                "1234ABCD-12AB-34CD-56EF-1234567890AB",
            })
    void whatIsNoKeyIdIsNotFoundAsAwsWasRecordedToSay(String identifier) {
        assertThat(notFound(identifier)).isEqualTo("Invalid keyId '" + identifier + "'");
    }

    @Test
    void aColleagueWithoutAPolicyIsRefusedAndToldWhy() {
        assertThat(deniedToColleague(own.id().toString()))
                .isEqualTo(
                        "User: arn:aws:iam::111111111111:user/alice is not authorized to perform:"
                                + " kms:Encrypt on resource: "
                                + own.arn()
                                + " because no identity-based policy allows the kms:Encrypt"
                                + " action");
    }

    @Test
    void aliasesOfOnesOwnAreNotFound() {
        Arn alias = Arn.alias("aws", REGION, OWN, "alias/orders");

        assertThat(notFound("alias/orders")).isEqualTo("Alias " + alias + " is not found.");
        assertThat(notFound(alias.toString())).isEqualTo("Alias " + alias + " is not found.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:",
                "arn:aws:kms:us-east-1:111111111111",
                "arn:aws:kms:us-east-1:111111111111:grant/x",
                "arn:aws:iam::111111111111:root",
                "arn:aws-cn:kms:us-east-1:111111111111:key/x",
                "arn:aws:s3:us-east-1:111111111111:key/x",
            })
    void malformedArnsAreRefusedAsSuch(String arn) {
        assertThat(refusal(FaultName.InvalidArnException, () -> house.encrypt(OWNER, arn)))
                .isEqualTo("'" + arn + "' is not the ARN of a key or an alias.");
    }

    @Test
    void whatNeedsOnlyTheAccountIsForItsRootAlone() {
        Need need = new Need("kms:ListKeys", new Need.Account());

        assertThat(house.pass(OWNER, need).caller().account()).isEqualTo(OWN);
        assertThat(refusal(FaultName.AccessDeniedException, () -> house.pass(COLLEAGUE, need)))
                .endsWith(
                        "on resource: * because no identity-based policy allows the"
                                + " kms:ListKeys action");
    }

    @Test
    void everyNeedMustBeAllowed() {
        Need good = new Need("kms:ReEncryptFrom", new Need.KeyOrAlias(own.id().toString()));
        Need bad = new Need("kms:ReEncryptTo", new Need.KeyOrAlias(foreign.arn().toString()));

        assertThat(refusal(FaultName.AccessDeniedException, () -> house.pass(OWNER, good, bad)))
                .contains("kms:ReEncryptTo on resource: " + foreign.arn());
        assertThat(refusal(FaultName.AccessDeniedException, () -> house.pass(OWNER, bad, good)))
                .contains("kms:ReEncryptTo on resource: " + foreign.arn());
    }

    private String notFound(String identifier) {
        return refusal(FaultName.NotFoundException, () -> house.encrypt(OWNER, identifier));
    }

    private String deniedToColleague(String identifier) {
        return refusal(FaultName.AccessDeniedException, () -> house.encrypt(COLLEAGUE, identifier));
    }
}
