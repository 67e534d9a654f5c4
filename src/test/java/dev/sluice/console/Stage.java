package dev.sluice.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.harness.Cluster;
import dev.sluice.harness.SelfSigned;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceAnswer;
import dev.sluice.harness.SourceFile;
import dev.sluice.harness.SourceOutput;
import dev.sluice.local.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the tests in a browser play: two {@code web} processes that want a key behind a balancer, and a worker; a process
 * that wants none, which speaks TLS too; a source on the web; and a client that does there what a browser cannot.
 */
final class Stage implements AutoCloseable {
    private static final String KEY = "the-first-key-of-this-test-0123456789";
    private static final byte[] TABLE = table(40_000).getBytes(UTF_8);
    private static final int WEBS = 2;
    private static final int PIECE = 4 * 1024;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final byte[] WRONG_TABLE =
            (table(2000) + "one,<img src=x onerror=alert(1)>,\u202ethree\n").getBytes(UTF_8);

    private final Cluster cluster;
    private final Service open;
    private final int tlsPort;
    private final Source source = Source.start();
    private final HttpServer orders =
            HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);

    /** Whether what comes slowly comes at once. */
    private volatile boolean isHurried;

    /** Whoever takes the place of the one that was killed last: ready when this is complete. */
    private CompletableFuture<?> successor = CompletableFuture.completedFuture(null);

    private Stage(Cluster cluster, Service open, int tlsPort) throws IOException {
        this.cluster = cluster;
        this.open = open;
        this.tlsPort = tlsPort;
        source.on("/table.csv", SourceFile.of(TABLE))
                .on("/slow.csv", this::answerSlowly)
                .on("/late.csv", SourceAnswer.inTurn(SourceAnswer.status(404), SourceFile.of(TABLE)))
                .on("/wrong.csv", SourceFile.of(WRONG_TABLE));
        order("/kill", request -> end(request, Service::kill));
        order("/stop", request -> end(request, Service::stop));
        order("/wait", _ -> {
            successor.join();
            return true;
        });
        order("/hurry", hurried -> {
            isHurried = Boolean.parseBoolean(hurried);
            return true;
        });
        orders.start();
    }

    static Stage start() throws IOException {
        Map<String, String> configuration = new HashMap<>(Servers.newDatabase());
        configuration.put("sluice.source.allowed-networks", "127.0.0.0/8");
        configuration.put("sluice.worker.lease", "6s");
        configuration.put("sluice.worker.slots", "3"); // two for one key
        configuration.put("quarkus.shutdown.timeout", "1s"); // with the grace less than a slow upload takes
        configuration.put("sluice.worker.grace", "1s");
        configuration.put("sluice.limit.key.per-second", "0");
        configuration.put("sluice.limit.address.per-second", "0");
        configuration.put("sluice.limit.sign-ins-per-hour", "0");
        Map<String, String> keyed = new HashMap<>(configuration);
        keyed.put("sluice.access.mode", "keys");
        keyed.put("sluice.access.bootstrap-key", KEY);
        Cluster cluster = Cluster.start(WEBS, 1, keyed);
        int tlsPort = FreePorts.next();
        Path certificate = SelfSigned.of("dns:localhost", Files.createTempDirectory(Path.of("target"), "stage-"))
                .readableByAll();
        configuration.put("quarkus.http.ssl-port", Integer.toString(tlsPort));
        configuration.put(
                "quarkus.http.ssl.certificate.key-store-file",
                certificate.toAbsolutePath().toString());
        configuration.put("quarkus.http.ssl.certificate.key-store-password", SelfSigned.PASSWORD);
        return new Stage(cluster, Service.start("web", configuration).awaitReady(), tlsPort);
    }

    private void answerSlowly(Source.Received request, SourceOutput out) throws IOException {
        out.head(200, Map.of("Content-Length", Integer.toString(TABLE.length)));
        for (int at = 0; at < TABLE.length; at += PIECE) {
            if (!isHurried) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            out.write(TABLE, at, Math.min(PIECE, TABLE.length - at));
        }
    }

    /** @param does what is to be done, by the body of the order; whether it could be done */
    private void order(String path, Predicate<String> does) {
        orders.createContext(path, exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                exchange.sendResponseHeaders(does.test(body) ? 204 : 404, -1);
            }
        });
    }

    private static String table(int rows) {
        return IntStream.rangeClosed(1, rows)
                .mapToObj(n -> n + "," + n % 97 + ",place " + n)
                .collect(Collectors.joining("\n", "id,amount,label\n", "\n"));
    }

    /** What the programs are told of it. */
    Map<String, String> environment() {
        return Map.of(
                "SLUICE_URL",
                cluster.uri("").toString(),
                "SLUICE_KEY",
                KEY,
                "SLUICE_OPEN_URL",
                open.uri("").toString(),
                "SLUICE_TLS_URL",
                "https://localhost:" + tlsPort,
                "SLUICE_SOURCE",
                source.uri("").toString(),
                "SLUICE_ORDERS",
                "http://127.0.0.1:" + orders.getAddress().getPort());
    }

    /**
     * Ends the {@code web} process that has the request which begins so, or any if all do. It is dead when this returns;
     * another takes its place after a while, and until then there is one.
     */
    private boolean end(String request, Consumer<Service> how) {
        successor.join();
        List<Cluster.Member> webs = cluster.members().subList(0, WEBS);
        Optional<Integer> port = cluster.balancer().carrying(request);
        Optional<Cluster.Member> ended = webs.stream()
                .filter(web -> request.isEmpty()
                        || port.equals(Optional.of(web.service().port())))
                .findFirst();
        ended.ifPresent(web -> {
            how.accept(web.service());
            successor = CompletableFuture.runAsync(() -> {
                web.replace();
                web.service().awaitReady();
            });
        });
        return ended.isPresent();
    }

    @Override
    public void close() {
        orders.stop(0);
        successor.join();
        cluster.close();
        open.close();
        source.close();
    }
}
