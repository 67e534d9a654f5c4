package dev.sluice.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceAnswer;
import dev.sluice.harness.SourceFile;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One key takes all that it can get of a process. Other keys use that process too. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FairnessIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** More than an upload sends before it needs a slot. */
    private static final String FIRST = "a,b\n" + "1,2\n".repeat(5_000);

    private static Attacked attacked;
    private static Source source;

    private final List<Client> clients = new ArrayList<>();
    private String hostile;

    @BeforeAll
    static void start() {
        source = Source.start();
        attacked = Attacked.start(
                "web,worker",
                Map.of(
                        "sluice.source.allowed-networks",
                        "127.0.0.0/8",
                        "sluice.upload.receiving",
                        "40",
                        "sluice.ingest.events-streams",
                        "4"));
    }

    @AfterAll
    static void stop() {
        source.close();
        attacked.close();
    }

    @BeforeEach
    void newKey() {
        hostile = attacked.key("write");
    }

    @AfterEach
    void hangUp() {
        clients.forEach(Client::close);
    }

    /** Sends the head of a request with a body, by the hostile key. */
    private Client begun(String request, String headers) {
        Client client = Client.to(attacked);
        clients.add(client);
        return client.send(request + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + hostile
                + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n" + headers + "\r\n");
    }

    private void awaitRefusal(String code) {
        Await.until("it has all it may have", SOON, () -> clients.stream().anyMatch(Client::isAnswered));
        Client refused = clients.stream().filter(Client::isAnswered).findFirst().orElseThrow();
        assertThat(refused.readAll()).startsWith("HTTP/1.1 503").contains(code);
    }

    @Test
    void slowUploadsLeaveASlotToOthers() {
        for (int i = 0; i < 8; i++) {
            begun("PUT /v1/datasets/slow" + i, "").chunk(FIRST);
        }
        awaitRefusal("UPLOADS_BUSY");

        attacked.assertServesOthers();
    }

    @Test
    void uploadsThatHardlyBeginLeaveRoomToOthers() {
        for (int i = 0; i < 50; i++) {
            begun("PUT /v1/datasets/slow" + i, "Content-Type: multipart/form-data; boundary=b\r\n");
        }
        awaitRefusal("UPLOADS_BUSY");

        attacked.assertServesOthers();
    }

    @Test
    void slowSamplesLeaveRoomToOthers() {
        for (int i = 0; i < 20; i++) {
            begun("POST /v1/samples", "").chunk("a");
        }
        awaitRefusal("SAMPLES_BUSY");

        HttpResponse<String> sample = attacked.send(
                attacked.with(attacked.key("write"), "/v1/samples")
                        .POST(HttpRequest.BodyPublishers.ofString("a,b\n1,2\n")),
                Attacked.SERVED);

        assertThat(sample.statusCode()).as(sample.body()).isEqualTo(200);
    }

    @Test
    void slowSourcesAndALongQueueLeaveASlotToOthers() {
        source.on("/slow", SourceAnswer.endless("1,2\n".repeat(10_000).getBytes(UTF_8), Duration.ofSeconds(1)));
        source.on("/small", SourceFile.of("a,b\n1,2\n".getBytes(UTF_8)));
        for (int i = 0; i < 30; i++) {
            queued(hostile, "slow-url" + i, "/slow");
        }
        Await.until(
                "it has all slots that it may have",
                SOON,
                () -> source.received("/slow").size() >= 3);

        String other = attacked.key("write");
        String ingest = queued(other, "small-url", "/small");

        Await.until(
                "the other key's ingest has succeeded",
                Attacked.SERVED,
                () -> get(other, "/v1/ingests/" + ingest).getString("state").equals("succeeded"));
        assertThat(source.received("/slow")).hasSize(3);
        attacked.assertServesOthers();
    }

    @Test
    void streamsOfEventsLeaveRoomToOthers() {
        source.on("/watched", SourceAnswer.endless("1,2\n".repeat(10_000).getBytes(UTF_8), Duration.ofSeconds(1)));
        String ingest = queued(hostile, "watched", "/watched");
        Client first = watching(hostile, ingest);
        assertThat(first.read(12)).isEqualTo("HTTP/1.1 200");
        assertThat(watching(hostile, ingest).read(12)).isEqualTo("HTTP/1.1 200");

        assertThat(watching(hostile, ingest).readAll())
                .startsWith("HTTP/1.1 503")
                .contains("STREAMS_BUSY");

        assertThat(watching(attacked.key("read"), ingest).read(12)).isEqualTo("HTTP/1.1 200");
        first.close();
        Await.until(
                "a stream that ended leaves its place",
                SOON,
                () -> watching(hostile, ingest).read(12).equals("HTTP/1.1 200"));

        attacked.send(attacked.with(hostile, "/v1/ingests/" + ingest).DELETE(), Attacked.SERVED);
        Await.until(
                "its slot is free for the other tests",
                SOON,
                () -> get(hostile, "/v1/ingests/" + ingest).getString("state").equals("cancelled"));
    }

    private Client watching(String key, String ingest) {
        Client client = Client.to(attacked);
        clients.add(client);
        return client.send("GET /v1/ingests/" + ingest + "/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + key + "\r\nConnection: close\r\n\r\n");
    }

    private static String queued(String key, String name, String path) {
        HttpResponse<String> queued = attacked.send(
                attacked.with(key, "/v1/datasets/" + name + "/ingests")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"url\":\"" + source.uri(path) + "\"}")),
                Attacked.SERVED);
        assertThat(queued.statusCode()).as(queued.body()).isEqualTo(202);
        return JsonPath.from(queued.body()).getString("id");
    }

    private static JsonPath get(String key, String path) {
        return JsonPath.from(
                attacked.send(attacked.with(key, path), Attacked.SERVED).body());
    }
}
