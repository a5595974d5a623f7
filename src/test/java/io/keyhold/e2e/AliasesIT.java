package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.AliasListEntry;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.DeleteAliasRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListAliasesResponse;
import io.keyhold.v1.UpdateAliasRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Friendly names of keys. */
final class AliasesIT {

    private static final String ACCOUNT = "arn:aws:kms:us-east-1:123456789012:";
    private static final int MOST_PER_KEY = 50;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void anAliasIsUsedLikeItsKeyAndFollowsIt(Listener listener) {
        Client client = one.client(listener);
        String first = client.createKey().getKeyId();
        String second = client.createKey().getKeyId();
        String alias = name();
        byte[] plaintext = "x".getBytes(UTF_8);

        create(client, alias, first);
        byte[] blob = client.encrypt(alias, plaintext, Map.of());
        assertThat(described(client, alias)).isEqualTo(first);
        assertThat(described(client, ACCOUNT + alias)).isEqualTo(first);

        update(client, alias, second);
        assertThat(described(client, alias)).isEqualTo(second);
        assertThat(client.decrypt(blob, Map.of())).isEqualTo(plaintext);
        Refusal wrong =
                Refusal.of(
                        () ->
                                client.call(
                                        Rpc.DECRYPT,
                                        Client.decryptRequest(blob, Map.of()).toBuilder()
                                                .setKeyId(alias)
                                                .build()));
        assertThat(wrong.name()).isEqualTo("IncorrectKeyException");

        delete(client, alias);
        Refusal gone = Refusal.of(() -> client.encrypt(alias, plaintext, Map.of()));
        assertThat(gone)
                .isEqualTo(
                        new Refusal(
                                "NotFoundException",
                                "Alias " + ACCOUNT + alias + " is not found."));
        assertThat(described(client, second)).isEqualTo(second);
    }

    @ParameterizedTest
    @EnumSource
    void aListSaysWhatAnAliasIs(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        String other = client.createKey().getKeyId();
        String alias = name();
        create(client, alias, key);

        AliasListEntry made = list(client, key, 50).getFirst();
        update(client, alias, other);
        AliasListEntry moved = list(client, other, 50).getFirst();

        assertThat(made.getAliasName()).isEqualTo(alias);
        assertThat(made.getAliasArn()).isEqualTo(ACCOUNT + alias);
        assertThat(made.getTargetKeyId()).isEqualTo(key);
        assertThat(made.getLastUpdatedDate()).isEqualTo(made.getCreationDate());
        assertThat(moved.getTargetKeyId()).isEqualTo(other);
        assertThat(moved.getCreationDate()).isEqualTo(made.getCreationDate());
        assertThat(list(client, key, 50)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100})
    void pagesListEveryAliasOnce(int limit) {
        Client client = one.client();
        String key = client.createKey().getKeyId();
        List<String> names = IntStream.range(0, 9).mapToObj(i -> name()).sorted().toList();
        names.forEach(name -> create(client, name, key));

        for (Listener listener : Listener.values()) {
            assertThat(list(one.client(listener), key, limit))
                    .extracting(AliasListEntry::getAliasName)
                    .containsExactlyElementsOf(names);
            assertThat(list(one.client(listener), "", limit))
                    .extracting(AliasListEntry::getAliasName)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .containsAll(names);
        }
    }

    /** Fifty is also the length of a page that nobody has asked to be shorter. */
    @ParameterizedTest
    @EnumSource
    void aKeyHasFiftyAliasesAtMost(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        for (int i = 0; i < MOST_PER_KEY; i++) {
            create(client, name(), key);
        }
        String extra = name();
        create(client, extra, client.createKey().getKeyId());

        for (Refusal refusal :
                List.of(
                        Refusal.of(() -> create(client, name(), key)),
                        Refusal.of(() -> update(client, extra, key)))) {
            assertThat(refusal.name()).isEqualTo("LimitExceededException");
            assertThat(refusal.text()).contains(key, "50");
        }
        assertThat(
                        client.call(Rpc.LIST_ALIASES, ListAliasesRequest.getDefaultInstance())
                                .getAliasesCount())
                .isEqualTo(50);
    }

