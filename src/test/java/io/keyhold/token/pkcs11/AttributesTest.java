package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class AttributesTest {

    private static final long ID = Pkcs11.CKA_ID;
    private static final long LABEL = Pkcs11.CKA_LABEL;
    private static final long TOKEN = Pkcs11.CKA_TOKEN;
    private static final long CLASS = Pkcs11.CKA_CLASS;

    @Test
    void typesComeInTheOrderInWhichTheyWereSet() {
        Attributes attributes = new Attributes().with(LABEL, "l").with(CLASS, 4).with(TOKEN, true);

        assertThat(attributes.types()).containsExactly(LABEL, CLASS, TOKEN);
    }

    @Test
    void textIsUtf8AndComesBack() {
        Attributes attributes = new Attributes().with(LABEL, "é");

        assertThat(attributes.bytes(LABEL)).containsExactly(0xc3, 0xa9);
        assertThat(attributes.text(LABEL)).isEqualTo("é");
    }

    @Test
    void whatTheTokenDidNotGiveIsEmpty() {
        Attributes attributes = new Attributes().with(TOKEN, true);

        assertThat(attributes.bytes(ID)).isEmpty();
        assertThat(attributes.text(LABEL)).isEmpty();
        assertThat(attributes.bytes(TOKEN)).isEmpty();
    }

    @Test
    void bytesCannotBeChangedFromOutside() {
        byte[] id = {1, 2};
        Attributes attributes = new Attributes().with(ID, id);

        id[0] = 9;
        attributes.bytes(ID)[1] = 9;

        assertThat(attributes.bytes(ID)).containsExactly(1, 2);
    }

    @Test
    void setsOfMechanismsAreUnsignedLongsInTheMachinesOrder() {
        Attributes attributes =
                new Attributes().withAll(Pkcs11.CKA_ALLOWED_MECHANISMS, Pkcs11.CKM_AES_GCM, 1);
        ByteBuffer bytes =
                ByteBuffer.wrap(attributes.bytes(Pkcs11.CKA_ALLOWED_MECHANISMS))
                        .order(ByteOrder.nativeOrder());

        assertThat(bytes.getLong()).isEqualTo(1);
        assertThat(bytes.getLong()).isEqualTo(0x1087);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void equalAttributesHaveNoDifference() {
        assertThat(wanted().firstDifference(wanted())).isNull();
    }

    @Test
    void moreThanWasAskedForIsNoDifference() {
        assertThat(wanted().firstDifference(wanted().with(Pkcs11.CKA_SIGN, false))).isNull();
    }

    @Test
    void anotherOrMissingValueIsNamedByItsType() {
        assertThat(wanted().firstDifference(wanted().with(LABEL, "other"))).isEqualTo(LABEL);
        assertThat(wanted().firstDifference(wanted().with(CLASS, 5))).isEqualTo(CLASS);
        assertThat(wanted().firstDifference(wanted().with(TOKEN, false))).isEqualTo(TOKEN);
        assertThat(wanted().firstDifference(wanted().with(ID, new byte[] {1}))).isEqualTo(ID);
        assertThat(wanted().firstDifference(new Attributes())).isEqualTo(CLASS);
    }

    @Test
    void aTruthValueMayComeAsItsByteFromABindingThatDoesNotKnowItsType() {
        assertThat(wanted().firstDifference(wanted().with(TOKEN, new byte[] {1}))).isNull();
        assertThat(wanted().firstDifference(wanted().with(TOKEN, new byte[] {0}))).isEqualTo(TOKEN);
        assertThat(wanted().firstDifference(wanted().with(TOKEN, new byte[0]))).isEqualTo(TOKEN);
        assertThat(wanted().firstDifference(wanted().with(TOKEN, new byte[] {1, 0})))
                .isEqualTo(TOKEN);
    }

    private static Attributes wanted() {
        return new Attributes()
                .with(CLASS, Pkcs11.CKO_SECRET_KEY)
                .with(TOKEN, true)
                .with(ID, new byte[] {1, 2})
                .with(LABEL, "keyhold");
    }
}
