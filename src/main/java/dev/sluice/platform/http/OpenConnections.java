package dev.sluice.platform.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The connections that are open to this process, by the addresses of their clients. */
@ApplicationScoped
class OpenConnections {
    private static final int NETWORK_BYTES = 8; // of IPv6: what one site gets (RFC 6177)

    private final ConcurrentMap<Object, Integer> open = new ConcurrentHashMap<>();
    private final HttpConfig config;
    private final Counter refused;

    OpenConnections(HttpConfig config, MeterRegistry metrics) {
        this.config = config;
        this.refused = metrics.counter("sluice.http.connections.refused");
    }

    /** Counts a connection until it is closed; false if its address has as many as it may have. */
    boolean add(Channel connection) {
        if (!(connection.remoteAddress() instanceof InetSocketAddress remote)) {
            return true; // a domain socket
        }
        Object address = network(remote);
        if (open.merge(address, 1, Integer::sum) > config.connectionsPerAddress()) {
            remove(address);
            refused.increment();
            return false;
        }
        var _ = connection.closeFuture().addListener(_ -> remove(address));
        return true;
    }

    private static Object network(InetSocketAddress remote) {
        byte[] address = remote.getAddress().getAddress();
        return ByteBuffer.wrap(
                remote.getAddress() instanceof Inet6Address ? Arrays.copyOf(address, NETWORK_BYTES) : address);
    }

    private void remove(Object address) {
        open.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }
}
