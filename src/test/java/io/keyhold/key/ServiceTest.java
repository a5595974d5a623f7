package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceTest {

    /** As AWS's are called; and two services are never called the same. */
    @Test
    void policiesCallItByItsPrincipalAndTheRegion() {
        assertThat(service("ec2.amazonaws.com").via("eu-west-1"))
                .isEqualTo("ec2.eu-west-1.amazonaws.com");
        assertThat(service("ec2.example.org").via("eu-west-1"))
                .isEqualTo("ec2.eu-west-1.example.org");
    }

    private static Service service(String principal) {
        return new Service("ebs", principal, "", Set.of(), Set.of());
    }
}
