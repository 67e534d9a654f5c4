package dev.sluice.harness;

import java.util.Map;

/**
 * The processes that most tests talk to: two of each type behind a balancer, so that no test can do with one process. Its
 * clients meet another one with every request.
 */
public final class Shared {
    private Shared() {}

    private static final class Holder {
        private static final Map<String, String> CONFIGURATION = Servers.newDatabase();
        private static final Cluster CLUSTER = Cluster.start(2, 2, CONFIGURATION);
    }

    public static Endpoint service() {
        return Holder.CLUSTER;
    }

    /** How the processes are configured; for another one beside them, or a connection to their database. */
    public static Map<String, String> configuration() {
        return Holder.CONFIGURATION;
    }
}
