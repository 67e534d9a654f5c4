package dev.sluice.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import redis.embedded.RedisServer;

/**
 * A PostgreSQL and a Redis of one's own, with the settings of servers that hold data. They end with the process that
 * started them, however that ends: a watcher outlives it for as long as it takes to stop them and remove their files.
 */
public final class EmbeddedServers implements AutoCloseable {
    private static final Duration STARTUP = Duration.ofMinutes(1);
    private static final String DATABASE = "postgres";

    private final Path directory;
    private final EmbeddedPostgres postgres;
    private final RedisServer redis;
    private final int redisPort;

    private EmbeddedServers(Path directory) throws IOException {
        this.directory = directory;
        Process watcher = watch(directory);
        try {
            postgres = EmbeddedPostgres.builder()
                    .setPort(FreePorts.next())
                    .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
                    .setDataDirectory(directory.resolve("postgres"))
                    .setPGStartupWait(STARTUP)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("wal_level", "replica")
                    .setServerConfig("max_wal_size", "4GB")
                    .setServerConfig("shared_buffers", "256MB")
                    .setServerConfig("max_connections", "300")
                    .start();
            redisPort = FreePorts.next();
            redis = RedisServer.newRedisServer()
                    .port(redisPort)
                    .setting("bind 127.0.0.1")
                    .setting("dir " + directory)
                    .setting("pidfile " + directory.resolve("redis.pid"))
                    .setting("save \"\"")
                    .setting("maxmemory-policy volatile-ttl")
                    .build();
            redis.start();
        } catch (IOException | RuntimeException e) {
            watcher.destroy();
            throw e;
        }
    }

    public static EmbeddedServers start() throws IOException {
        return new EmbeddedServers(Files.createTempDirectory("sluice-servers"));
    }

    /** Where the servers are, as the service's configuration names it. */
    public Map<String, String> configuration() {
        return configuration(DATABASE);
    }

    private Map<String, String> configuration(String database) {
        return new TreeMap<>(Map.of(
                "quarkus.datasource.jdbc.url",
                postgres.getJdbcUrl("postgres", database).replaceFirst("\\?.*", ""),
                "quarkus.datasource.username",
                "postgres",
                "quarkus.datasource.password",
                "postgres",
                "quarkus.redis.hosts",
                "redis://127.0.0.1:" + redisPort));
    }

    /** Makes an empty database, and says where it is. */
    public Map<String, String> newDatabase(String name) {
        return copyDatabase("template1", name);
    }

    /** Makes a database of all that is in another one, to which nobody is connected, and says where it is. */
    public Map<String, String> copyDatabase(String original, String name) {
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE " + original);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
        return configuration(name);
    }

    /**
     * A shell that waits for this process to end, then stops what it finds in the directory and removes it. Where there
     * is {@code setsid} it has a session of its own, so that not even a signal to the whole process group ends it.
     */
    private static Process watch(Path directory) throws IOException {
        String script = """
                trap '' HUP INT TERM
                while kill -0 "$1" 2>/dev/null; do sleep 0.2; done
                for pid in "$2/postgres/postmaster.pid" "$2/redis.pid"; do
                  [ -f "$pid" ] && kill -QUIT "$(head -n 1 "$pid")" 2>/dev/null
                done
                sleep 1
                for pid in "$2/postgres/postmaster.pid" "$2/redis.pid"; do
                  [ -f "$pid" ] && kill -KILL "$(head -n 1 "$pid")" 2>/dev/null
                done
                rm -rf "$2"
                """;
        String pid = Long.toString(ProcessHandle.current().pid());
        String start = "exec $(command -v setsid) sh -c \"$0\" watcher \"$@\"";
        return new ProcessBuilder("sh", "-c", start, script, pid, directory.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Ends Redis, and all it holds is lost. */
    public void stopRedis() throws IOException {
        redis.stop();
    }

    /** Starts Redis again where it was, and empty. */
    public void startRedis() throws IOException {
        redis.start();
    }

    /** Ends PostgreSQL as a crash does and starts it again where it was: what was not committed is lost. */
    public void crashPostgres() throws IOException {
        String data = directory.resolve("postgres").toString();
        long server = Long.parseLong(
                Files.readAllLines(Path.of(data, "postmaster.pid")).getFirst().strip());
        // The first servers of a JVM unpack the binaries, for all that it starts.
        Path binary = ProcessHandle.of(server)
                .flatMap(process -> process.info().command())
                .map(Path::of)
                .orElseThrow();
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to run as root
        }
        String control = binary.resolveSibling("pg_ctl").toString();
        command.addAll(List.of(control, "restart", "-m", "immediate", "-w", "-t", "60", "-D", data));
        Process restart = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (restart.waitFor() != 0) {
                throw new IOException("PostgreSQL did not start again");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        redis.stop();
        postgres.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(EmbeddedServers::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
