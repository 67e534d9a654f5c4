package dev.sluice.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.local.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A PgBouncer of the machine's own in front of a service's database, in transaction mode. */
public final class PgBouncer implements AutoCloseable {
    private static final Duration STARTUP = Duration.ofSeconds(20);
    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    private final Process process;
    private final Path directory;
    private final int port;

    private PgBouncer(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /**
     * Starts one; where there is none to start, the test is skipped.
     *
     * @param passwords of the users there are
     * @param pool connections to PostgreSQL for each of them
     */
    public static PgBouncer before(Map<String, String> configuration, Map<String, String> passwords, int pool)
            throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "SKIPPED: there is no pgbouncer on this machine");
        Path directory = Files.createTempDirectory("pgbouncer");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx")); // it will not be root
        StringBuilder users = new StringBuilder();
        passwords.forEach((user, password) -> users.append("\"%s\" \"%s\"%n".formatted(user, password)));
        Files.writeString(directory.resolve("users"), users);
        int port = FreePorts.next();
        URI database = database(configuration);
        Files.writeString(directory.resolve("ini"), """
                [databases]
                * = host=%s port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = plain
                auth_file = %s
                pool_mode = transaction
                default_pool_size = %d
                max_client_conn = 500
                ignore_startup_parameters = extra_float_digits
                """.formatted(
                        database.getHost(), database.getPort(), port, directory.resolve("users"), pool));
        Process process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "-u",
                        "nobody",
                        directory.resolve("ini").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        Await.until("pgbouncer listens", STARTUP, () -> listens(port));
        return new PgBouncer(process, directory, port);
    }

    /** The same configuration, by way of it: without prepared statements, which belong to one connection. */
    public Map<String, String> configuration(Map<String, String> direct) {
        Map<String, String> by = new HashMap<>(direct);
        by.put(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://127.0.0.1:" + port + database(direct).getPath() + "?prepareThreshold=0");
        return by;
    }

    private static URI database(Map<String, String> configuration) {
        return URI.create(configuration.get("quarkus.datasource.jdbc.url").substring("jdbc:".length()));
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.deleteIfExists(directory.resolve("users"));
        Files.deleteIfExists(directory.resolve("ini"));
        Files.deleteIfExists(directory);
    }
}
