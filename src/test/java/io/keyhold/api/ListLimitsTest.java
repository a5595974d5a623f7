package io.keyhold.api;

import static io.keyhold.api.Refusals.invalid;
import static io.keyhold.api.Refusals.passes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.keyhold.v1.Tag;
import org.junit.jupiter.api.Test;

/** Lists and what is in them. */
class ListLimitsTest {

    private static final String ONE = "1 validation error detected: ";

    @Test
    void elementsOfListsAreCountedAndCheckedEachByItsNumber() {
        Tag good = Tag.newBuilder().setTagKey("k").setTagValue("").build();
        Tag bad = Tag.newBuilder().setTagKey("").build();
        var request = Probe.builder();
        request.addRepeatedField(Probe.field("tags"), good);
        request.addRepeatedField(Probe.field("tags"), bad);
        request.addRepeatedField(Probe.field("tags"), good);

        assertThat(invalid(request.build()))
                .startsWith("2 validation errors detected: Value '' at 'tags.2.member.tagKey' ")
                .contains("; Value null at 'tags.2.member.tagValue' ");

        request.setRepeatedField(Probe.field("tags"), 1, good);
        passes(request.build());

        request.addRepeatedField(Probe.field("tags"), good);
        assertThat(invalid(request.build()))
                .isEqualTo(
                        ONE
                                + "Value at 'tags' failed to satisfy constraint: "
                                + "Member must have length less than or equal to 3");
    }

    @Test
    void unknownFieldsAndEnumNumbersInsideListsAreRefused() {
        UnknownFieldSet unknown =
                UnknownFieldSet.newBuilder()
                        .addField(9, Field.newBuilder().addFixed32(1).build())
                        .build();
        Tag tag =
                Tag.newBuilder().setTagKey("k").setTagValue("v").setUnknownFields(unknown).build();
        var type = Probe.field("specs").getEnumType();

        assertThat(invalid(Probe.builder().addRepeatedField(Probe.field("tags"), tag).build()))
                .startsWith("Tag has fields with numbers ");
        assertThat(
                        invalid(
                                Probe.builder()
                                        .addRepeatedField(
                                                Probe.field("specs"),
                                                type.findValueByNumberCreatingIfUnknown(99))
                                        .build()))
                .startsWith(ONE + "Value '99' at 'specs.1.member' ");
    }
}
