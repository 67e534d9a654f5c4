package dev.sluice.ingest;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What people know this process by: the name of its host, which is that of its pod, and its number there. */
@ApplicationScoped
class WorkerName {
    private final String text = host() + ":" + ProcessHandle.current().pid();

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown"; // a host that does not know its own name
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