    @ParameterizedTest
    @EnumSource
    void badNamesAreRefused(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        for (String name : List.of("mine", "alias/", "Alias/x", "key/alias/x")) {
            Refusal refusal = Refusal.of(() -> create(client, name, key));
            assertThat(refusal.name()).isEqualTo("ValidationException");
            assertThat(refusal.text()).startsWith("Alias must start with the prefix \"alias/\".");
        }
        for (String name :
                List.of("alias/a b", "alias/\u00E4", "alias/a.b", "", "alias/" + "x".repeat(251))) {
            Refusal refusal = Refusal.of(() -> create(client, name, key));
            assertThat(refusal.name()).isEqualTo("ValidationException");
            assertThat(refusal.text()).contains("at 'aliasName' failed to satisfy constraint");
        }
        Refusal reserved = Refusal.of(() -> create(client, "alias/aws/s3", key));
        assertThat(reserved.name()).isEqualTo("InvalidAliasNameException");
        assertThat(reserved.text()).contains("alias/aws/");
        String longest = "alias/" + listener + "x".repeat(250 - listener.toString().length());
        create(client, longest, key);
        assertThat(described(client, longest)).isEqualTo(key);
        delete(client, longest);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThereIsNotFound(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        String alias = name();
        String none = UUID.randomUUID().toString();
        create(client, alias, key);

        assertThat(Refusal.of(() -> create(client, alias, key)))
                .isEqualTo(
                        new Refusal(
                                "AlreadyExistsException",
                                "An alias with the name " + ACCOUNT + alias + " already exists"));
        for (Refusal refusal :
                List.of(
                        Refusal.of(() -> create(client, name(), none)),
                        Refusal.of(() -> update(client, alias, none)),
                        Refusal.of(() -> update(client, name(), key)),
                        Refusal.of(() -> delete(client, name())),
                        Refusal.of(() -> list(client, none, 1)))) {
            assertThat(refusal.name()).as(refusal.text()).isEqualTo("NotFoundException");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAliasIsOfAKeyAndNotOfAnAlias(Listener listener) {
        Client client = one.client(listener);
        String alias = name();
        create(client, alias, client.createKey().getKeyId());

        for (Refusal refusal :
                List.of(
                        Refusal.of(() -> create(client, name(), alias)),
                        Refusal.of(() -> update(client, alias, ACCOUNT + alias)))) {
            assertThat(refusal)
                    .isEqualTo(
                            new Refusal(
                                    "ValidationException",
                                    "Aliases must refer to keys. Not aliases"));
        }
        assertThat(Refusal.of(() -> list(client, alias, 1)).name())
                .isEqualTo("InvalidArnException");
    }

    @ParameterizedTest
    @EnumSource
    void aForeignMarkerIsRefused(Listener listener) {
        ListAliasesRequest request = ListAliasesRequest.newBuilder().setMarker("AAAA").build();
        Refusal refusal = Refusal.of(() -> one.client(listener).call(Rpc.LIST_ALIASES, request));
        assertThat(refusal.name()).isEqualTo("InvalidMarkerException");
    }

    private static String name() {
        return "alias/test/" + UUID.randomUUID();
    }

    private static void create(Client client, String alias, String key) {
        client.call(
                Rpc.CREATE_ALIAS,
                CreateAliasRequest.newBuilder().setAliasName(alias).setTargetKeyId(key).build());
    }

    private static void update(Client client, String alias, String key) {
        client.call(
                Rpc.UPDATE_ALIAS,
                UpdateAliasRequest.newBuilder().setAliasName(alias).setTargetKeyId(key).build());
    }

    private static void delete(Client client, String alias) {
        client.call(Rpc.DELETE_ALIAS, DeleteAliasRequest.newBuilder().setAliasName(alias).build());
    }

    private static String described(Client client, String identifier) {
        return client.call(
                        Rpc.DESCRIBE_KEY,
                        DescribeKeyRequest.newBuilder().setKeyId(identifier).build())
                .getKeyMetadata()
                .getKeyId();
    }

    /** All pages; of every key, if none is named. */
    private static List<AliasListEntry> list(Client client, String key, int limit) {
        ListAliasesRequest.Builder request = ListAliasesRequest.newBuilder().setLimit(limit);
        if (!key.isEmpty()) {
            request.setKeyId(key);
        }
        List<AliasListEntry> all = new ArrayList<>();
        while (true) {
            ListAliasesResponse page = client.call(Rpc.LIST_ALIASES, request.build());
            assertThat(page.getAliasesCount()).isLessThanOrEqualTo(limit);
            all.addAll(page.getAliasesList());
            if (!page.getTruncated()) {
                assertThat(page.hasNextMarker()).isFalse();
                return all;
            }
            request.setMarker(page.getNextMarker());
        }
    }
}
