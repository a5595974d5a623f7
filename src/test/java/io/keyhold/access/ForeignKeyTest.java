package io.keyhold.access;

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

/** Keys of other accounts and regions: a stranger must not learn which exist. */
class ForeignKeyTest {

    private final House house = new House();
    private final KeyRecord own = house.key(REGION, OWN);
    private final KeyRecord foreign = house.key(REGION, FOREIGN);

    @Test
    void theIdOfAForeignKeyNamesNoKeyOfOnesOwn() {
        Arn meant = Arn.key("aws", REGION, OWN, foreign.id());

        assertThat(notFound(foreign.id().toString()))
                .isEqualTo("Key '" + meant + "' does not exist");
    }

    @Test
    void foreignKeysThatExistAndThatDoNotAreRefusedInTheSameWords() {
        Arn unknown = Arn.key("aws", REGION, FOREIGN, KeyId.random());

        assertThat(denied(unknown.toString()))
                .isEqualTo(
                        "User: arn:aws:iam::111111111111:root is not authorized to perform:"
                                + " kms:Encrypt on resource: "
                                + unknown
                                + " because no resource-based policy allows the kms:Encrypt"
                                + " action");
        assertThat(denied(foreign.arn().toString()))
                .isEqualTo(
                        denied(unknown.toString())
                                .replace(unknown.toString(), foreign.arn().toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alias/x", "key/not-a-uuid", "key/"})
    void whateverAForeignArnNamesIsRefusedInTheSameWords(String resource) {
        Arn arn = new Arn("aws", "kms", REGION, FOREIGN, resource);

        assertThat(denied(arn.toString()))
                .isEqualTo(
                        denied(foreign.arn().toString())
                                .replace(foreign.arn().toString(), arn.toString()));
    }

    @Test
    void anAccountsKeyIsNotThatOfAnotherAccountWithTheSameId() {
        Arn wrong = Arn.key("aws", REGION, OWN, foreign.id());

        assertThat(notFound(wrong.toString())).isEqualTo("Key '" + wrong + "' does not exist");
    }

    @Test
    void keysOfAnotherRegionDoNotExistWhateverAccountTheyAreIn() {
        KeyRecord elsewhere = house.key("eu-west-1", OWN);

        assertThat(notFound(elsewhere.arn().toString())).isEqualTo("Invalid arn eu-west-1");
        assertThat(notFound(Arn.key("aws", "eu-west-1", FOREIGN, own.id()).toString()))
                .isEqualTo("Invalid arn eu-west-1");
        assertThat(notFound(elsewhere.id().toString())).endsWith("does not exist");
    }

    private String notFound(String identifier) {
        return refusal(FaultName.NotFoundException, () -> house.encrypt(OWNER, identifier));
    }

    private String denied(String identifier) {
        return refusal(FaultName.AccessDeniedException, () -> house.encrypt(OWNER, identifier));
    }
}
