package io.keyhold.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Arn;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Evaluator;
import io.keyhold.policy.IdentityPolicies;
import io.keyhold.policy.KeyGrants;
import io.keyhold.policy.Question;
import io.keyhold.policy.Subject;
import io.keyhold.store.Drafts;
import io.keyhold.testkit.Logged;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyringTest {

    private final Keyring keyring = new Keyring();

    @Test
    void aKeysPolicyIsCompiledWhenTheKeyIsShown() {
        KeyRecord record = Drafts.key("one");
        Arn key = record.arn();
        keyring.publish(record);

        assertThat(decide(key).allowed()).isTrue();
        assertThat(keyring.policy(key)).isSameAs(keyring.policy(key));
    }

    @Test
    void aStoredDocumentThatIsNoPolicyKeepsEverybodyOutAndSaysSo() {
        KeyRecord record = Drafts.key(KeyId.random(), "one", new KeyPolicy("no policy"));
        Arn key = record.arn();
        try (Logged logged = Logged.by(Keyring.class.getName())) {
            keyring.publish(record);

            assertThat(decide(key).allowed()).isFalse();
            assertThat(logged.messages()).anyMatch(line -> line.contains(key.toString()));
        }
        assertThat(keyring.get(key).policy().document()).isEqualTo("no policy");
    }

    private Decision decide(Arn key) {
        Subject root = Subject.of(Arn.root("aws", key.account()), "");
        return Evaluator.decide(
                new Question(root, "kms:Encrypt", key.toString(), asked -> List.of()),
                key.account(),
                keyring.policy(key),
                KeyGrants.NONE,
                IdentityPolicies.NONE);
    }
}
