package dev.sluice.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.local.FreePorts;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A memcached of the machine's own. */
public final class Memcached implements AutoCloseable {
    private static final Duration STARTUP = Duration.ofSeconds(20);

    private final Process process;
    private final int port;

    private Memcached(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one; where there is none to start, the test is skipped. */
    public static Memcached start(String... options) throws IOException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(dir -> new File(dir, "memcached").canExecute()),
                "SKIPPED: there is no memcached on this machine");
        int port = FreePorts.next();
        List<String> command =
                new ArrayList<>(List.of("memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", Integer.toString(port)));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        Await.until("memcached listens", STARTUP, () -> listens(port));
        return new Memcached(process, port);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** As {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
