package dev.sluice.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.SlowBody;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceAnswer;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads that take as much memory as one may, in all slots at once of a process that is both web and worker. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOADING = Duration.ofSeconds(15);
    private static final byte[] LONG_RECORDS =
            ("a,b\n" + ("1," + "x".repeat(3_900_000) + "\n").repeat(10)).getBytes(UTF_8);

    @Test
    void longRecordsInAllSlotsFitInMemory() {
        try (Source source = Source.start();
                Attacked attacked =
                        Attacked.start("web,worker", Map.of("sluice.source.allowed-networks", "127.0.0.0/8"));
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            source.on("/long", SourceAnswer.over(LOADING, LONG_RECORDS));
            List<String> keys = List.of(attacked.key("write"), attacked.key("write"));
            List<String> ingests = new ArrayList<>();
            List<CompletableFuture<HttpResponse<String>>> uploads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String key = keys.get(i / 2);
                HttpResponse<String> queued = attacked.send(
                        attacked.with(key, "/v1/datasets/fetched" + i + "/ingests")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"url\":\"" + source.uri("/long") + "\"}")),
                        PATIENCE);
                ingests.add(JsonPath.from(queued.body()).getString("id"));
                uploads.add(http.sendAsync(
                        attacked.with(key, "/v1/datasets/sent" + i)
                                .PUT(SlowBody.of(LONG_RECORDS, 16 * 1024, LOADING))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            Await.until(
                    "all are fetched", PATIENCE, () -> source.received("/long").size() == 4);

            for (CompletableFuture<HttpResponse<String>> upload : uploads) {
                assertThat(upload.join().statusCode()).as(upload.join().body()).isEqualTo(201);
            }
            for (String ingest : ingests) {
                Await.until("it has succeeded", PATIENCE, () -> {
                    JsonPath view = JsonPath.from(
                            attacked.send(attacked.with(keys.getFirst(), "/v1/ingests/" + ingest), PATIENCE)
                                    .body());
                    assertThat(view.getString("state")).as(view.prettify()).isIn("running", "succeeded");
                    return view.getString("state").equals("succeeded");
                });
            }
            attacked.assertServesOthers();
        }
    }

    @Test
    void aLoadThatTakesTooLongFailsAndIsNotTriedAgain() {
        try (Source source = Source.start();
                Attacked attacked = Attacked.start(
                        "web,worker",
                        Map.of(
                                "sluice.source.allowed-networks", "127.0.0.0/8",
                                "sluice.load.time-limit", "2s",
                                "sluice.worker.backoff", "1ms"))) {
            byte[] table = ("a,b\n" + "1,2\n".repeat(500_000)).getBytes(UTF_8);
            source.on("/slow", SourceAnswer.over(LOADING, table));
            String key = attacked.key("write");
            HttpResponse<String> queued = attacked.send(
                    attacked.with(key, "/v1/datasets/fetched/ingests")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"url\":\"" + source.uri("/slow") + "\"}")),
                    PATIENCE);

            HttpResponse<String> sent = attacked.send(
                    attacked.with(key, "/v1/datasets/sent").PUT(SlowBody.of(table, 16 * 1024, LOADING)), PATIENCE);

            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(422);
            assertThat(sent.body()).contains("LOAD_TOO_SLOW");
            String ingest = "/v1/ingests/" + JsonPath.from(queued.body()).getString("id");
            Await.until(
                    "it has failed",
                    PATIENCE,
                    () -> attacked.send(attacked.with(key, ingest), PATIENCE)
                            .body()
                            .contains("LOAD_TOO_SLOW"));
            assertThat(JsonPath.from(attacked.send(attacked.with(key, ingest), PATIENCE)
                                    .body())
                            .getString("state"))
                    .isEqualTo("failed");
            assertThat(source.received("/slow")).hasSize(1);
        }
    }
}
