package dev.sluice.harness;

import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Ingests of URLs, as a client of one process asks for them and looks after them. */
public final class Fetches {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled", "unchanged");

    private final Endpoint service;

    public Fetches(Endpoint service) {
        this.service = service;
    }

    /** @param key {@code null} for none */
    public HttpResponse<String> request(String name, String body, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.uri("/v1/datasets/" + name + "/ingests"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return Service.send((key == null ? request : request.header("Idempotency-Key", key)).build());
    }

    /** The id of the ingest that was accepted. */
    public String post(String name, URI url) {
        return post(name, url, "{}");
    }

    public String post(String name, URI url, String options) {
        return id(request(name, "{\"url\":\"" + url + "\",\"options\":" + options + "}", null));
    }

    /** The id in an answer. */
    public static String id(HttpResponse<String> answer) {
        if (answer.statusCode() != 202) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return JsonPath.from(answer.body()).getString("id");
    }

    public JsonPath view(String id) {
        return JsonPath.from(service.get("/v1/ingests/" + id).body());
    }

    public String state(String id) {
        JsonPath view = view(id);
        String code = view.getString("problem.code");
        return view.getString("state") + (code == null ? "" : " " + code);
    }

    /** Waits for the end: its state, and the code of its problem if there is one. */
    public String ended(String id) {
        Await.until("ingest " + id + " has ended", PATIENCE, () -> FINAL.contains(view(id).getString("state")));
        return state(id);
    }

    /** Asks for the end. */
    public HttpResponse<String> cancel(String id) {
        return Service.send(HttpRequest.newBuilder(service.uri("/v1/ingests/" + id))
                .DELETE()
                .build());
    }

    /** The ids of all items, page by page. */
    public List<String> list(String path) {
        List<String> ids = new ArrayList<>();
        for (String next = path; next != null; ) {
            JsonPath page = JsonPath.from(service.get(next).body());
            ids.addAll(page.getList("items.id"));
            next = page.getString("next");
        }
        return ids;
    }
}
