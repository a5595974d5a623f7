package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One daemon for all tests of a class, with a client on each listener. At the end it must still be
 * there, end well on SIGTERM, and have no error and no stack trace in its log: whatever a caller
 * does is no fault of the daemon.
 */
final class OneDaemon implements BeforeAllCallback, AfterAllCallback {

    private final Map<Listener, Client> clients = new EnumMap<>(Listener.class);
    private final Consumer<Home> arrange;
    private Home home;
    private Daemon daemon;

    OneDaemon() {
        this(home -> {});
    }

    /** One whose home is changed before the start. */
    OneDaemon(Consumer<Home> arrange) {
        this.arrange = arrange;
    }

    /** One whose client authority may name principals of more accounts. */
    static OneDaemon ofAccounts(String... more) {
        return new OneDaemon(home -> home.addAccounts(more));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        home = Home.prepare();
        arrange.accept(home);
        daemon = Daemon.start(home, Daemon.FAST_START);
        for (Listener listener : Listener.values()) {
            clients.put(listener, listener.connect(daemon));
        }
    }

    Daemon daemon() {
        return daemon;
    }

    Home home() {
        return home;
    }

    Client client(Listener listener) {
        return clients.get(listener);
    }

    /** The operator. */
    Client client() {
        return client(Listener.UNIX);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        clients.values().forEach(Client::close);
        if (daemon == null) {
            return;
        }
        try (Home used = home;
                Daemon running = daemon) {
            assertThat(running.alive())
                    .as("the daemon in %s lives: %s", used.folder(), running.log())
                    .isTrue();
            assertThat(running.terminate()).isEqualTo(Daemon.TERMINATED);
            assertThat(running.log()).doesNotContain("\tat ").doesNotContain(" ERROR ");
        }
    }
}
