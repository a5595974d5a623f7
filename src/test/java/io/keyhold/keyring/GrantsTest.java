package io.keyhold.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.KeyId;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.store.Drafts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GrantsTest {

    private static final Arn KEY = key();
    private static final Principal S3 = new Principal.Service("s3.amazonaws.com");

    private final Grants grants = new Grants();
    private final List<Grant> stored = new ArrayList<>();

    @Test
    void aGrantIsFoundByItsIdItsTokenAndWhoMayRetireIt() {
        Grant grant = create(KEY, "");
        Grant other = create(key(), "");

        assertThat(grants.find(KEY, grant.id())).contains(grant);
        assertThat(grants.find(KEY, other.id())).isEmpty();
        assertThat(grants.ofToken(grant.token())).isEqualTo(grant);
        assertThat(grants.list(KEY, g -> true, "", 10)).containsExactly(grant);
        assertThat(grants.list(S3, g -> true, "", 10)).containsExactlyInAnyOrder(grant, other);
        assertThat(grants.list(S3, g -> g.key().equals(KEY), "", 10)).containsExactly(grant);
        assertThat(stored).containsExactly(grant, other);
    }

    @Test
    void listsGoOnAfterAnId() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(create(KEY, "").id());
        }
        ids.sort(null);

        assertThat(grants.list(KEY, g -> true, ids.get(1), 2))
                .extracting(Grant::id)
                .containsExactly(ids.get(2), ids.get(3));
    }

    @Test
    void aRepeatedRequestWithANameGetsTheGrantThatThereIs() {
        Grant first = create(KEY, "name");

        assertThat(create(KEY, "name")).isEqualTo(first);
        assertThat(create(KEY, "other")).isNotEqualTo(first);
        assertThat(create(KEY, "")).isNotEqualTo(create(KEY, ""));
        assertThat(create(key(), "name")).isNotEqualTo(first);
        assertThat(stored).hasSize(5);
    }

    @Test
    void aGrantThatIsGoneIsGoneEverywhere() {
        Grant grant = create(KEY, "name");
        grants.delete(grant, stored::remove);

        assertThat(grants.find(KEY, grant.id())).isEmpty();
        assertThat(grants.list(KEY, g -> true, "", 10)).isEmpty();
        assertThat(grants.list(S3, g -> true, "", 10)).isEmpty();
        assertThat(stored).isEmpty();
        assertThat(create(KEY, "name")).isNotEqualTo(grant);
        refused(FaultName.InvalidGrantTokenException, () -> grants.ofToken(grant.token()));
        refused(FaultName.NotFoundException, () -> grants.delete(grant, stored::remove));
    }

    @Test
    void whatIsNotStoredIsNotShown() {
        Grant grant = Drafts.grant(KEY, "", GrantConstraints.NONE);
        assertThatThrownBy(
                        () ->
                                grants.create(
                                        grant,
                                        g -> {
                                            throw new IllegalStateException("disk full");
                                        }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(grants.find(KEY, grant.id())).isEmpty();
    }

    @Test
    void aKeyHasAtMost50000() {
        for (int i = 0; i < Grants.MOST_PER_KEY; i++) {
            create(KEY, "");
        }

        refused(FaultName.LimitExceededException, () -> create(KEY, ""));
        create(key(), "");
    }

    private Grant create(Arn key, String name) {
        return grants.create(
                Grant.of(
                        key, Instant.EPOCH, Drafts.grant(key, name, GrantConstraints.NONE).terms()),
                stored::add);
    }

    private static Arn key() {
        return Arn.key("aws", "us-east-1", "123456789012", KeyId.random());
    }

    private static void refused(FaultName name, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(KmsFault.class)
                .hasFieldOrPropertyWithValue("name", name);
    }
}
