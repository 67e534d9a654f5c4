package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Fetches;
import dev.sluice.harness.RedisConnection;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceAnswer;
import dev.sluice.harness.SourceFile;
import dev.sluice.harness.Sql;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Processes that die, freeze, shut down and are told to stop while they work. */
class JobsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] LARGE = ("a,b\n" + "1,some text\n".repeat(500_000)).getBytes(UTF_8);
    private static final String LOADING = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY data.%'"
            + " AND datname = current_database() AND state = 'active'";

    private final Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
    private Source source;
    private Service web;
    private Fetches fetches;

    @BeforeEach
    void start() {
        configuration.putAll(Map.of(
                "sluice.source.allowed-networks", "127.0.0.0/8",
                "sluice.source.idle-timeout", "60s",
                "sluice.worker.lease", "3s",
                "sluice.worker.slots", "1",
                "sluice.worker.grace", "1s",
                "sluice.worker.queue", "3"));
        source = Source.start();
        web = Service.start("web", configuration).awaitReady();
        fetches = new Fetches(web);
        // The first answer stalls in the middle of a load; whoever asks again gets it whole.
        source.on("/once", SourceAnswer.inTurn(SourceFile.of(LARGE).stallingAfter(4_000_000), SourceFile.of(LARGE)));
    }

    @AfterEach
    void stop() {
        web.close();
        source.close();
    }

    private Service worker() {
        return Service.start("worker", configuration).awaitReady();
    }

    private void awaitLoad() {
        Await.until(
                "a load is in its COPY",
                PATIENCE,
                () -> !Sql.query(configuration, LOADING).isEmpty());
    }

    private JsonPath json(String path) {
        return JsonPath.from(web.get(path).body());
    }

    private List<String> tables() {
        return Sql.query(configuration, "SELECT tablename FROM pg_tables WHERE schemaname = 'data'");
    }

    private HttpResponse<String> put(String name, String content, String key) {
        return put(web, name, content, key);
    }

    private static HttpResponse<String> put(Service to, String name, String content, String key) {
        return Service.send(HttpRequest.newBuilder(to.uri("/v1/datasets/" + name))
                .header("Idempotency-Key", key)
                .PUT(HttpRequest.BodyPublishers.ofString(content))
                .build());
    }

    @Test
    void aKilledWorkerLeavesNothingHalfDoneAndAnotherFinishesItsWork() {
        String id;
        try (Service first = worker()) {
            id = fetches.post("lost", source.uri("/once"));
            awaitLoad();
            first.kill();
        }
        assertThat(tables()).isEmpty();
        assertThat(web.status("/v1/datasets/lost")).isEqualTo(404);
        assertThat(fetches.state(id)).isEqualTo("running");

        try (Service _ = worker()) {
            assertThat(fetches.ended(id)).isEqualTo("succeeded");
        }
        assertThat(fetches.view(id).getInt("attempt")).isEqualTo(2);
        assertThat(tables()).hasSize(1);
    }

    @Test
    void theQueueAndItsIngestsSayWhoWorksOnWhatAndHowFarItIs() {
        String first = fetches.post("first", source.uri("/once"), "{\"maxRejects\":7}");
        fetches.post("second", source.uri("/once"));
        assertThat(json("/v1/queue").getMap("")).containsEntry("waiting", 2).containsEntry("running", 0);
        assertThat(fetches.view(first).getString("worker")).isNull();
        try (Service worker = worker()) {
            awaitLoad();
            assertThat(json("/v1/queue").getMap("")).containsEntry("waiting", 1).containsEntry("running", 1);
            Await.until(
                    "the heartbeat says how far it is",
                    PATIENCE,
                    () -> json("/v1/ingests?state=running").getLong("items[0].progress.bytes") > 0);
            JsonPath running = json("/v1/ingests?state=running");
            assertThat(running.getString("items[0].id")).isEqualTo(first);
            assertThat(running.getString("items[0].worker")).endsWith(":" + worker.pid());
            assertThat(running.getMap("items[0].options")).isEqualTo(Map.of("maxRejects", "7"));
        }
    }

    @Test
    void aFrozenWorkerLosesItsConnectionAndCannotPublishWhenItThaws() {
        try (Service frozen = worker()) {
            String id = fetches.post("frozen", source.uri("/once"));
            awaitLoad();
            List<String> backend = Sql.query(configuration, LOADING);
            frozen.signal("STOP");

            try (Service _ = worker()) {
                assertThat(fetches.ended(id)).isEqualTo("succeeded");
                assertThat(Sql.query(
                                configuration, "SELECT pid FROM pg_stat_activity WHERE pid = " + backend.getFirst()))
                        .isEmpty();
                frozen.signal("CONT");
                Await.until(
                        "the thawed worker has noticed",
                        PATIENCE,
                        () -> frozen.output().contains("no longer held"));
            }
            assertThat(Sql.query(configuration, "SELECT number FROM sluice.version"))
                    .containsExactly("1");
            assertThat(fetches.state(id)).isEqualTo("succeeded");
        }
    }

    @Test
    void whatRunsAtShutdownIsHandedBackAndDoneByAnother() {
        String id;
        try (Service first = worker()) {
            id = fetches.post("handed", source.uri("/once"));
            awaitLoad();

            assertThat(first.stop()).isEqualTo(143);
        }
        assertThat(fetches.state(id)).startsWith("queued");

        try (Service _ = worker()) {
            assertThat(fetches.ended(id)).isEqualTo("succeeded");
        }
        assertThat(fetches.view(id).getInt("attempt")).isEqualTo(1);
        assertThat(Sql.query(configuration, "SELECT hand_backs FROM sluice.ingest"))
                .containsExactly("1");
    }

    @Test
    void whatIsHandedBackTooOftenNeverFinishes() {
        source.on("/never", SourceFile.of(LARGE).stallingAfter(4_000_000));
        configuration.put("sluice.worker.hand-backs", "0");
        try (Service first = worker()) {
            String id = fetches.post("never", source.uri("/never"));
            awaitLoad();
            first.stop();
            assertThat(fetches.state(id)).isEqualTo("failed NEVER_FINISHED");
        }
    }

    @Test
    void cancelEndsWhatWaitsWhatIsFetchedAndWhatIsUploaded() {
        String waiting = fetches.post("waiting", source.uri("/once"));
        assertThat(fetches.cancel(waiting).body()).contains("\"state\":\"cancelled\"");
        assertThat(fetches.cancel(waiting).statusCode()).isEqualTo(200);
        assertThat(fetches.cancel("00000000-0000-7000-8000-000000000000").statusCode())
                .isEqualTo(404);

        try (Service _ = worker()) {
            String running = fetches.post("running", source.uri("/once"));
            awaitLoad();
            long asked = System.nanoTime();
            fetches.cancel(running);
            assertThat(fetches.ended(running)).isEqualTo("cancelled");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(PATIENCE);
        }
        try (Client upload = Client.uploading(web, "uploaded")) {
            upload.chunk("a,b\n" + "1,2\n".repeat(700_000));
            awaitLoad();
            String id = Sql.query(configuration, "SELECT id FROM sluice.ingest WHERE dataset = 'uploaded'")
                    .getFirst();
            fetches.cancel(id);
            assertThat(upload.readAll()).startsWith("HTTP/1.1 409").contains("CANCELLED");
            assertThat(fetches.state(id)).isEqualTo("cancelled");
        }
        assertThat(tables()).isEmpty();
    }

    @Test
    void cancelIsHeardThroughRedisLongBeforeTheNextHeartbeat() {
        configuration.put("sluice.worker.lease", "1h");
        try (Service _ = worker()) {
            String id = fetches.post("heard", source.uri("/once"));
            awaitLoad();

            fetches.cancel(id);

            assertThat(fetches.ended(id)).isEqualTo("cancelled");
        }
    }

    @Test
    void optionsThatAreTooLongTogetherAreRefused() {
        HttpResponse<String> refused = fetches.request(
                "optioned",
                "{\"url\":\"" + source.uri("/once") + "\",\"options\":{\"types\":\"" + "a".repeat(8000) + ":text\"}}",
                null);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("REQUEST_INVALID", "8000 characters");
    }

    @Test
    void aFullQueueRefusesAndRepeatsOfAnAcceptedRequestAreAnswered() {
        String body = "{\"url\":\"" + source.uri("/once") + "\"}";
        HttpResponse<String> first = fetches.request("queued", body, "key-1");
        fetches.post("queued", source.uri("/once"));
        fetches.post("queued", source.uri("/once"));

        HttpResponse<String> refused = fetches.request("queued", body, null);
        HttpResponse<String> repeated = fetches.request("queued", body, "key-1");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("QUEUE_FULL");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(repeated.statusCode()).isEqualTo(202);
        assertThat(Fetches.id(repeated)).isEqualTo(Fetches.id(first));
        assertThat(fetches.request("other", body, "key-1").body()).contains("IDEMPOTENCY_MISMATCH");
        assertThat(fetches.request("queued", body, "no spaces please").statusCode())
                .isEqualTo(400);
    }

    @Test
    void anUploadIsRepeatedWithoutBeingLoadedAgain() {
        String content = "a,b\n1,2\n";
        HttpResponse<String> first = put("kept", content, "k");

        try (RedisConnection redis = RedisConnection.to(configuration)) {
            redis.send("FLUSHALL");
        }
        HttpResponse<String> again = put("kept", content, "k");
        HttpResponse<String> other = put("kept", "a,b\n1,3\n", "k");
        HttpResponse<String> elsewhere = put("elsewhere", content, "k");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("IDEMPOTENCY_MISMATCH");
        assertThat(elsewhere.statusCode()).isEqualTo(422);
        assertThat(Sql.query(configuration, "SELECT count(*) FROM sluice.ingest"))
                .containsExactly("1");
    }

    @Test
    void aKeyIsTakenWhileItsFirstRequestRunsAndFreeAgainIfThatFails() {
        String request = "PUT /v1/datasets/racing HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: r\r\n"
                + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (Client first = Client.to(web)) {
            first.send(request).chunk("a,b\n1");
            Await.until(
                    "it runs",
                    PATIENCE,
                    () -> !Sql.query(configuration, "SELECT id FROM sluice.ingest")
                            .isEmpty());

            HttpResponse<String> second = put("racing", "a,b\n1,2\n", "r");

            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(second.body()).contains("IDEMPOTENCY_RUNNING");
            assertThat(second.headers().firstValue("Retry-After")).isPresent();
            first.chunk("\u0000").end();
            assertThat(first.readAll()).startsWith("HTTP/1.1 422");
        }
        assertThat(put("racing", "a,b\n1,2\n", "r").statusCode()).isEqualTo(201);
    }

    @Test
    void identicalUploadsThatRaceUnderOneKeyThroughTwoProcessesAreOneVersionAndOneAnswer() throws Exception {
        String content = "a,b\n" + "1,2\n".repeat(50_000);
        try (Service other = Service.start("web", configuration).awaitReady();
                ExecutorService clients = Executors.newFixedThreadPool(8);
                RedisConnection redis = RedisConnection.to(configuration)) {
            for (int round = 0; round < 5; round++) {
                String name = "raced-" + round;
                String key = "race-" + round;
                CyclicBarrier together = new CyclicBarrier(8);
                List<Future<HttpResponse<String>>> answers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    Service to = i % 2 == 0 ? web : other;
                    answers.add(clients.submit(() -> {
                        together.await();
                        return untilAnswered(() -> put(to, name, content, key));
                    }));
                }
                redis.send("FLUSHALL");
                Set<String> distinct = new HashSet<>();
                for (Future<HttpResponse<String>> answer : answers) {
                    distinct.add(answer.get().statusCode() + " " + answer.get().body());
                }
                assertThat(distinct)
                        .singleElement()
                        .asString()
                        .startsWith("201 ")
                        .contains("\"version\":1,");
                assertThat(put(other, name, "a,b\n3,4\n", key).statusCode()).isEqualTo(422);
                assertThat(Sql.query(
                                configuration,
                                "SELECT state || ' ' || version FROM sluice.ingest WHERE dataset = '" + name + "'"))
                        .containsExactly("succeeded 1");
            }
        }
        assertThat(tables()).hasSize(5);
    }

    /** What a client does that is told that its first request still runs. */
    private static HttpResponse<String> untilAnswered(Supplier<HttpResponse<String>> request) {
        HttpResponse<String> answer = request.get();
        while (answer.statusCode() == 409 && answer.body().contains("IDEMPOTENCY_RUNNING")) {
            answer = request.get();
        }
        return answer;
    }

    @Test
    void theSameContentReadTheSameWayIsNoNewVersion() {
        put("same", "a;b\n1;2\n", "1");

        HttpResponse<String> again = put("same", "a;b\n1;2\n", "2");
        HttpResponse<String> otherwise = put("same?delimiter=,", "a;b\n1;2\n", "3");

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).contains("\"version\":1,");
        assertThat(otherwise.body()).contains("\"version\":2,");
        assertThat(Sql.query(configuration, "SELECT state FROM sluice.ingest ORDER BY created_at"))
                .containsExactly("succeeded", "unchanged", "succeeded");
        assertThat(tables()).hasSize(2);
    }

    @Test
    void aDatabaseOfItsConfiguredSizeTakesNothingMore() {
        configuration.put("sluice.database.max-size", "1M");
        try (Service full = Service.start("web", configuration).awaitReady()) {
            HttpResponse<String> upload = Service.send(HttpRequest.newBuilder(full.uri("/v1/datasets/full"))
                    .PUT(HttpRequest.BodyPublishers.ofString("a\n1\n"))
                    .build());
            assertThat(upload.statusCode()).isEqualTo(507);
            assertThat(upload.body()).contains("DATABASE_FULL");
            assertThat(new Fetches(full)
                            .request("full", "{\"url\":\"" + source.uri("/once") + "\"}", null)
                            .statusCode())
                    .isEqualTo(507);
        }
    }

    @Test
    void whatHappensIsCounted() {
        source.on("/counted", SourceAnswer.inTurn(SourceAnswer.status(404), SourceFile.of(LARGE)));
        try (Service worker = worker()) {
            fetches.ended(fetches.post("counted", source.uri("/counted")));
            fetches.ended(fetches.post("counted", source.uri("/counted")));
            Await.until(
                    "the end is counted",
                    PATIENCE,
                    () -> worker.management()
                            .get("/q/metrics")
                            .body()
                            .contains("sluice_ingests_total{outcome=\"succeeded\"} 1.0"));
            assertThat(worker.management().get("/q/metrics").body())
                    .contains(
                            "sluice_claim_seconds_count 2.0",
                            "sluice_ingests_total{outcome=\"failed\"} 1.0",
                            "sluice_ingest_rows_total{outcome=\"succeeded\"} 500000.0",
                            "sluice_queue_depth 0.0",
                            "sluice_queue_age 0.0",
                            "sluice_worker_slots_used 0.0");
        }
    }
}
