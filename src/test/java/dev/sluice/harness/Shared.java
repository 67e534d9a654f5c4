package dev.sluice.harness;

import java.util.Map;

/** The one {@code web,worker} process that most tests talk to. */
public final class Shared {
    private Shared() {}

    private static final class Holder {
        private static final Map<String, String> CONFIGURATION = Servers.newDatabase();
        private static final Service SERVICE = start();

        private static Service start() {
            Service.migrate(CONFIGURATION);
            return Service.start("web,worker", CONFIGURATION).awaitReady();
        }
    }

    public static Service service() {
        return Holder.SERVICE;
    }

    /** How the process is configured; for a second one beside it, or a connection to its database. */
    public static Map<String, String> configuration() {
        return Holder.CONFIGURATION;
    }
}
