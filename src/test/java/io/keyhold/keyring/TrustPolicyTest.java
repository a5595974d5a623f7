package io.keyhold.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Permissions;
import io.keyhold.iam.RoleTerms;
import io.keyhold.key.Arn;
import io.keyhold.key.Tags;
import io.keyhold.policy.Policy;
import io.keyhold.store.MemoryDirectory;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The trust policies of roles, as a decision finds them. */
class TrustPolicyTest {

    private static final Arn ROLE = Arn.iam("aws", "123456789012", "role", "/a/", "b");
    private static final String EVERYBODY =
            """
            {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}
            """;

    private final MemoryDirectory store = new MemoryDirectory();
    private final Directory directory = new Directory(store);

    @Test
    void itIsThereWithItsRoleEvenAfterARestart() {
        directory.create(trusting(EVERYBODY));

        assertThat(directory.trust(ROLE).statements()).hasSize(1);
        assertThat(new Directory(store).trust(ROLE).statements()).hasSize(1);
    }

    @Test
    void aRoleThatIsNotThereTrustsNobody() {
        directory.create(trusting(EVERYBODY));

        assertThat(directory.trust(Arn.iam("aws", "123456789012", "role", "/", "b")))
                .isEqualTo(Policy.NOTHING);
        assertThat(directory.trust(Arn.iam("aws", "999999999999", "role", "/a/", "b")))
                .isEqualTo(Policy.NOTHING);
    }

    @Test
    void oneThatCannotBeReadTrustsNobody() {
        store.createEntity(trusting("{"));

        assertThat(new Directory(store).trust(ROLE)).isEqualTo(Policy.NOTHING);
    }

    private static Entity trusting(String document) {
        return new Entity(
                ROLE,
                "AROA1",
                Instant.EPOCH,
                Tags.NONE,
                Permissions.NONE,
                Set.of(),
                Optional.of(new RoleTerms(document, Map.of(), "", 3600)));
    }
}
