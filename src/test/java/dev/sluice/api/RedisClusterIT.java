package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.EventSource;
import dev.sluice.harness.Fetches;
import dev.sluice.harness.RedisCluster;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceFile;
import dev.sluice.harness.Sql;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes whose Redis is a cluster, in which one command may have keys of one slot alone. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RedisClusterIT {
    private static final String CHUNK = "1,2\n".repeat(100_000);

    private static RedisCluster redis;
    private static Map<String, String> configuration;
    private static Service web;
    private static Service worker;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisCluster.start();
        configuration = redis.configuration(Servers.migratedDatabase());
        configuration.put("sluice.ingest.progress-every", "50ms");
        configuration.put("sluice.ingest.events-check-every", "1h"); // so that only Redis tells of events
        configuration.put("sluice.source.allowed-networks", "127.0.0.0/8");
        configuration.put("sluice.worker.poll", "1h"); // so that only the doorbell tells of work
        web = Service.start("web", configuration);
        worker = Service.start("worker", configuration);
        web.awaitReady();
        worker.awaitReady();
    }

    @AfterAll
    static void stop() throws IOException {
        web.close();
        worker.close();
        redis.close();
    }

    private static EventSource watch(String name) {
        String query = "SELECT id FROM sluice.ingest WHERE dataset = '" + name + "'";
        Await.until(
                "on record",
                Duration.ofSeconds(30),
                () -> !Sql.query(configuration, query).isEmpty());
        return EventSource.open(
                web, "/v1/ingests/" + Sql.query(configuration, query).getFirst() + "/events", null);
    }

    /** Waits until an event says so. */
    private static void awaitBytes(long bytes, EventSource events) {
        EventSource.Event event;
        do {
            event = events.next();
        } while (JsonPath.from(event.data()).getLong("bytes") < bytes);
    }

    @Test
    void eventsOfSeveralIngestsAreSeenAsTheyHappen() {
        try (Client one = Client.uploading(web, "one").chunk("a,b\n");
                Client two = Client.uploading(web, "two").chunk("a,b\n");
                EventSource ofOne = watch("one");
                EventSource ofTwo = watch("two")) {
            for (int sent = 1; sent <= 3; sent++) {
                one.chunk(CHUNK);
                two.chunk(CHUNK);

                awaitBytes((long) CHUNK.length() * sent, ofOne);
                awaitBytes((long) CHUNK.length() * sent, ofTwo);
            }
            one.end();
            two.end();

            assertThat(ofOne.rest()).last().extracting(EventSource.Event::type).isEqualTo("done");
            assertThat(ofTwo.rest()).last().extracting(EventSource.Event::type).isEqualTo("done");
        }
    }

    @Test
    void aWorkerHearsOfWork() {
        try (Source source = Source.start()) {
            source.on("/x.csv", SourceFile.of("a\n1\n".getBytes(UTF_8)));
            Fetches fetches = new Fetches(web);

            assertThat(fetches.ended(fetches.post("fetched", source.uri("/x.csv"))))
                    .isEqualTo("succeeded");
        }
    }
}
