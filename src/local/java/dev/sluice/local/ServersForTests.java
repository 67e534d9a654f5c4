package dev.sluice.local;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The servers for a test that runs the service in its own JVM. */
public final class ServersForTests implements QuarkusTestResourceLifecycleManager {
    private EmbeddedServers servers;

    @Override
    public Map<String, String> start() {
        try {
            servers = EmbeddedServers.start();
            return servers.configuration();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        try {
            servers.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
