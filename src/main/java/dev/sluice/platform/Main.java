package dev.sluice.platform;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Starts a process of the types asked for: {@code migrate} does its work and exits, the others run until stopped. */
@QuarkusMain
public class Main implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(Main.class);

    private final Processes processes;
    private final Schema schema;

    Main(Processes processes, Schema schema) {
        this.processes = processes;
        this.schema = schema;
    }

    public static void main(String... args) {
        Config config = ConfigProvider.getConfig();
        require(config, "quarkus.datasource.jdbc.url", "QUARKUS_DATASOURCE_JDBC_URL");
        require(config, "quarkus.redis.hosts", "QUARKUS_REDIS_HOSTS");
        String types = config.getOptionalValue("sluice.processes", String.class).orElse("");
        if (types.equalsIgnoreCase(ProcessType.MIGRATE.name())) {
            System.setProperty("quarkus.http.host-enabled", "false"); // it serves nobody
        }
        Quarkus.run(Main.class, args);
    }

    private static void require(Config config, String key, String variable) {
        if (config.getOptionalValue(key, String.class).isEmpty()) {
            System.err.println(variable + " is not set: Sluice needs a PostgreSQL and a Redis; see README.md.");
            System.exit(2);
        }
    }

    @Override
    public int run(String... args) {
        if (!processes.include(ProcessType.MIGRATE)) {
            LOG.infof("Running as %s", processes.types());
            Quarkus.waitForExit();
            return 0;
        }
        if (processes.types().size() > 1) {
            LOG.errorf("SLUICE_PROCESSES: migrate runs alone, not as %s", processes.types());
            return 2;
        }
        try {
            LOG.infof("The schema is at version %s", schema.migrate());
            return 0;
        } catch (RuntimeException e) {
            LOG.errorf("The schema could not be migrated: %s", e.getMessage());
            return 1;
        }
    }
}
