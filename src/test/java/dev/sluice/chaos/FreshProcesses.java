package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Balancer;
import dev.sluice.harness.EventSource;
import dev.sluice.harness.Fetches;
import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceFile;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** Every request meets a process that was started after the request before it had ended, and is killed after its answer. */
final class FreshProcesses implements AutoCloseable {
    private final Map<String, String> configuration;
    private final Balancer balancer;
    private Service current;
    private int started;

    FreshProcesses(Map<String, String> configuration) {
        this.configuration = configuration;
        this.balancer = Balancer.before(() -> List.of(fresh()));
    }

    private synchronized int fresh() {
        if (current != null) {
            current.kill();
        }
        current = Service.start("web", configuration).awaitReady();
        started++;
        return current.port();
    }

    /** All a client does, again and again, until so many requests were answered; how many were. */
    int run(int requests, Source source) {
        for (int round = 1; started < requests; round++) {
            round("fresh-" + round, source);
        }
        return started;
    }

    private void round(String name, Source source) {
        String dataset = "/v1/datasets/" + name;
        String first = Table.text(1, 300);
        String second = Table.text(2, 200);
        HttpResponse<String> created = put(dataset, name, first);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(put(dataset, name, first).body()).as("the same answer again").isEqualTo(created.body());
        assertThat(put(dataset, name, second).statusCode())
                .as("another content")
                .isEqualTo(422);
        assertThat(csv(name)).isEqualTo(first);

        source.on("/" + name, SourceFile.of(Clients.bytes(second)));
        Fetches fetches = new Fetches(balancer);
        String id = fetches.post(name, source.uri("/" + name));
        assertThat(fetches.ended(id)).isEqualTo("succeeded");
        List<EventSource.Event> events = events(id, null);
        assertThat(events.getLast().type()).isEqualTo("done");
        assertThat(events(id, events.getFirst().id())).as("the rest").isEqualTo(events.subList(1, events.size()));
        assertThat(fetches.list("/v1/ingests?dataset=" + name)).hasSize(2).contains(id);
        assertThat(csv(name)).isEqualTo(second);

        assertThat(post(dataset + "/versions/1/restore").statusCode()).isEqualTo(200);
        assertThat(csv(name)).isEqualTo(first);
        assertThat(JsonPath.from(balancer.get(dataset + "/versions").body()).getList("items.version"))
                .isEqualTo(List.of(3, 2, 1));
        HttpResponse<String> patched = Service.send(HttpRequest.newBuilder(balancer.uri(dataset))
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString("{\"title\":\"Fresh\"}"))
                .build());
        assertThat(patched.statusCode()).isEqualTo(200);
        assertThat(balancer.get(dataset).body()).contains("\"title\":\"Fresh\"");
        assertThat(Service.send(HttpRequest.newBuilder(balancer.uri(dataset))
                                .DELETE()
                                .build())
                        .statusCode())
                .isEqualTo(204);
        assertThat(balancer.status(dataset)).isEqualTo(404);
    }

    private HttpResponse<String> put(String dataset, String key, String content) {
        return Service.send(HttpRequest.newBuilder(balancer.uri(dataset))
                .header("Idempotency-Key", key)
                .PUT(BodyPublishers.ofString(content))
                .build());
    }

    private HttpResponse<String> post(String path) {
        return Service.send(HttpRequest.newBuilder(balancer.uri(path))
                .POST(BodyPublishers.noBody())
                .build());
    }

    private String csv(String name) {
        return Service.send(HttpRequest.newBuilder(balancer.uri("/rest/v1/" + name))
                        .header("Accept", "text/csv")
                        .header("Prefer", "rendering=source")
                        .build())
                .body();
    }

    private List<EventSource.Event> events(String id, String last) {
        try (EventSource events = EventSource.open(balancer, "/v1/ingests/" + id + "/events", last)) {
            return events.rest();
        }
    }

    @Override
    public void close() {
        balancer.close();
        if (current != null) {
            current.close();
        }
    }
}
