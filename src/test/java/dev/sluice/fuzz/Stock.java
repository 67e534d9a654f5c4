package dev.sluice.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.harness.Await;
import dev.sluice.harness.Endpoint;
import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What there is to be asked for, and by what: made before the requests are, and again when one of them ended it. */
final class Stock {
    static final String ADMIN = "kX7vQ2mZ9tB4nR6wL1pD8sF3hJ5cG0yT2aE4uV6i";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Endpoint service;
    private final Map<String, String> known = new ConcurrentHashMap<>();
    private volatile String cookie;

    private Stock(Endpoint service) {
        this.service = service;
    }

    static Stock of(Endpoint service, Source source) {
        Stock stock = new Stock(service);
        source.on("/file.csv", SourceAnswer.repeated("a,b\n1,2\n".getBytes(UTF_8), 1, Map.of()));
        stock.known.put("source", source.uri("/file.csv").toString());
        for (String name : List.of("writer", "reader", "spare", "ended")) {
            String scope = name.equals("reader") ? "read" : "write";
            JsonNode key = stock.made("POST", "/v1/keys", "{\"name\":\"" + name + "\",\"scopes\":[\"" + scope + "\"]}");
            stock.known.put(name, key.get("key").asText());
            stock.known.put(name + "-id", key.get("id").asText());
        }
        JsonNode narrow = stock.made(
                "POST", "/v1/keys", "{\"name\":\"n\",\"scopes\":[\"read\"],\"datasets\":[\"*a*a*a\",\"f*z\"]}");
        stock.known.put("narrow", narrow.get("key").asText());
        stock.known.put("key", stock.known.get("writer-id"));
        stock.known.put("revoked", stock.known.get("ended-id"));
        stock.signIn();
        stock.load();
        stock.known.put("ingest", stock.fetched("{\"url\":\"" + source.uri("/file.csv") + "\"}"));
        stock.fetched("{\"url\":\"http://127.0.0.1:1/\"}");
        stock.known.put(
                "cursor",
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString((Instant.parse("2100-01-01T00:00:00Z") + " " + stock.known.get("ingest"))
                                .getBytes(UTF_8)));
        return stock;
    }

    /** Makes again what has ended. */
    void keep() {
        if (send("GET", "/v1/sessions/current", "", "Cookie", cookie).statusCode() != 200) {
            signIn();
        }
        if (send("GET", "/v1/datasets/fuzz", "", "apikey", ADMIN).statusCode() != 200) {
            load();
        }
    }

    /** The headers that say who asks. */
    List<String> proof(Credential credential) {
        return switch (credential) {
            case ADMIN -> List.of("Authorization: Bearer " + ADMIN);
            case WRITER -> List.of("X-Api-Key: " + known.get("writer"));
            case READER -> List.of("apikey: " + known.get("reader"));
            case NARROW -> List.of("apikey: " + known.get("narrow"));
            case SPARE -> List.of("Authorization: bearer " + known.get("spare"));
            case SESSION -> List.of("Cookie: " + cookie, "Sec-Fetch-Site: same-origin");
            case NONE -> List.of();
        };
    }

    /** A text with what is known in place of its name in braces. */
    String filled(String text) {
        if (text.indexOf('{') < 0) {
            return text;
        }
        String filled = text;
        for (Map.Entry<String, String> entry : known.entrySet()) {
            filled = filled.replace("{" + entry.getKey() + "}", entry.getValue());
        }
        return filled;
    }

    private void signIn() {
        HttpResponse<String> answer =
                send("POST", "/v1/sessions", "{\"key\":\"" + known.get("writer") + "\"}", "X", "x");
        cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        known.put("session", json(answer).get("id").asText());
    }

    private void load() {
        made("PUT", "/v1/datasets/fuzz", Rows.csv());
        made("PUT", "/v1/datasets/other", "a,b\n1,2\n");
    }

    private String fetched(String asked) {
        String id =
                made("POST", "/v1/datasets/fetched/ingests", asked).get("id").asText();
        Await.until(
                "the end of a fetch",
                PATIENCE,
                () -> made("GET", "/v1/ingests/" + id, "").hasNonNull("finishedAt"));
        return id;
    }

    private JsonNode made(String method, String path, String body) {
        HttpResponse<String> answer = send(method, path, body, "apikey", ADMIN);
        if (answer.statusCode() >= 300) {
            throw new AssertionError(
                    method + " " + path + " was answered " + answer.statusCode() + " " + answer.body());
        }
        return json(answer);
    }

    private HttpResponse<String> send(String method, String path, String body, String header, String value) {
        return Service.send(HttpRequest.newBuilder(service.uri(path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header(header, value)
                .build());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
