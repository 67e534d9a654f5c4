package dev.sluice.platform.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The connections that are open to this process, by the addresses of their clients. An address that has as many as it may
 * have gets another one in place of that which has carried nothing for the longest time; if all carry something, none. Its
 * counter is registered at start, before there is a connection.
 */
@Startup
@ApplicationScoped
class OpenConnections {
    private static final int NETWORK_BYTES = 8; // of IPv6: what one site gets (RFC 6177)

    private final ConcurrentMap<String, Connected> open = new ConcurrentHashMap<>();
    private final HttpConfig config;
    private final Counter refused;

    OpenConnections(HttpConfig config, MeterRegistry metrics) {
        this.config = config;
        this.refused = metrics.counter("sluice.http.connections.refused");
    }

    /** Of one address: all, and those that carry nothing, in the order in which they began to. */
    private record Connected(SequencedSet<Channel> all, SequencedSet<Channel> idle) {
        Connected() {
            this(new LinkedHashSet<>(), new LinkedHashSet<>());
        }
    }

    /** Keeps a connection until it is closed; false if it may not be there. */
    boolean add(Channel connection) {
        Optional<String> network = network(connection);
        if (network.isEmpty()) {
            return true;
        }
        boolean[] added = new boolean[1];
        Channel[] ended = new Channel[1];
        open.compute(network.get(), (_, before) -> {
            Connected connected = before == null ? new Connected() : before;
            if (connected.all.size() >= config.connectionsPerAddress()) {
                ended[0] = takeIdle(connected);
            }
            added[0] = connected.all.size() < config.connectionsPerAddress() && connected.all.add(connection);
            return connected;
        });
        if (ended[0] != null) {
            var _ = ended[0].close();
        }
        if (added[0]) {
            var _ = connection.closeFuture().addListener(_ -> remove(connection, network.get()));
        } else {
            refused.increment();
        }
        return added[0];
    }

    private static Channel takeIdle(Connected connected) {
        Iterator<Channel> idle = connected.idle.iterator();
        if (!idle.hasNext()) {
            return null;
        }
        Channel longest = idle.next();
        idle.remove();
        connected.all.remove(longest);
        return longest;
    }

    /** Whether a connection carries something from now on: a request, an answer, or a part of either. */
    void carries(Channel connection, boolean something) {
        network(connection)
                .ifPresent(network -> open.computeIfPresent(network, (_, connected) -> {
                    connected.idle.remove(connection);
                    if (!something && connected.all.contains(connection)) {
                        connected.idle.add(connection);
                    }
                    return connected;
                }));
    }

    private void remove(Channel connection, String network) {
        open.computeIfPresent(network, (_, connected) -> {
            connected.all.remove(connection);
            connected.idle.remove(connection);
            return connected.all.isEmpty() ? null : connected;
        });
    }

    /** The address of the client, of IPv6 the part that one site gets; empty for a domain socket. */
    static Optional<String> network(Channel connection) {
        if (!(connection.remoteAddress() instanceof InetSocketAddress remote)) {
            return Optional.empty();
        }
        byte[] address = remote.getAddress().getAddress();
        int bytes = remote.getAddress() instanceof Inet6Address ? NETWORK_BYTES : address.length;
        return Optional.of(HexFormat.of().formatHex(address, 0, bytes));
    }
}
