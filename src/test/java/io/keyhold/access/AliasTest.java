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
import io.keyhold.key.KeyRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys by their friendly names, and the names themselves. */
class AliasTest {

    private final House house = new House();
    private final KeyRecord own = house.key(REGION, OWN);
    private final KeyRecord foreign = house.key(REGION, FOREIGN);

    @Test
    void anAliasStandsForItsKeyByNameAndByArn() {
        Arn alias = house.alias(own, "alias/mine");

        assertThat(house.encrypt(OWNER, "alias/mine").key()).isSameAs(own);
        assertThat(house.encrypt(OWNER, alias.toString()).key()).isSameAs(own);
        assertThat(house.decrypt(OWNER, House.ciphertextOf(own), "alias/mine").key()).isSameAs(own);
    }

    @Test
    void anAliasOfAnotherKeyDoesNotDecrypt() {
        house.alias(house.key(REGION, OWN), "alias/other");
        byte[] blob = House.ciphertextOf(own);

        refusal(FaultName.IncorrectKeyException, () -> house.decrypt(OWNER, blob, "alias/other"));
    }

    @Test
    void aNameMeansTheCallersOwnAccount() {
        house.alias(foreign, "alias/theirs");

        assertThat(refusal(FaultName.NotFoundException, () -> house.encrypt(OWNER, "alias/theirs")))
                .isEqualTo("Alias arn:aws:kms:us-east-1:111111111111:alias/theirs is not found.");
    }

    /** Nor may a denial tell which key a foreign alias stands for. */
    @Test
    void aForeignAliasIsRefusedAlikeWhetherItIsThereOrNot() {
        Arn there = house.alias(foreign, "alias/theirs");
        String known =
                refusal(
                        FaultName.AccessDeniedException,
                        () -> house.encrypt(OWNER, there.toString()));
        String unknown =
                refusal(
                        FaultName.AccessDeniedException,
                        () -> house.encrypt(OWNER, there + "-not"));

        assertThat(known).doesNotContain(foreign.id().toString()).contains(there.toString());
        assertThat(unknown.replace("-not", "")).isEqualTo(known);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alias/mine", "arn:aws:kms:us-east-1:111111111111:alias/mine"})
    void aVerbThatChangesAKeyTakesNoAlias(String identifier) {
        house.alias(own, "alias/mine");
        Need need = new Need("kms:DisableKey", new Need.Key(identifier));

        assertThat(refusal(FaultName.InvalidArnException, () -> house.pass(OWNER, need)))
                .isEqualTo("Key Aliases are not supported for this operation.");
    }

    @Test
    void anAliasNameIsAResourceWhetherItIsThereOrNot() {
        Need need = new Need("kms:CreateAlias", new Need.AliasName("alias/new"));

        Authorized<String> ticket = house.pass(OWNER, need);

        assertThat(ticket.alias()).hasToString("arn:aws:kms:us-east-1:111111111111:alias/new");
        assertThat(house.resolve(OWNER, need).resources()).containsExactly(ticket.alias());
        String text = refusal(FaultName.AccessDeniedException, () -> house.pass(COLLEAGUE, need));
        assertThat(text)
                .contains("kms:CreateAlias on resource: " + ticket.alias())
                .endsWith("because no identity-based policy allows the kms:CreateAlias action");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mine", "Alias/mine", "alias/", "alias", "key/alias/x"})
    void anAliasNameBeginsWithThePrefix(String name) {
        Need need = new Need("kms:CreateAlias", new Need.AliasName(name));

        assertThat(refusal(FaultName.ValidationException, () -> house.pass(OWNER, need)))
                .isEqualTo(
                        "Alias must start with the prefix \"alias/\". Please see"
                                + " https://docs.aws.amazon.com/kms/latest/developerguide/"
                                + "kms-alias.html");
    }

    @Test
    void theKeyOfAnAliasIsTheOneThatItNamesNow() {
        house.alias(own, "alias/mine");
        Need need = new Need("kms:DeleteAlias", new Need.KeyOfAlias("alias/mine"));

        assertThat(house.pass(OWNER, need).key()).isSameAs(own);
        Need none = new Need("kms:DeleteAlias", new Need.KeyOfAlias("alias/none"));
        refusal(FaultName.NotFoundException, () -> house.pass(OWNER, none));
    }

    @Test
    void aKeyThatIsOnlyMentionedMustBeThereNoMore() {
        Need mentioned = new Need("kms:ListAliases", new Need.MentionedKey(own.id().toString()));

        assertThat(house.pass(COLLEAGUE, mentioned).key()).isSameAs(own);
        Need foreignKey =
                new Need("kms:ListAliases", new Need.MentionedKey(foreign.arn().toString()));
        refusal(FaultName.AccessDeniedException, () -> house.pass(OWNER, foreignKey));
    }
}
