package dev.sluice.platform.http;

import io.quarkus.runtime.configuration.InetSocketAddressConverter;
import io.smallrye.common.net.CidrAddress;
import io.smallrye.common.net.Inet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

/** The proxies of {@code QUARKUS_HTTP_PROXY_TRUSTED_PROXIES} by their addresses; names of hosts are none. */
record TrustedProxies(List<CidrAddress> networks) {

    /** @param configured addresses, with a port or without, and networks in CIDR notation, as Quarkus takes them */
    static TrustedProxies of(List<String> configured) {
        return new TrustedProxies(configured.stream()
                .map(TrustedProxies::network)
                .filter(Objects::nonNull)
                .toList());
    }

    private static CidrAddress network(String text) {
        CidrAddress network = Inet.parseCidrAddress(text);
        if (network != null) {
            return network;
        }
        InetSocketAddress one = new InetSocketAddressConverter().convert(text.equals("localhost") ? "127.0.0.1" : text);
        InetAddress address = one.getAddress();
        return address == null ? null : CidrAddress.create(address, address.getAddress().length * Byte.SIZE);
    }

    boolean contains(InetAddress address) {
        return networks.stream().anyMatch(network -> network.matches(address));
    }
}
