package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.EventSource;
import dev.sluice.harness.EventSource.Event;
import dev.sluice.harness.RedisConnection;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import dev.sluice.local.EmbeddedServers;
import io.restassured.path.json.JsonPath;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events, as three web processes serve them that share a Redis which may be stopped. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CHUNK = "1,2\n".repeat(100_000);

    private static EmbeddedServers servers;
    private static Map<String, String> configuration;
    private static List<Service> webs;

    private RedisConnection redis;

    @BeforeAll
    static void threeProcesses() throws IOException {
        servers = EmbeddedServers.start();
        configuration = new TreeMap<>(servers.newDatabase("events"));
        configuration.put("sluice.ingest.progress-every", "50ms");
        configuration.put("sluice.ingest.events-keep-alive", "300ms");
        configuration.put("sluice.ingest.events-check-every", "1s");
        Service.migrate(configuration);
        webs = Stream.generate(() -> Service.start("web", configuration))
                .limit(3)
                .toList();
        webs.forEach(Service::awaitReady);
    }

    @AfterAll
    static void end() throws IOException {
        webs.forEach(Service::close);
        servers.close();
    }

    @BeforeEach
    void connect() {
        redis = RedisConnection.to(configuration);
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    private static Client upload(String name) {
        return Client.uploading(webs.getFirst(), name).chunk("a,b\n");
    }

    /** Waits until the upload is on record. */
    private static String ingest(String name) {
        String query = "SELECT id FROM sluice.ingest WHERE dataset = '" + name + "'";
        Await.until(
                "on record", PATIENCE, () -> !Sql.query(configuration, query).isEmpty());
        return Sql.query(configuration, query).getFirst();
    }

    private static String path(String ingest) {
        return "/v1/ingests/" + ingest + "/events";
    }

    private String key(String ingest) {
        return redis.key("ingest:{" + ingest + "}:events");
    }

    private static EventSource events(Service web, String ingest) {
        return EventSource.open(web, path(ingest), null);
    }

    /** The stream itself. */
    private List<Event> stream(String ingest) {
        List<Event> found = new ArrayList<>();
        for (Response entry : redis.send("XRANGE", key(ingest), "-", "+")) {
            Response fields = entry.get(1);
            found.add(new Event(
                    entry.get(0).toString(),
                    fields.get(1).toString(),
                    fields.get(3).toString()));
        }
        return found;
    }

    private void awaitMoreThan(int events, String ingest) {
        Await.until(
                "more than " + events + " events",
                PATIENCE,
                () -> redis.send("XLEN", key(ingest)).toInteger() > events);
    }

    private static String finished(String content) {
        String name = Api.newName();
        try (Client client = Client.uploading(webs.getFirst(), name)) {
            client.chunk(content).end();
            assertThat(client.readAll()).startsWith("HTTP/1.1 201");
        }
        return ingest(name);
    }

    @Test
    void threeProcessesInTurnShowEveryEventOnceAndInOrder() {
        String name = Api.newName();
        List<Event> seen = new ArrayList<>();
        String ingest;
        try (Client client = upload(name)) {
            ingest = ingest(name);
            String last = null;
            for (int turn = 0; turn < 15; turn++) {
                int before = redis.send("XLEN", key(ingest)).toInteger();
                client.chunk(CHUNK);
                awaitMoreThan(before, ingest); // nobody watches now
                try (EventSource events = EventSource.open(webs.get(turn % 3), path(ingest), last)) {
                    client.chunk(CHUNK); // and now somebody does
                    for (int i = 0; i < 2; i++) {
                        seen.add(events.next());
                    }
                }
                last = seen.getLast().id();
            }
            try (EventSource events = EventSource.open(webs.getFirst(), path(ingest), last)) {
                client.end();
                assertThat(client.readAll()).startsWith("HTTP/1.1 201");
                seen.addAll(events.rest());
            }
        }

        assertThat(seen).isEqualTo(stream(ingest));
        assertThat(seen.stream().map(Event::type).distinct()).containsExactly("progress", "done");
        Event done = seen.getLast();
        assertThat(done.data())
                .isEqualTo(webs.get(1).get("/v1/ingests/" + ingest).body());
        List<JsonPath> progress = seen.subList(0, seen.size() - 1).stream()
                .map(event -> JsonPath.from(event.data()))
                .toList();
        assertThat(progress.stream().map(p -> p.getString("stage")).distinct())
                .containsExactly("receiving", "loading", "publishing");
        assertThat(progress.stream().map(p -> p.getLong("bytes"))).isSorted();
        assertThat(progress.getLast().getLong("bytes")).isEqualTo(4 + 30L * CHUNK.length());
        assertThat(progress.getLast().getLong("rows")).isEqualTo(30 * 100_000);
        assertThat(progress.getLast().getLong("bytesPerSecond")).isNotNegative();
        assertThat(progress.getLast().getString("totalBytes")).isNull();
    }

    @Test
    void fiftyClientsOfOneProcessShareOneReaderWhichEndsWithThem() throws Exception {
        String one = Api.newName();
        String other = Api.newName();
        try (Client first = upload(one);
                Client second = upload(other);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> ingests = List.of(ingest(one), ingest(other));
            List<Future<List<Event>>> received = new ArrayList<>();
            List<EventSource> open = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                EventSource events = events(webs.get(1), ingests.get(i % 2));
                open.add(events);
                received.add(clients.submit(events::rest));
            }
            Await.until("a reader", PATIENCE, () -> blocked() == 1);
            for (int i = 0; i < 20; i++) {
                first.chunk(CHUNK);
                second.chunk(CHUNK);
                assertThat(blocked()).isLessThanOrEqualTo(1);
            }
            first.end();
            second.end();
            for (int i = 0; i < 50; i++) {
                assertThat(received.get(i).get(1, TimeUnit.MINUTES)).isEqualTo(stream(ingests.get(i % 2)));
            }
            open.forEach(EventSource::close);
        }
        awaitNoReader();
    }

    /** Looks more than once, because a reader is not blocked all the time. */
    private void awaitNoReader() {
        int[] idle = {0};
        Await.until("no reader", PATIENCE, () -> {
            idle[0] = blocked() == 0 ? idle[0] + 1 : 0;
            return idle[0] == 50;
        });
    }

    /** Connections that wait in a blocking command. */
    private long blocked() {
        return redis.send("CLIENT", "LIST")
                .toString()
                .lines()
                .filter(line -> line.matches(".* flags=\\w*b\\w* .*"))
                .count();
    }

    @Test
    void whoHangsUpIsReadForNoLonger() {
        String name = Api.newName();
        try (Client _ = upload(name)) {
            String ingest = ingest(name);
            EventSource events = events(webs.get(2), ingest);
            events.next();
            Await.until("a reader", PATIENCE, () -> blocked() == 1);

            events.close();

            awaitNoReader();
        }
    }

    @Test
    void eventsExpireAndAnIngestWithoutThemGivesDoneAtOnce() {
        String ingest = finished("a\n1\n");
        assertThat(redis.send("PTTL", key(ingest)).toLong())
                .isBetween(1L, Duration.ofHours(1).toMillis());
        redis.send("DEL", key(ingest));

        try (EventSource events = events(webs.get(1), ingest)) {
            assertThat(events.response().headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(events.rest())
                    .containsExactly(new Event(
                            null,
                            "done",
                            webs.get(1).get("/v1/ingests/" + ingest).body()));
        }
    }

    @Test
    void anIngestThatEndedBadlySaysSoInItsDone() {
        String name = Api.newName();
        try (Client client = upload(name);
                EventSource events = events(webs.get(1), ingest(name))) {
            client.chunk("\u0000\n".repeat(2000)).end();
            assertThat(client.readAll()).startsWith("HTTP/1.1 422");

            Event done = events.rest().getLast();

            assertThat(done.type()).isEqualTo("done");
            assertThat(JsonPath.from(done.data()).getString("state")).isEqualTo("failed");
        }
    }

    @Test
    void whoHasTheEndIsToldNotToComeBack() {
        String ingest = finished("a\n1\n");
        String last = stream(ingest).getLast().id();

        try (EventSource events = EventSource.open(webs.get(1), path(ingest), last)) {
            assertThat(events.response().statusCode()).isEqualTo(204);
        }
    }

    @Test
    void doneArrivesThoughRedisIsFlushedMidWay() {
        String name = Api.newName();
        try (Client client = upload(name);
                EventSource events = events(webs.get(1), ingest(name))) {
            assertThat(events.next().type()).isEqualTo("progress");
            redis.send("FLUSHALL");
            client.chunk(CHUNK).end();

            List<Event> rest = events.rest();

            assertThat(rest.getLast().type()).isEqualTo("done");
            assertThat(rest.stream().filter(e -> e.type().equals("done"))).hasSize(1);
        }
    }

    @Test
    void doneArrivesThoughItsEventWasLost() {
        String name = Api.newName();
        try (Client client = upload(name);
                EventSource events = events(webs.get(1), ingest(name))) {
            assertThat(events.next().type()).isEqualTo("progress");
            webs.getFirst().signal("STOP");
            try {
                String ingest = ingest(name);
                Sql.execute(
                        configuration,
                        "UPDATE sluice.ingest SET state = 'failed', problem_code = 'PROCESS_LOST',"
                                + " finished_at = clock_timestamp() WHERE id = '" + ingest + "'");

                List<Event> rest = events.rest();

                assertThat(rest.getLast().type()).isEqualTo("done");
                assertThat(rest.getLast().data()).contains("PROCESS_LOST");
            } finally {
                webs.getFirst().signal("CONT");
            }
            client.end();
            client.readAll();
        }
    }

    @Test
    void aStoppedRedisSlowsNoLoadLosesNoEndAndIsReadAgainOnceItIsBack() throws IOException {
        String without = Api.newName();
        String after = Api.newName();
        try (Client client = upload(without);
                Client later = upload(after);
                EventSource events = events(webs.get(1), ingest(without));
                EventSource laterEvents = events(webs.get(1), ingest(after))) {
            assertThat(events.next().type()).isEqualTo("progress");
            assertThat(laterEvents.next().type()).isEqualTo("progress");

            servers.stopRedis();
            client.chunk(CHUNK);
            long start = System.nanoTime();
            client.end();
            assertThat(client.readAll()).startsWith("HTTP/1.1 201");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(events.rest().stream().map(Event::type)).containsExactly("done");
            try (EventSource again = events(webs.get(2), ingest(without))) {
                assertThat(again.rest().stream().map(Event::type)).containsExactly("done");
            }

            servers.startRedis();
            Event progress = null;
            do {
                later.chunk("3,4\n");
                progress = laterEvents.next();
            } while (JsonPath.from(progress.data()).getLong("bytes") < 100);
            later.end();
            assertThat(laterEvents.rest().getLast().type()).isEqualTo("done");
            assertThat(later.readAll()).startsWith("HTTP/1.1 201");
        } finally {
            Await.until(
                    "redis is up",
                    PATIENCE,
                    () -> webs.getFirst()
                            .management()
                            .get("/q/health/ready")
                            .body()
                            .contains("\"redis\": \"up\""));
        }
        assertThat(webs.getFirst()
                        .output()
                        .lines()
                        .filter(line -> line.contains("Redis takes no events"))
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aClientThatDoesNotReadMissesNothingAndGetsNothingTwice() {
        String name = Api.newName();
        try (Client client = upload(name)) {
            String ingest = ingest(name);
            try (EventSource slow = events(webs.get(1), ingest)) {
                List<Event> seen = new ArrayList<>();
                seen.add(slow.next());
                String large = "\"" + "x".repeat(20_000) + "\"";
                String stream = key(ingest);
                for (int i = 0; i < 1000; i++) {
                    redis.send("XADD", stream, "*", "event", "progress", "data", large);
                }
                client.chunk(CHUNK).end();
                assertThat(client.readAll()).startsWith("HTTP/1.1 201");

                seen.addAll(slow.rest());

                assertThat(seen.equals(stream(ingest))).as("as the stream is").isTrue();
                assertThat(seen).hasSizeGreaterThan(1000);
            }
        }
    }

    @Test
    void aSilentStreamCarriesComments() {
        String name = Api.newName();
        try (Client client = upload(name);
                EventSource events = events(webs.get(1), ingest(name))) {
            assertThat(events.next().type()).isEqualTo("progress");

            assertThat(events.comment()).isTrue();

            client.end();
            assertThat(events.rest().getLast().type()).isEqualTo("done");
        }
    }

    @Test
    void aProcessThatShutsDownEndsItsStreamsWhichGoOnElsewhere() {
        String name = Api.newName();
        try (Service leaving = Service.start("web", configuration).awaitReady();
                Client client = upload(name)) {
            String ingest = ingest(name);
            List<Event> seen = new ArrayList<>();
            try (EventSource events = events(leaving, ingest)) {
                seen.add(events.next());
                long start = System.nanoTime();
                leaving.signal("TERM");
                seen.addAll(events.rest());
                assertThat(leaving.exitCode()).isEqualTo(143);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
            }
            assertThat(seen.stream().map(Event::type)).doesNotContain("done");
            client.chunk(CHUNK).end();
            assertThat(client.readAll()).startsWith("HTTP/1.1 201");
            try (EventSource events =
                    EventSource.open(webs.get(1), path(ingest), seen.getLast().id())) {
                seen.addAll(events.rest());
            }
            assertThat(seen).isEqualTo(stream(ingest));
        }
    }

    @Test
    void unknownIngestsAndInvalidIdsAreProblems() throws IOException {
        for (String unknown : List.of(UUID.randomUUID().toString(), "none")) {
            assertProblem(unknown, null, 404, "INGEST_NOT_FOUND");
        }
        String ingest = finished("a\n1\n");
        for (String invalid : List.of("none", "1", "-1-0", "18446744073709551616-0", "$")) {
            assertProblem(ingest, invalid, 400, "REQUEST_INVALID");
        }
    }

    private static void assertProblem(String ingest, String last, int status, String code) throws IOException {
        try (EventSource events = EventSource.open(webs.get(1), path(ingest), last)) {
            assertThat(events.response().statusCode()).isEqualTo(status);
            assertThat(events.response().headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(new String(events.response().body().readAllBytes(), UTF_8))
                    .contains("\"" + code + "\"");
        }
    }
}
