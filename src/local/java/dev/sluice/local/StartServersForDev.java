package dev.sluice.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Run by the build before dev mode: {@code StartServersForDev FILE GOALS} starts the servers, held until the build ends,
 * and waits until FILE says where they are. Does nothing for other goals, or if a PostgreSQL is configured.
 */
final class StartServersForDev {
    private static final int SECONDS = 90;

    private StartServersForDev() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path file = Path.of(args[0]);
        if (!args[1].contains("quarkus:dev") || System.getenv("QUARKUS_DATASOURCE_JDBC_URL") != null) {
            return;
        }
        ProcessHandle build = ProcessHandle.current().parent().orElseThrow();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.deleteIfExists(file);
        Path log = file.resolveSibling("backing-services.log");
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldServers.class.getName(),
                        file.toString(),
                        Long.toString(build.pid()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        for (int i = 0; i < SECONDS * 10 && !Files.exists(file); i++) {
            if (holder.waitFor(100, TimeUnit.MILLISECONDS)) {
                System.err.println("PostgreSQL and Redis did not start; see " + log);
                System.exit(1);
            }
        }
    }
}
