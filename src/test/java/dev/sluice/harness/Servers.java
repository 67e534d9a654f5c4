package dev.sluice.harness;

import dev.sluice.local.EmbeddedServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The PostgreSQL and Redis of this test run. */
public final class Servers {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private Servers() {}

    private static final class Holder {
        private static final EmbeddedServers SERVERS = start();

        private static EmbeddedServers start() {
            try {
                return EmbeddedServers.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Configuration of a service with an empty database of its own. */
    public static Map<String, String> newDatabase() {
        return Holder.SERVERS.newDatabase("test_" + DATABASES.incrementAndGet());
    }
}
