package io.keyhold.api.aws;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections there may be at once: anybody can open one here, and they must not take what
 * the other door and the token need.
 */
final class ConnectionLimit {

    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

    private static final int MOST = 4000;

    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    ConnectionLimit(int most) {
        this.most = most;
    }

    /** Half of the file descriptors that a process may have here, and never too many. */
    static ConnectionLimit ofThisMachine() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean system
                ? new ConnectionLimit((int) Math.min(MOST, system.getMaxFileDescriptorCount() / 2))
                : new ConnectionLimit(MOST);
    }

    /** Whether there is room for one more; if not, it is closed. */
    boolean admits(Channel channel) {
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        boolean admitted = open.incrementAndGet() <= most;
        if (!admitted) {
            ChannelFuture closing = channel.close();
            log.debug("there are {} connections already: {}", most, closing);
        }
        return admitted;
    }
}
