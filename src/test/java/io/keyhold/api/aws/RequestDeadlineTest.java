package io.keyhold.api.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a connection may take to bring a request. */
class RequestDeadlineTest {

    private final RequestDeadline deadline = new RequestDeadline();
    private final EmbeddedChannel channel = frozen();

    private EmbeddedChannel frozen() {
        EmbeddedChannel made = new EmbeddedChannel();
        made.freezeTime();
        made.pipeline().addLast(deadline);
        deadline.channelActive(made.pipeline().context(deadline));
        return made;
    }

    @Test
    void whoSaysNothingHasAMinuteAndAHalf() {
        assertThat(isOpenAfter(89)).isTrue();
        assertThat(isOpenAfter(1)).isFalse();
    }

    @Test
    void whoDripsHasHalfAMinute() {
        for (int second = 0; second < 30; second++) {
            drip();
            assertThat(channel.isOpen()).as("second %d", second).isTrue();
            isOpenAfter(1);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aRequestThatIsThereMayTakeAsLongAsItTakes() {
        drip();
        deadline.arrived();
        assertThat(isOpenAfter(1000)).isTrue();
        channel.pipeline().fireUserEventTriggered(new AwsReply.Sent());
        assertThat(isOpenAfter(89)).isTrue();
        drip();
        assertThat(isOpenAfter(29)).isTrue();
        assertThat(isOpenAfter(1)).isFalse();
    }

    private void drip() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[1]));
    }

    private boolean isOpenAfter(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        return channel.isOpen();
    }
}
