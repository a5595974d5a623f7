package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Facts;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.ListResourceTagsRequest;
import io.keyhold.v1.ListResourceTagsResponse;
import io.keyhold.v1.Tag;
import io.keyhold.v1.TagResourceRequest;
import io.keyhold.v1.UntagResourceRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tags on keys. */
final class TagsIT {

    private static final int MOST = 50;
    private static final List<String> RECORDED = Facts.recordedMessages("TagException");

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void tagsAreAddedReplacedRemovedAndListedInOrder(Listener listener) {
        Client client = one.client(listener);
        String key =
                client.call(
                                Rpc.CREATE_KEY,
                                CreateKeyRequest.newBuilder()
                                        .addTags(tag("Purpose", "Test"))
                                        .addTags(tag("Empty", ""))
                                        .build())
                        .getKeyMetadata()
                        .getKeyId();
        assertThat(list(client, key, MOST))
                .containsExactly(tag("Empty", ""), tag("Purpose", "Test"));

        add(client, key, tag("Purpose", "Other"), tag("\u00E4 +-=._:/@", "\u20AC".repeat(256)));
        remove(client, key, "Empty", "never was");

        assertThat(list(client, key, MOST))
                .containsExactly(
                        tag("Purpose", "Other"), tag("\u00E4 +-=._:/@", "\u20AC".repeat(256)));
    }

    /** Until there is metering, requests are counted from the audit. */
    @Test
    @DisplayName("Tags | cost tracking | what each tag's keys cost is counted by it")
    void costsAreCountedByTag() {
        Client client = one.client();
        Tag shop = tag("cost-center", "shop");
        Tag office = tag("cost-center", "office");
        for (Tag tag : List.of(shop, office, shop)) {
            String key = client.createKey().getArn();
            add(client, key, tag);
            client.encrypt(key, new byte[1], Map.of());
        }

        Bill bill = Bill.of(one, "123456789012");
        Map<Tag, Long> requests = new HashMap<>();
        for (String key : bill.keys()) {
            for (Tag tag : list(client, key, MOST)) {
                requests.merge(tag, bill.requests(key), Long::sum);
            }
        }
        assertThat(requests).contains(Map.entry(shop, 2L), Map.entry(office, 1L));
    }

    @ParameterizedTest
    @EnumSource
    void pagesListEveryTagOnce(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        Tag[] tags =
                IntStream.range(10, 10 + MOST)
                        .mapToObj(i -> tag("tag " + i, "value " + i))
                        .toArray(Tag[]::new);
        add(client, key, tags);

        for (int limit : new int[] {1, 7, MOST}) {
            assertThat(list(client, key, limit)).containsExactly(tags);
        }
        ListResourceTagsResponse whole =
                client.call(
                        Rpc.LIST_TAGS, ListResourceTagsRequest.newBuilder().setKeyId(key).build());
        assertThat(whole.getTagsCount()).isEqualTo(MOST);
        assertThat(whole.getTruncated()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void whatAwsRefusesIsRefusedAndNothingChanges(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        Tag[] full = IntStream.range(0, MOST).mapToObj(i -> tag("t" + i, "")).toArray(Tag[]::new);
        add(client, key, full);
        add(client, key, tag("t0", "again"));

        for (Refusal refusal :
                List.of(
                        Refusal.of(() -> add(client, key, tag("t1", "new"), tag("more", ""))),
                        Refusal.of(() -> add(client, key, tag("t1", "a"), tag("t1", "b"))),
                        Refusal.of(() -> add(client, key, tag("aws:x", ""))),
                        Refusal.of(() -> add(client, key, tag("AWS:x", ""))),
                        Refusal.of(() -> remove(client, key, "aws:x")))) {
            assertThat(refusal.name()).isEqualTo("TagException");
            assertThat(RECORDED).contains(refusal.text());
        }
        for (Refusal refusal :
                List.of(
                        Refusal.of(() -> add(client, key, tag("", ""))),
                        Refusal.of(() -> add(client, key, tag("k".repeat(129), ""))),
                        Refusal.of(() -> add(client, key, tag("k", "v".repeat(257)))),
                        Refusal.of(() -> add(client, key, Tag.newBuilder().setTagKey("k").build())),
                        Refusal.of(() -> add(client, key)),
                        Refusal.of(() -> remove(client, key)),
                        Refusal.of(() -> remove(client, key, "")),
                        Refusal.of(() -> remove(client, key, "k".repeat(129))),
                        Refusal.of(() -> list(client, key, MOST + 1)),
                        Refusal.of(() -> list(client, key, 0)))) {
            assertThat(refusal.name()).isEqualTo("ValidationException");
            assertThat(refusal.text()).contains("failed to satisfy constraint: Member must");
        }
        assertThat(list(client, key, MOST))
                .hasSize(MOST)
                .contains(tag("t0", "again"), tag("t1", ""));
    }

    @ParameterizedTest
    @EnumSource
    void aKeyIsNotMadeWithTagsThatAreRefused(Listener listener) {
        Client client = one.client(listener);
        int objects = one.home().token().objects().size();
        CreateKeyRequest.Builder many = CreateKeyRequest.newBuilder();
        IntStream.rangeClosed(0, MOST).forEach(i -> many.addTags(tag("t" + i, "")));
        for (CreateKeyRequest.Builder request :
                List.of(
                        many,
                        CreateKeyRequest.newBuilder().addTags(tag("aws:x", "")),
                        CreateKeyRequest.newBuilder()
                                .addTags(tag("k", ""))
                                .addTags(tag("k", "")))) {
            Refusal refusal = Request.of(request).refusal(client);
            assertThat(refusal.name()).isEqualTo("TagException");
            assertThat(RECORDED).contains(refusal.text());
        }
        assertThat(one.home().token().objects()).hasSize(objects);
    }

    private static Tag tag(String key, String value) {
        return Tag.newBuilder().setTagKey(key).setTagValue(value).build();
    }

    private static void add(Client client, String key, Tag... tags) {
        client.call(
                Rpc.TAG,
                TagResourceRequest.newBuilder().setKeyId(key).addAllTags(List.of(tags)).build());
    }

    private static void remove(Client client, String key, String... tagKeys) {
        client.call(
                Rpc.UNTAG,
                UntagResourceRequest.newBuilder()
                        .setKeyId(key)
                        .addAllTagKeys(List.of(tagKeys))
                        .build());
    }

    private static List<Tag> list(Client client, String key, int limit) {
        ListResourceTagsRequest.Builder request =
                ListResourceTagsRequest.newBuilder().setKeyId(key).setLimit(limit);
        List<Tag> all = new ArrayList<>();
        while (true) {
            ListResourceTagsResponse page = client.call(Rpc.LIST_TAGS, request.build());
            all.addAll(page.getTagsList());
            if (!page.getTruncated()) {
                assertThat(page.hasNextMarker()).isFalse();
                return all;
            }
            request.setMarker(page.getNextMarker());
        }
    }
}
