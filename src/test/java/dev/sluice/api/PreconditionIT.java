package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Cluster;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code If-Match} and {@code If-None-Match} on what changes a dataset, through three processes. */
class PreconditionIT {
    private static final int CLIENTS = 8;

    /** {@code -Dsluice.races=1000} for the long proof. */
    private static final int RACES = Integer.getInteger("sluice.races", 100);

    private static Cluster cluster;
    private static List<Service> webs;

    @BeforeAll
    static void start() {
        Map<String, String> configuration = new HashMap<>(Servers.newDatabase());
        configuration.put("sluice.upload.slots", Integer.toString(CLIENTS));
        configuration.put("sluice.limit.address.per-second", "0");
        cluster = Cluster.start(3, 0, configuration);
        webs = cluster.members().stream().map(Cluster.Member::service).toList();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static HttpResponse<String> send(
            int web, String method, String path, String content, String... headersAndValues) {
        HttpRequest.Builder request = HttpRequest.newBuilder(webs.get(web % 3).uri("/v1/datasets/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(content));
        if (headersAndValues.length > 0) {
            request.headers(headersAndValues);
        }
        return Service.send(request.build());
    }

    private static String put(String name, String content) {
        HttpResponse<String> answer = send(0, "PUT", name, content);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        return etag(answer);
    }

    private static HttpResponse<String> patch(String name, String content, String... headersAndValues) {
        List<String> headers = new ArrayList<>(List.of(headersAndValues));
        Collections.addAll(headers, "Content-Type", "application/merge-patch+json");
        return send(1, "PATCH", name, content, headers.toArray(String[]::new));
    }

    private static String etag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    private static String etag(String name) {
        return etag(send(2, "GET", name, ""));
    }

    private static int version(String name) {
        return JsonPath.from(send(1, "GET", name, "").body()).getInt("version");
    }

    private static List<String> ingests(String name) {
        String path = "/v1/ingests?dataset=" + name;
        String list = Service.send(
                        HttpRequest.newBuilder(webs.getFirst().uri(path)).build())
                .body();
        return JsonPath.from(list).getList("items.state");
    }

    private static void assertFailed(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(412);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(JsonPath.from(answer.body()).getString("code")).isEqualTo("PRECONDITION_FAILED");
    }

    // --- races

    @Test
    void ofUploadsWithTheSameTagOneWinsHoweverManyProcessesTakeThem() throws Exception {
        String etag = put("raced", "a\n0\n");
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int race = 1; race <= RACES; race++) {
                String round = Integer.toString(race);
                List<HttpResponse<String>> answers = race(clients, "raced", round, "If-Match", etag);

                etag = etag(winner(answers, 200));
                assertThat(etag("raced")).isEqualTo(etag);
            }
        }
        assertThat(version("raced")).isEqualTo(RACES + 1);
    }

    @Test
    void ofUploadsThatWouldCreateADatasetOneDoes() throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int race = 1; race <= 10; race++) {
                winner(race(clients, "created-" + race, "0", "If-None-Match", "*"), 201);

                assertThat(version("created-" + race)).isEqualTo(1);
            }
        }
    }

    private static List<HttpResponse<String>> race(
            ExecutorService clients, String name, String round, String header, String value) throws Exception {
        CyclicBarrier start = new CyclicBarrier(CLIENTS);
        List<Future<HttpResponse<String>>> running = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            int number = client;
            running.add(clients.submit(() -> {
                start.await();
                return send(number, "PUT", name, "a\n" + round + number + "\n", header, value);
            }));
        }
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (Future<HttpResponse<String>> one : running) {
            answers.add(one.get(1, TimeUnit.MINUTES));
        }
        return answers;
    }

    private static HttpResponse<String> winner(List<HttpResponse<String>> answers, int status) {
        List<HttpResponse<String>> winners =
                answers.stream().filter(answer -> answer.statusCode() < 300).toList();
        assertThat(winners).hasSize(1);
        assertThat(winners.getFirst().statusCode()).isEqualTo(status);
        answers.stream().filter(answer -> !winners.contains(answer)).forEach(PreconditionIT::assertFailed);
        return winners.getFirst();
    }

    // --- the tag

    @Test
    void eachStateOfADatasetHasATagOfItsOwnThatEveryProcessGives() {
        List<String> tags = new ArrayList<>();
        tags.add(put("tagged", "a\n1\n"));
        assertThat(etag("tagged")).isEqualTo(tags.getLast()).matches("\"[!#-~]+\"");
        tags.add(etag(patch("tagged", "{\"title\":\"T\"}")));
        assertThat(etag("tagged")).isEqualTo(tags.getLast());
        tags.add(etag(patch("tagged", "{\"index\":[\"a\"]}")));
        assertThat(etag("tagged")).isEqualTo(tags.getLast());
        tags.add(put("tagged", "a\n2\n"));
        assertThat(etag("tagged")).isEqualTo(tags.getLast());
        assertThat(put("tagged", "a\n2\n")).as("unchanged").isEqualTo(tags.getLast());
        assertThat(send(0, "POST", "tagged/versions/1/restore", "").statusCode())
                .isEqualTo(200);
        tags.add(etag("tagged"));
        assertThat(send(0, "DELETE", "tagged", "").statusCode()).isEqualTo(204);
        tags.add(put("tagged", "a\n1\n"));

        assertThat(tags).doesNotHaveDuplicates();
    }

    @Test
    void anUnchangedUploadThatChoosesOtherIndexesIsAChange() {
        String first = put("chosen?index=a", "a\n1\n");
        String patched = etag(patch("chosen", "{\"index\":null}"));

        String chosen = put("chosen?index=a", "a\n1\n");

        assertThat(List.of(first, patched, chosen)).doesNotHaveDuplicates();
        assertThat(put("chosen?index=a", "a\n1\n")).isEqualTo(chosen);
        assertThat(version("chosen")).isEqualTo(1);
    }

    // --- uploads

    @Test
    void anUploadIsRefusedBeforeItsBodyIsReadAndLeavesNoIngest() {
        put("early", "a\n1\n");
        try (Client client = Client.to(webs.getFirst())) {
            client.send("PUT /v1/datasets/early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
                    + "If-Match: \"x\"\r\nIf-Match: \"y\"\r\nConnection: close\r\n\r\n");

            assertThat(client.read(15)).startsWith("HTTP/1.1 412");
        }
        assertFailed(send(1, "PUT", "early", "a\n2\n", "If-None-Match", "*"));
        assertFailed(send(2, "PUT", "early-not", "a\n2\n", "If-Match", "*"));
        assertThat(ingests("early")).hasSize(1);
        assertThat(ingests("early-not")).isEmpty();
    }

    @Test
    void whatChangesWhileAnUploadRunsIsFoundWhenItWouldPublish() {
        String etag = put("late", "a\n1\n");
        try (Client client = Client.to(webs.getFirst())) {
            client.send("PUT /v1/datasets/late HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                            + "If-Match: \"x\"\r\nIf-Match: " + etag + "\r\nConnection: close\r\n\r\n")
                    .chunk("a\n2\n");
            Await.until(
                    "the upload has begun",
                    Duration.ofSeconds(30),
                    () -> ingests("late").equals(List.of("running", "succeeded")));
            assertThat(patch("late", "{\"title\":\"T\"}").statusCode()).isEqualTo(200);
            client.end();

            assertThat(client.readAll()).startsWith("HTTP/1.1 412").contains("PRECONDITION_FAILED");
        }
        assertThat(version("late")).isEqualTo(1);
        assertThat(ingests("late")).containsExactly("failed", "succeeded");
    }

    @Test
    void theSameContentIsNoExcuseForAnOldTag() {
        String etag = put("same", "a\n1\n");
        put("same", "a\n2\n");

        assertFailed(send(0, "PUT", "same", "a\n2\n", "If-Match", etag));
        assertThat(send(0, "PUT", "same", "a\n2\n", "If-Match", etag("same")).statusCode())
                .isEqualTo(200);
        assertThat(version("same")).isEqualTo(2);
    }

    @Test
    void aRepeatedUploadGetsTheFirstAnswerThoughThePreconditionHoldsNoLonger() {
        String etag = put("repeated", "a\n1\n");
        String[] headers = {"If-Match", etag, "Idempotency-Key", "repeated"};
        HttpResponse<String> first = send(0, "PUT", "repeated", "a\n2\n", headers);
        assertThat(first.statusCode()).isEqualTo(200);

        HttpResponse<String> second = send(1, "PUT", "repeated", "a\n2\n", headers);

        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(etag(second)).isEqualTo(etag(first));
        put("repeated", "a\n3\n");
        assertThat(etag(send(2, "PUT", "repeated", "a\n2\n", headers)))
                .as("not of what others made since")
                .isEqualTo(etag(first));
    }

    @Test
    void anUploadWhosePreconditionFailedMayBeSentAgainWithItsKey() {
        String etag = put("again", "a\n1\n");
        assertFailed(send(0, "PUT", "again", "a\n2\n", "If-Match", "\"x\"", "Idempotency-Key", "again"));

        assertThat(send(1, "PUT", "again", "a\n2\n", "If-Match", etag, "Idempotency-Key", "again")
                        .statusCode())
                .isEqualTo(200);
    }

    // --- all that change

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "DELETE"})
    void whatIsNoPreconditionIsRefused(String method) {
        String name = "malformed-" + method.toLowerCase(java.util.Locale.ROOT);
        String etag = put(name, "a\n1\n");
        for (String header : List.of("If-Match", "If-None-Match")) {
            HttpResponse<String> answer = change(method, name, header, etag.replace("\"", ""));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("REQUEST_INVALID", header);
        }
        assertThat(etag(name)).isEqualTo(etag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "DELETE"})
    void whatChangesADatasetChangesTheStateThatTheClientKnows(String method) {
        String name = "known-" + method.toLowerCase(java.util.Locale.ROOT);
        String old = put(name, "a\n1\n");
        String etag = put(name, "a\n2\n");
        for (String[] failing : new String[][] {
            {"If-Match", old},
            {"If-Match", "W/" + etag},
            {"If-Match", ""},
            {"If-None-Match", "*"},
            {"If-None-Match", "\"x\", W/" + etag},
        }) {
            assertFailed(change(method, name, failing));
        }
        assertThat(etag(name)).isEqualTo(etag);

        assertThat(change(method, name, "If-Match", old + ", " + etag).statusCode())
                .isBetween(200, 204);
    }

    private static HttpResponse<String> change(String method, String name, String... headersAndValues) {
        return switch (method) {
            case "PUT" -> send(0, "PUT", name, "a\n3\n", headersAndValues);
            case "PATCH" -> patch(name, "{\"title\":\"T\"}", headersAndValues);
            default -> send(2, "DELETE", name, "", headersAndValues);
        };
    }

    @Test
    void ofChangesToWhatDescribesADatasetOneWins() throws Exception {
        String etag = put("described", "a\n1\n");
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<HttpResponse<String>>> running = IntStream.range(0, CLIENTS)
                    .mapToObj(i ->
                            clients.submit(() -> patch("described", "{\"title\":\"" + i + "\"}", "If-Match", etag)))
                    .toList();
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (Future<HttpResponse<String>> one : running) {
                answers.add(one.get(1, TimeUnit.MINUTES));
            }
            assertThat(etag(winner(answers, 200))).isEqualTo(etag("described"));
        }
    }
}
