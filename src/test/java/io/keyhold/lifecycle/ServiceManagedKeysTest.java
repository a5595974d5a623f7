package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Service;
import io.keyhold.key.ServiceKey;
import io.keyhold.keyring.ServiceKeys;
import io.keyhold.testkit.TestServices;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A service's key in an account, on a real token and a real database. */
class ServiceManagedKeysTest extends InHouse {

    private static final Service S3 = TestServices.of("s3", "s3.amazonaws.com");
    private static final Service SSM = TestServices.of("ssm", "ssm.amazonaws.com");
    private static final Arn ALIAS = alias(S3);

    private static Arn alias(Service service) {
        return Arn.alias(
                "aws", House.REGION, House.ACCOUNT, Alias.RESERVED_PREFIX + service.name());
    }

    private KeyRecord record(Arn key) {
        return house.keyring().find(key).orElseThrow();
    }

    private ServiceManagedKeys keys() {
        return new ServiceManagedKeys(
                house.lifecycle(),
                house.keyring(),
                house.aliases(),
                new ServiceKeys(house.store()),
                house.store(),
                house.clocks().clocks().wall());
    }

    @Test
    void itIsMadeOnceAndRotatesByItself() {
        Arn key = keys().keyOf(ALIAS, S3);
        Arn other = keys().keyOf(alias(SSM), SSM);

        assertThat(keys().keyOf(ALIAS, S3)).isEqualTo(key).isNotEqualTo(other);
        house.restart();
        assertThat(keys().keyOf(ALIAS, S3)).isEqualTo(key);
        assertThat(record(key).manager()).isEqualTo(KeyManager.AWS);
        assertThat(house.events("CreateKey"))
                .extracting(event -> event.at("/serviceEventDetails/reason").asString())
                .contains("It is needed by s3.amazonaws.com");
        house.liveInSteps(Duration.ofDays(366));
        assertThat(record(key).backingKeys()).hasSize(2);
    }

    /** The alias is the last of three steps. */
    @Test
    void whatACrashHasLeftIsFoundAgain() {
        Arn key = keys().keyOf(ALIAS, S3);
        house.aliases().delete(ALIAS, house.store()::deleteAlias);
        house.lifecycle().disableRotation(key);
        house.restart();

        assertThat(keys().keyOf(ALIAS, S3)).isEqualTo(key);
        assertThat(record(key).schedule().rotation()).isPresent();
        assertThat(house.aliases().find(ALIAS).orElseThrow().targetArn()).isEqualTo(key);
    }

    @Test
    void whatTheAccountHasChosenIsUsedInstead() {
        Arn chosen = house.create().arn();
        ServiceKeys choices = new ServiceKeys(house.store());
        choices.put(new ServiceKey(S3.principal(), chosen, House.NOW));

        assertThat(keys().keyOf(ALIAS, S3)).isEqualTo(chosen);
        assertThat(house.aliases().find(ALIAS)).isEmpty();
        house.restart();
        assertThat(keys().keyOf(ALIAS, S3)).isEqualTo(chosen);
        new ServiceKeys(house.store()).delete(House.REGION, House.ACCOUNT, S3.principal());
        assertThat(keys().keyOf(ALIAS, S3)).isNotEqualTo(chosen);
    }
}
