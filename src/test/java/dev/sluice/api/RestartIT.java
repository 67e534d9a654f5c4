package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import dev.sluice.local.EmbeddedServers;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a restart of PostgreSQL costs clients once it accepts connections again. */
class RestartIT {
    private static final String OURS = "application_name IN ('sluice', 'sluice-reader')";

    private static EmbeddedServers servers;
    private static Map<String, String> configuration;
    private static Service web;

    private int queries;

    @BeforeAll
    static void start() throws IOException {
        servers = EmbeddedServers.start();
        configuration = servers.configuration();
        Service.migrate(configuration);
        Map<String, String> uncached = new HashMap<>(configuration);
        uncached.put("sluice.query.cache-for", "0s");
        web = Service.start("web", uncached).awaitReady();
        StringBuilder table = new StringBuilder("n\n");
        IntStream.range(0, 2_000).forEach(n -> table.append(n).append('\n'));
        assertThat(upload("table", table.toString())).isEqualTo(201);
    }

    @AfterAll
    static void stop() throws IOException {
        web.close();
        servers.close();
    }

    /** Many reads at once, so that both pools have many connections, and all of them wait. */
    @BeforeEach
    void fillThePools() throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(24)) {
            List<Future<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                String path = path();
                reads.add(clients.submit(() -> web.status(path)));
            }
            for (Future<Integer> read : reads) {
                assertThat(read.get()).isEqualTo(200);
            }
        }
        assertThat(connections("sluice")).isGreaterThan(4);
        assertThat(connections("sluice-reader")).isGreaterThan(4);
    }

    private static int connections(String application) {
        return Integer.parseInt(Sql.query(
                        configuration,
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + application + "'")
                .getFirst());
    }

    private String path() {
        return "/rest/v1/table?limit=5&n=gt." + queries++;
    }

    private static int upload(String name, String content) {
        return Service.send(HttpRequest.newBuilder(web.uri("/v1/datasets/" + name))
                        .PUT(BodyPublishers.ofString(content))
                        .build())
                .statusCode();
    }

    @Test
    void noReadFailsOnceTheDatabaseIsUpAgain() throws IOException {
        servers.crashPostgres();

        Stream<Integer> statuses = IntStream.range(0, 60).mapToObj(i -> web.status(path()));

        assertThat(statuses).containsOnly(200);
    }

    @Test
    void noUploadFailsOnceTheDatabaseIsUpAgain() throws IOException {
        servers.crashPostgres();

        Stream<Integer> statuses = IntStream.range(0, 10).mapToObj(i -> upload("upload-" + i, "a\n" + i + "\n"));

        assertThat(statuses).containsOnly(201);
    }

    @Test
    void noOtherAnswerFailsOnceTheDatabaseIsUpAgain() throws IOException {
        servers.crashPostgres();

        Stream<Integer> statuses = IntStream.range(0, 10)
                .boxed()
                .flatMap(_ -> Stream.of("/v1/datasets", "/v1/datasets/table/versions", "/v1/ingests", "/rest/v1/"))
                .map(web::status);

        assertThat(statuses).containsOnly(200);
    }

    /** As a failover behind a proxy is: the connections end, and the next moment others can be made. */
    @Test
    void noReadFailsWhenConnectionsEndThatWereUsedJustNow() {
        for (int i = 0; i < 10; i++) {
            Sql.query(configuration, "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE " + OURS);

            assertThat(web.status(path())).isEqualTo(200);
            assertThat(web.status("/rest/v1/")).isEqualTo(200);
        }
    }
}
