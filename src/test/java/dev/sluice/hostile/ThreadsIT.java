package dev.sluice.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Client;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many requests at once, each of which would take a thread. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadsIT {
    private final List<Client> clients = new ArrayList<>();
    private Attacked attacked;

    @AfterEach
    void end() {
        clients.forEach(Client::close);
        attacked.close();
    }

    /** However slow a fresh process is: only a thread that is missing keeps a list from its answer. */
    @Test
    void manyListsOfAFreshProcessAreAllAnswered() {
        attacked = Attacked.start(
                "web", Map.of("sluice.answers.patience", "60s", "quarkus.datasource.jdbc.acquisition-timeout", "60s"));
        String key = attacked.key("read");
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<CompletableFuture<Integer>> lists = IntStream.range(0, 200)
                    .mapToObj(_ -> http.sendAsync(
                                    attacked.with(key, "/v1/datasets").build(), HttpResponse.BodyHandlers.discarding())
                            .thenApply(HttpResponse::statusCode))
                    .toList();

            assertThat(lists).allSatisfy(list -> assertThat(list.join()).isEqualTo(200));
        }
        attacked.assertServesOthers();
    }

    @Test
    void bodiesThatNeverEndTakeNoThread() {
        attacked = Attacked.start("web");
        String key = attacked.key("read");
        for (int i = 0; i < 210; i++) {
            Client client = Client.to(attacked);
            clients.add(client);
            client.send(
                    "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
        }

        attacked.assertServesOthers();
        HttpResponse<String> signedIn = attacked.send(
                HttpRequest.newBuilder(attacked.uri("/v1/sessions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"" + key + "\"}")),
                Duration.ofSeconds(5));
        assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(201);
    }

    @Test
    void aSignInIsSmall() {
        attacked = Attacked.start("web");

        HttpResponse<String> refused = attacked.send(
                HttpRequest.newBuilder(attacked.uri("/v1/sessions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"" + "x".repeat(4096) + "\"}")),
                Duration.ofSeconds(5));

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("BODY_TOO_LARGE");
    }
}
