package dev.sluice.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class EmbeddedServersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void serversEndWhenTheirHolderIsKilledWithItsWholeProcessGroup() throws IOException {
        Path file = Files.createTempDirectory("holder").resolve("servers.properties");
        Process holder = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec $(command -v setsid) \"$0\" \"$@\"", // a group of its own, where there is setsid
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldServers.class.getName(),
                        file.toString(),
                        Long.toString(ProcessHandle.current().pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Await.until("the servers run", PATIENCE, () -> Files.exists(file));
        Properties servers = new Properties();
        try (var in = Files.newInputStream(file)) {
            servers.load(in);
        }
        int postgres = port(servers.getProperty("quarkus.datasource.jdbc.url").substring("jdbc:".length()));
        int redis = port(servers.getProperty("quarkus.redis.hosts"));
        assertThat(listens(postgres)).isTrue();
        assertThat(listens(redis)).isTrue();

        long pid = holder.pid();
        new ProcessBuilder("sh", "-c", "kill -KILL -" + pid + " || kill -KILL " + pid).start();

        Await.until("both have ended", PATIENCE, () -> !listens(postgres) && !listens(redis));
    }

    private static int port(String uri) {
        return URI.create(uri).getPort();
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
