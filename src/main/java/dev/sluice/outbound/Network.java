package dev.sluice.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * A range of addresses in CIDR notation. It keeps the bytes of an address and no {@link InetAddress}, because a native
 * image refuses to have one in a static field.
 */
final class Network {
    private final byte[] address;
    private final int bits;

    /**
     * Makes a network of an address and the length of its prefix.
     *
     * @param bits of the address, from its left, that members have in common
     */
    private Network(byte[] address, int bits) {
        if (bits < 0 || bits > address.length * 8) {
            throw new IllegalArgumentException("A prefix length of " + bits + " does not fit the address.");
        }
        this.address = address;
        this.bits = bits;
    }

    /**
     * Reads {@code 10.0.0.0/8} or {@code fd00::/8}; an address alone is a network of one.
     *
     * @throws IllegalArgumentException if it is anything else, a host name for one
     */
    static Network of(String cidr) {
        int slash = cidr.indexOf('/');
        String written = slash < 0 ? cidr : cidr.substring(0, slash);
        InetAddress address = InetAddress.ofLiteral(written);
        if (address instanceof Inet4Address && !address.getHostAddress().equals(written)) {
            throw new IllegalArgumentException("An IPv4 address is written as four decimal numbers.");
        }
        byte[] bytes = address.getAddress();
        return new Network(bytes, slash < 0 ? bytes.length * 8 : Integer.parseInt(cidr.substring(slash + 1)));
    }

    boolean contains(InetAddress other) {
        byte[] theirs = other.getAddress();
        if (address.length != theirs.length) {
            return false;
        }
        for (int i = 0; i * 8 < bits; i++) {
            int mask = bits - i * 8 >= 8 ? 0xFF : 0xFF << (8 - (bits - i * 8)) & 0xFF;
            if (((address[i] ^ theirs[i]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
