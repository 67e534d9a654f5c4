package dev.sluice.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Endpoint;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A process as it is shipped: the options of the image, keys, and default limits. Besides the clients that attack it, it has one
 * with a key of its own, who must not notice.
 */
final class Attacked implements Endpoint, AutoCloseable {
    /** How many tests share the machine, each of which has that part of its time. */
    private static final int FORKS = Integer.getInteger("sluice.forks", 1);

    /** What a small read and a small upload of another key may take while a process is attacked. */
    static final Duration SERVED = Duration.ofSeconds(5).multipliedBy(FORKS);

    /** What the probe may take that asks whether a process lives. */
    static final Duration ALIVE = Duration.ofSeconds(1).multipliedBy(FORKS);

    /** The limit of a pod, in KiB. */
    static final long POD_KIB = 512 * 1024;

    private static final String ADMIN = "the-first-key-of-this-test-0123456789";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, String> database;
    private final Service service;
    private final Map<String, String> configuration;
    private final String other;

    private Attacked(Map<String, String> database, Map<String, String> configuration, Service service) {
        this.database = database;
        this.service = service;
        this.configuration = configuration;
        this.other = key("write");
    }

    static Attacked start(String types) {
        return start(types, Map.of());
    }

    static Attacked start(String types, Map<String, String> own) {
        return start(types, Servers.migratedDatabase(), own);
    }

    /** @param database as the test reaches it; the process may reach it by what is its own */
    static Attacked start(String types, Map<String, String> database, Map<String, String> own) {
        Map<String, String> configuration = new HashMap<>(database);
        configuration.put("sluice.access.mode", "keys");
        configuration.put("sluice.access.bootstrap-key", ADMIN);
        configuration.putAll(own);
        return new Attacked(
                database, configuration, Service.start(types, configuration).awaitReady());
    }

    @Override
    public int port() {
        return service.port();
    }

    Endpoint management() {
        return service.management();
    }

    /** Where its database is. */
    Map<String, String> database() {
        return database;
    }

    /** Begins an upload as the other client; it announces no length. */
    Client uploading(String name) {
        return uploading(name, other);
    }

    /** The same with another key. */
    Client uploading(String name, String key) {
        return Client.to(this)
                .send("PUT /v1/datasets/" + name + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                        + "\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    /** Begins to read as the other client. */
    CompletableFuture<HttpResponse<String>> reading(String path) {
        return http.sendAsync(with(other, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The secret of a new key of that scope. */
    String key(String scope) {
        HttpResponse<String> made = send(
                with(ADMIN, "/v1/keys")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"name\":\"a key\",\"scopes\":[\"" + scope + "\"]}")),
                Duration.ofMinutes(1));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return JsonPath.from(made.body()).getString("key");
    }

    HttpRequest.Builder with(String key, String path) {
        return HttpRequest.newBuilder(service.uri(path)).header("Authorization", "Bearer " + key);
    }

    HttpResponse<String> send(HttpRequest.Builder request, Duration patience) {
        try {
            return http.send(request.timeout(patience).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many queries of rows PostgreSQL has run for it for at least a second. */
    int queries() {
        return Sql.query(
                        configuration,
                        "SELECT pid FROM pg_stat_activity WHERE application_name = 'sluice-reader' AND state = 'active'"
                                + " AND datname = current_database() AND backend_type = 'client backend'"
                                + " AND query_start < clock_timestamp() - interval '1 second'")
                .size();
    }

    /** Loads a table as the other client. */
    void load(String name, String csv) {
        HttpResponse<String> loaded = send(
                with(other, "/v1/datasets/" + name).PUT(HttpRequest.BodyPublishers.ofString(csv)),
                Duration.ofMinutes(1));
        assertThat(loaded.statusCode()).as(loaded.body()).isBetween(200, 201);
    }

    /** That the process is alive and within its memory, and that the other client is served. */
    void assertServesOthers() {
        assertWell();
        HttpResponse<String> loaded = send(
                with(other, "/v1/datasets/small")
                        .PUT(HttpRequest.BodyPublishers.ofString("a,b\n1,2\n" + System.nanoTime() + ",3\n")),
                SERVED);
        assertThat(loaded.statusCode()).as(loaded.body()).isBetween(200, 201);
        HttpResponse<String> read = send(with(other, "/rest/v1/small?limit=1"), SERVED);
        assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
        assertThat(residentKib()).isLessThan(POD_KIB);
    }

    /** Whether the process answers the probe that asks whether it lives. */
    boolean isLive(Duration patience) {
        try {
            return send(HttpRequest.newBuilder(service.management().uri("/q/health/live")), patience)
                            .statusCode()
                    == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** That the process is alive and within its memory. */
    void assertWell() {
        assertThat(isAlive()).as(service::output).isTrue();
        assertThat(send(HttpRequest.newBuilder(service.management().uri("/q/health/live")), ALIVE)
                        .statusCode())
                .isEqualTo(200);
        assertThat(residentKib()).isLessThan(POD_KIB);
    }

    /** The lines of the process's log that are warnings or worse. */
    List<String> warnings() {
        return service.output()
                .lines()
                .filter(line -> line.matches(".*\"level\":\"(WARN|ERROR|FATAL)\".*"))
                .toList();
    }

    /** The last that it wrote to its log. */
    String lastLine() {
        return service.output().lines().reduce((_, last) -> last).orElse("");
    }

    boolean isAlive() {
        return service.isAlive();
    }

    Map<String, String> configuration() {
        return configuration;
    }

    /** What the other client is answered: a status and, of a refusal, the code of its problem. */
    String status(String method, String path, String body) {
        HttpResponse<String> answer = send(
                with(other, path)
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body)),
                SERVED);
        return answer.statusCode() < 300
                ? Integer.toString(answer.statusCode())
                : answer.statusCode() + " " + JsonPath.from(answer.body()).getString("code") + " " + method + " "
                        + path.replaceAll("[0-9]+", "#");
    }

    /** The same for a URL that a worker is to fetch, once it has done so: the state of the ingest. */
    String fetched(String dataset, String url) {
        HttpResponse<String> queued = send(
                with(other, "/v1/datasets/" + dataset + "/ingests")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"url\":\"" + url + "\"}")),
                SERVED);
        if (queued.statusCode() != 202) {
            return queued.statusCode() + " ingest";
        }
        String id = JsonPath.from(queued.body()).getString("id");
        AtomicReference<String> state = new AtomicReference<>();
        Await.until("the URL is fetched", Duration.ofMinutes(1), () -> {
            state.set(JsonPath.from(
                            send(with(other, "/v1/ingests/" + id), SERVED).body())
                    .getString("state"));
            return !List.of("queued", "running").contains(String.valueOf(state.get()));
        });
        return List.of("succeeded", "unchanged").contains(String.valueOf(state.get()))
                ? "202 fetched"
                : "ingest " + state;
    }

    long residentKib() {
        return residentKib(service);
    }

    /** The most a process has had resident so far, in KiB. */
    static long residentKib(Service service) {
        try {
            return Files.readAllLines(Path.of("/proc/" + service.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        service.close();
        http.shutdownNow(); // closing it would wait for bodies that a failed test left
    }
}
