package io.keyhold.api.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** How many connections there may be at once. */
class ConnectionLimitTest {

    @Test
    void oneMoreIsClosedUntilAnotherIsGone() {
        ConnectionLimit limit = new ConnectionLimit(2);
        EmbeddedChannel first = new EmbeddedChannel();
        EmbeddedChannel second = new EmbeddedChannel();
        EmbeddedChannel third = new EmbeddedChannel();

        assertThat(limit.admits(first)).isTrue();
        assertThat(limit.admits(second)).isTrue();
        assertThat(limit.admits(third)).isFalse();
        assertThat(third.isOpen()).isFalse();
        first.close();
        assertThat(limit.admits(new EmbeddedChannel())).isTrue();
        assertThat(limit.admits(new EmbeddedChannel())).isFalse();
    }

    @Test
    void itLeavesDescriptorsForOthers() {
        assertThat(ConnectionLimit.ofThisMachine().admits(new EmbeddedChannel())).isTrue();
    }
}
