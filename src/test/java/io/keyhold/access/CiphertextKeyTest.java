package io.keyhold.access;

import static io.keyhold.access.House.COLLEAGUE;
import static io.keyhold.access.House.FOREIGN;
import static io.keyhold.access.House.OWN;
import static io.keyhold.access.House.OWNER;
import static io.keyhold.access.House.REGION;
import static io.keyhold.access.House.ciphertextOf;
import static io.keyhold.access.House.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyRecord;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The key that a ciphertext's header names, with and without a KeyId beside it. */
class CiphertextKeyTest {

    private static final String DENIED =
            "The ciphertext refers to a customer master key that does not exist, does not exist in"
                    + " this region, or you are not allowed to access.";
    private static final String INCORRECT =
            "The key ID in the request does not identify a CMK that can perform this operation.";

    private final House house = new House();
    private final KeyRecord own = house.key(REGION, OWN);
    private final KeyRecord other = house.key(REGION, OWN);
    private final KeyRecord foreign = house.key(REGION, FOREIGN);
    private final KeyRecord elsewhere = house.key("eu-west-1", OWN);

    @Test
    void theHeaderIsEnoughToFindTheKey() {
        Authorized<String> ticket = house.decrypt(OWNER, ciphertextOf(own), "");

        assertThat(ticket.key()).isSameAs(own);
        assertThat(ticket.blob().encode()).startsWith(1, 1);
        assertThat(ticket.blob().header().key()).isEqualTo(own.id());
    }

    @Test
    void namingTheSameKeyAsTheHeaderIsFine() {
        assertThat(house.decrypt(OWNER, ciphertextOf(own), own.id().toString()).key())
                .isSameAs(own);
        assertThat(house.decrypt(OWNER, ciphertextOf(own), own.arn().toString()).key())
                .isSameAs(own);
    }

    @Test
    void keysThatAreUnknownElsewhereForeignOrForbiddenLookTheSame() {
        assertThat(denied(OWNER, ciphertextOf(KeyId.random()), "")).isEqualTo(DENIED);
        assertThat(denied(OWNER, ciphertextOf(elsewhere), "")).isEqualTo(DENIED);
        assertThat(denied(OWNER, ciphertextOf(foreign), "")).isEqualTo(DENIED);
        assertThat(denied(COLLEAGUE, ciphertextOf(own), "")).isEqualTo(DENIED);
        assertThat(denied(COLLEAGUE, ciphertextOf(KeyId.random()), "")).isEqualTo(DENIED);
    }

    @Test
    void theMultiRegionMarkIsPartOfTheName() {
        KeyId twin = new KeyId(own.id().value(), true);

        assertThat(denied(OWNER, ciphertextOf(twin), "")).isEqualTo(DENIED);
    }

    @Test
    void namingAnotherKeyThanTheHeaderIsIncorrectWhetherTheHeadersKeyExistsOrNot() {
        String named = own.id().toString();

        assertThat(incorrect(ciphertextOf(other), named)).isEqualTo(INCORRECT);
        assertThat(incorrect(ciphertextOf(foreign), named)).isEqualTo(INCORRECT);
        assertThat(incorrect(ciphertextOf(KeyId.random()), named)).isEqualTo(INCORRECT);
    }

    @Test
    void whoeverMayNotUseTheKeyHeNamesDoesNotLearnThatItIsTheWrongOne() {
        String named = own.id().toString();

        assertThat(denied(House.COLLEAGUE, ciphertextOf(other), named))
                .isEqualTo(denied(House.COLLEAGUE, ciphertextOf(own), named))
                .contains(own.arn().toString());
    }

    @Test
    void namingAKeyThatDoesNotExistIsNotFound() {
        String unknown = KeyId.random().toString();

        assertThat(
                        refusal(
                                FaultName.NotFoundException,
                                () -> house.decrypt(OWNER, ciphertextOf(own), unknown)))
                .endsWith("does not exist");
    }

    @Test
    void aForeignKeyThatTheHeaderNamesTooIsDeniedByItsArn() {
        assertThat(denied(OWNER, ciphertextOf(foreign), foreign.arn().toString()))
                .contains("kms:Decrypt on resource: " + foreign.arn());
    }

    @Test
    void namingAForeignKeyDoesNotTellWhetherItExists() {
        Arn unknown = Arn.key("aws", REGION, FOREIGN, KeyId.random());
        byte[] blob = ciphertextOf(own);

        assertThat(denied(OWNER, blob, foreign.arn().toString()))
                .isEqualTo(
                        denied(OWNER, blob, unknown.toString())
                                .replace(unknown.toString(), foreign.arn().toString()));
    }

    @Test
    void whatIsNoCiphertextIsInvalidWithoutAMessage() {
        byte[] otherVersion = ciphertextOf(own);
        otherVersion[0] = 2;

        for (byte[] bytes :
                new byte[][] {
                    new byte[0], new byte[200], Arrays.copyOf(ciphertextOf(own), 61), otherVersion
                }) {
            assertThat(
                            refusal(
                                    FaultName.InvalidCiphertextException,
                                    () -> house.decrypt(OWNER, bytes, "")))
                    .isEmpty();
        }
    }

    private String denied(String principal, byte[] blob, String identifier) {
        return refusal(
                FaultName.AccessDeniedException, () -> house.decrypt(principal, blob, identifier));
    }

    private String incorrect(byte[] blob, String identifier) {
        return refusal(
                FaultName.IncorrectKeyException, () -> house.decrypt(OWNER, blob, identifier));
    }
}
