package dev.sluice.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** From a name to its addresses; asked once for each connection. */
@FunctionalInterface
interface Resolver {
    /**
     * Blocks until there is an answer.
     *
     * @return at least one address
     */
    InetAddress[] resolve(String name) throws UnknownHostException;
}
