package dev.sluice.platform;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesLocationConfigSourceFactory;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Starts a process of the types asked for: {@code migrate} does its work and exits, the others run until stopped. With
 * arguments it does what the {@link AdminCommand} of that name does, and exits.
 */
@QuarkusMain
public class Main implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(Main.class);

    private static final List<String> TRACES_ENDPOINTS =
            List.of("quarkus.otel.exporter.otlp.endpoint", "quarkus.otel.exporter.otlp.traces.endpoint");

    /**
     * A migration may rewrite a large table, which takes a statement up to 24 hours. Meanwhile the connection that holds Flyway's
     * lock is idle in a transaction.
     */
    private static final Map<String, String> MIGRATION_LIMITS = Map.of(
            "quarkus.datasource.jdbc.new-connection-sql",
            "SET statement_timeout = '24h'; SET idle_in_transaction_session_timeout = '25h'",
            "quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout",
            "90000");

    private final Processes processes;
    private final Schema schema;
    private final Instance<AdminCommand> commands;

    Main(Processes processes, Schema schema, @Any Instance<AdminCommand> commands) {
        this.processes = processes;
        this.schema = schema;
        this.commands = commands;
    }

    public static void main(String... args) {
        Config config = settings();
        require(config, "quarkus.datasource.jdbc.url", "QUARKUS_DATASOURCE_JDBC_URL");
        require(config, "quarkus.redis.hosts", "QUARKUS_REDIS_HOSTS");
        if (TRACES_ENDPOINTS.stream()
                .allMatch(key -> config.getOptionalValue(key, String.class).isEmpty())) {
            System.setProperty("quarkus.otel.sdk.disabled", "true");
        }
        String types = config.getOptionalValue("sluice.processes", String.class).orElse("");
        if (args.length > 0) {
            System.setProperty("sluice.processes", ProcessType.COMMAND.name());
            System.setProperty("quarkus.log.console.stderr", "true"); // what a command prints is all of its output
        }
        boolean migrates = args.length == 0 && types.equalsIgnoreCase(ProcessType.MIGRATE.name());
        if (args.length > 0 || migrates) {
            System.setProperty("quarkus.http.host-enabled", "false"); // it serves nobody
            System.setProperty("quarkus.management.host-enabled", "false");
        }
        if (migrates) {
            MIGRATION_LIMITS.forEach(System::setProperty);
        }
        Quarkus.run(Main.class, args);
    }

    /**
     * Reads what the operator set: system properties, the environment and files. {@code ConfigProvider} may not be asked
     * before Quarkus runs: in a native image it still has the configuration of the build, without the environment.
     */
    private static Config settings() {
        return ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesLocationConfigSourceFactory())
                .build();
    }

    private static void require(Config config, String key, String variable) {
        if (config.getOptionalValue(key, String.class).isEmpty()) {
            System.err.println(variable + " is not set: Sluice needs a PostgreSQL and a Redis; see README.md.");
            System.exit(2);
        }
    }

    @Override
    public int run(String... args) {
        if (args.length > 0) {
            return once(args[0], List.of(args).subList(1, args.length));
        }
        if (processes.include(ProcessType.COMMAND)) {
            LOG.error("SLUICE_PROCESSES: a command is what the arguments say");
            return 2;
        }
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

    private int once(String name, List<String> arguments) {
        AdminCommand command =
                commands.stream().filter(c -> c.name().equals(name)).findFirst().orElse(null);
        if (command == null) {
            System.err.println("There is no command '" + name + "'; there are:");
            commands.forEach(c -> System.err.println("  " + c.usage()));
            return 2;
        }
        try {
            command.run(arguments);
            return 0;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + ": " + command.usage());
            return 2;
        }
    }
}
