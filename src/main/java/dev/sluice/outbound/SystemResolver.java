package dev.sluice.outbound;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The resolver of the operating system, with its own limits of time. */
@ApplicationScoped
class SystemResolver implements Resolver {
    @Override
    public InetAddress[] resolve(String name) throws UnknownHostException {
        return InetAddress.getAllByName(name);
    }
}
