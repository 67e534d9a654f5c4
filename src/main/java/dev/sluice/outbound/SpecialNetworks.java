package dev.sluice.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The addresses that are not of the public internet: the special-purpose registries of IANA (RFC 6890 and what came after)
 * and the ranges of multicast and of the future.
 */
final class SpecialNetworks {
    private static final List<Network> SPECIAL = networks(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // carrier-grade NAT; a metadata service in one cloud
            "127.0.0.0/8", // loopback
            "168.63.129.16", // the host's own service in one cloud, at a public address
            "169.254.0.0/16", // link-local; the metadata service of most clouds
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments; a metadata service in one cloud
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4", // reserved, and broadcast
            "2001::/23", // protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4
            "3fff::/20"); // documentation

    /** All that IPv6 has given out as global unicast. Loopback, link-local, ULA, multicast, NAT64 and the rest lie outside. */
    private static final Network GLOBAL_UNICAST = Network.of("2000::/3");

    /** Where an IPv4 address is written inside an IPv6 one: a network, and the byte it begins at. */
    private record Embedding(Network network, int at, int mask) {}

    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(Network.of("::/96"), 12, 0), // IPv4-compatible
            new Embedding(Network.of("64:ff9b::/96"), 12, 0), // NAT64
            new Embedding(Network.of("64:ff9b:1::/48"), 12, 0), // NAT64 of a site, as its /96 have it
            new Embedding(Network.of("2002::/16"), 2, 0), // 6to4
            new Embedding(Network.of("2001::/32"), 12, 0xFF)); // Teredo writes it inverted

    private SpecialNetworks() {}

    private static List<Network> networks(String... cidrs) {
        return Stream.of(cidrs).map(Network::of).toList();
    }

    static boolean contain(InetAddress address) {
        return !(address instanceof Inet4Address) && !GLOBAL_UNICAST.contains(address)
                || SPECIAL.stream().anyMatch(network -> network.contains(address));
    }

    /** The IPv4 address that packets to this IPv6 address would reach in the end. */
    static Optional<InetAddress> embedded(InetAddress address) {
        return EMBEDDINGS.stream()
                .filter(embedding -> embedding.network().contains(address))
                .map(embedding -> extract(address.getAddress(), embedding))
                .findFirst();
    }

    private static InetAddress extract(byte[] bytes, Embedding embedding) {
        byte[] four = Arrays.copyOfRange(bytes, embedding.at(), embedding.at() + 4);
        for (int i = 0; i < four.length; i++) {
            four[i] ^= (byte) embedding.mask();
        }
        try {
            return InetAddress.getByAddress(four);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four bytes are an address
        }
    }
}
