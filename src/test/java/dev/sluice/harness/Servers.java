package dev.sluice.harness;

import dev.sluice.local.EmbeddedServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The PostgreSQL and Redis of this test run. */
public final class Servers {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private Servers() {}

    private static final class Holder {
        private static final EmbeddedServers SERVERS = start();

        private static EmbeddedServers start() {
            try {
                return EmbeddedServers.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Migrated {
        private static final String NAME = migrate();

        private static String migrate() {
            String name = newName();
            Service.migrate(withReader(Holder.SERVERS.newDatabase(name)));
            return name;
        }
    }

    /** Configuration of a service with an empty database of its own, whose rows a login of its own reads. */
    public static Map<String, String> newDatabase() {
        return withReader(Holder.SERVERS.newDatabase(newName()));
    }

    private static Map<String, String> withReader(Map<String, String> configuration) {
        configuration.put("quarkus.datasource.reader.username", "sluice_read");
        configuration.put("quarkus.datasource.reader.password", "reads rows");
        return configuration;
    }

    /** The same with the schema in it: a copy of a database to which a process applied it once, with an id of its own. */
    public static Map<String, String> migratedDatabase() {
        Map<String, String> configuration = withReader(Holder.SERVERS.copyDatabase(Migrated.NAME, newName()));
        Sql.run(configuration, "UPDATE sluice.catalog SET id = gen_random_uuid()");
        return configuration;
    }

    private static String newName() {
        return "test_" + DATABASES.incrementAndGet();
    }
}
