package dev.sluice.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are larger than what they are made of, to a client with a key to read. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnswersIT {
    private static final String WRITTEN_OUT = "1e131071";
    private static final int CELLS = 2000;

    private static Attacked attacked;
    private static HttpClient http;
    private static String key;

    @BeforeAll
    static void start() {
        attacked = Attacked.start("web");
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        key = attacked.key("read");
        attacked.load("exponents", "t\nx\n" + (WRITTEN_OUT + "\n").repeat(CELLS));
        attacked.load("controls", "t\n" + ("\u0001".repeat(3_900_000) + "\n").repeat(3));
    }

    @AfterAll
    static void stop() {
        attacked.close();
        http.shutdownNow(); // closing it would wait for bodies that a failed test left
    }

    private static CompletableFuture<HttpResponse<InputStream>> get(String path, String accept) {
        return http.sendAsync(
                attacked.with(key, path).header("Accept", accept).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private static long read(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream body = answer.body()) {
            return body.transferTo(OutputStream.nullOutputStream());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/csv", "application/x-ndjson"})
    void numbersThatAreWrittenOutAreStreamed(String accept) throws IOException {
        String path = "/rest/v1/exponents?t=neq.x&select=a:t::numeric";

        HttpResponse<InputStream> answer = get(path, accept).join();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(read(answer)).isGreaterThan(131_072L * CELLS);
        attacked.assertServesOthers();
    }

    @Test
    void numbersThatAreWrittenOutForSeveralClientsAtOnceTakeNoMoreMemoryThanThereIs() throws IOException {
        String path = "/rest/v1/exponents?t=neq.x&select=a:t::numeric,b:t::numeric,c:t::jsonb&limit=100";
        List<CompletableFuture<HttpResponse<InputStream>>> answers = IntStream.range(0, 24)
                .mapToObj(_ -> get(path, "application/json"))
                .toList();

        attacked.assertServesOthers();
        for (CompletableFuture<HttpResponse<InputStream>> answer : answers) {
            HttpResponse<InputStream> head = answer.join();
            assertThat(head.statusCode()).isIn(200, 400, 503);
            read(head);
        }
        attacked.assertServesOthers();
    }

    @Test
    void aRowThatIsTooLargeInJsonIsRefusedAndReadAsCsv() throws IOException {
        HttpResponse<InputStream> json =
                get("/rest/v1/controls", "application/json").join();
        HttpResponse<InputStream> csv = get("/rest/v1/controls", "text/csv").join();

        assertThat(json.statusCode()).isEqualTo(400);
        assertThat(new String(json.body().readAllBytes(), UTF_8)).contains("ANSWER_TOO_LARGE");
        assertThat(csv.statusCode()).isEqualTo(200);
        assertThat(read(csv)).isGreaterThan(3 * 3_900_000L);
        attacked.assertServesOthers();
    }

    @Test
    void profilesOfManyColumnsForManyClientsAtOnceTakeNoMoreMemoryThanThereIs() throws IOException {
        attacked.load("wide", table(400));
        attacked.load("narrow", table(100));
        List<CompletableFuture<HttpResponse<InputStream>>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            answers.add(get("/v1/datasets/narrow/profile", "application/json"));
            if (i < 12) {
                answers.add(get("/v1/datasets/wide/profile", "application/json"));
            }
        }

        for (CompletableFuture<HttpResponse<InputStream>> answer : answers) {
            HttpResponse<InputStream> head = answer.join();
            assertThat(head.statusCode()).isIn(200, 503);
            read(head);
        }
        attacked.assertServesOthers();
    }

    /** Of columns whose values are all different, which is what makes a sketch large. */
    static String table(int columns) {
        StringBuilder csv = new StringBuilder();
        csv.append(IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(",")))
                .append('\n');
        for (int row = 0; row < 3000; row++) {
            int r = row;
            csv.append(IntStream.range(0, columns)
                            .mapToObj(c -> Integer.toString(r * 7919 + c * 31))
                            .collect(Collectors.joining(",")))
                    .append('\n');
        }
        return csv.toString();
    }

    @Test
    void longLabelsForManyClientsAtOnceTakeNoMoreMemoryThanThereIs() throws IOException {
        int columns = 1599;
        attacked.load("labels", labels(columns, 150) + "\n1" + ",".repeat(columns - 1) + "\n");
        List<CompletableFuture<HttpResponse<InputStream>>> answers = IntStream.range(0, 40)
                .mapToObj(_ -> get("/rest/v1/labels", "application/json"))
                .toList();

        for (CompletableFuture<HttpResponse<InputStream>> answer : answers) {
            HttpResponse<InputStream> head = answer.join();
            assertThat(head.statusCode()).isIn(200, 503);
            read(head);
        }
        attacked.assertServesOthers();
    }

    static String labels(int columns, int bytes) {
        return IntStream.range(0, columns)
                .mapToObj(i -> "label" + i + "x".repeat(bytes - ("label" + i).length()))
                .collect(Collectors.joining(","));
    }

    @Test
    void labelsThatAreTooLongTogetherAreRefused() {
        HttpResponse<String> refused = attacked.send(
                attacked.with(attacked.key("write"), "/v1/datasets/labels-too-long")
                        .PUT(HttpRequest.BodyPublishers.ofString(labels(1599, 1900) + "\n")),
                Duration.ofMinutes(1));

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("HEADER_INVALID", "262144 bytes together");
    }
}
