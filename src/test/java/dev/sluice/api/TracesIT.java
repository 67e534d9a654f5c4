package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Fetches;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceAnswer;
import dev.sluice.harness.SourceFile;
import dev.sluice.harness.TraceReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Traces that begin with a client, and go on in the process that answers it and in the one that takes its work. */
class TracesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PARENT = "00f067aa0ba902b7";

    private static TraceReceiver receiver;
    private static Source source;
    private static Service web;
    private static Service worker;

    @BeforeAll
    static void start() {
        receiver = TraceReceiver.start();
        source = Source.start();
        Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.putAll(receiver.configuration());
        configuration.put("sluice.source.allowed-networks", "127.0.0.0/8");
        web = Service.start("web", configuration);
        worker = Service.start("worker", configuration);
        web.awaitReady();
        worker.awaitReady();
    }

    @AfterAll
    static void stop() {
        web.close();
        worker.close();
        source.close();
        receiver.close();
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static int send(String trace, String method, String path, String type, String body) {
        return Service.send(HttpRequest.newBuilder(web.uri(path))
                        .header("traceparent", "00-" + trace + "-" + PARENT + "-01")
                        .header("Content-Type", type)
                        .method(method, BodyPublishers.ofString(body))
                        .build())
                .statusCode();
    }

    private static Map<String, Span> await(String trace, Set<String> names) {
        Await.until("spans " + names, PATIENCE, () -> names(trace).containsAll(names));
        return receiver.spans(trace).stream().collect(Collectors.toMap(Span::getName, s -> s, (first, _) -> first));
    }

    /** What the process that answered has sent; it sends by its own time. */
    private static Optional<Span> request(String trace) {
        return receiver.spans(trace).stream()
                .filter(s -> s.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
                .findFirst();
    }

    private static Set<String> names(String trace) {
        return receiver.spans(trace).stream().map(Span::getName).collect(Collectors.toSet());
    }

    private static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    @Test
    void anIngestThatIsQueuedGoesOnInTheTraceOfItsRequestWithAnotherProcess() {
        String trace = newTrace();
        URI url = source.on("/traced.csv", SourceFile.of("a,b\n1,2\n".getBytes(UTF_8)))
                .uri("/traced.csv");

        assertThat(send(trace, "POST", "/v1/datasets/traced/ingests", "application/json", "{\"url\":\"" + url + "\"}"))
                .isEqualTo(202);

        Map<String, Span> spans = await(
                trace,
                Set.of("ingest", "ingest.fetch", "ingest.sample", "ingest.load", "ingest.complete", "ingest.publish"));
        Await.until("the span of the request", PATIENCE, () -> request(trace).isPresent());
        Span request = request(trace).orElseThrow();
        assertThat(hex(request.getParentSpanId())).isEqualTo(PARENT);
        Span ingest = spans.get("ingest");
        assertThat(ingest.getParentSpanId()).isEqualTo(request.getSpanId());
        for (String stage :
                List.of("ingest.fetch", "ingest.sample", "ingest.load", "ingest.complete", "ingest.publish")) {
            assertThat(spans.get(stage).getParentSpanId()).as(stage).isEqualTo(ingest.getSpanId());
        }
    }

    @Test
    void theStagesOfAnUploadAreInTheTraceOfItsRequest() {
        String trace = newTrace();

        assertThat(send(trace, "PUT", "/v1/datasets/uploaded", "text/csv", "a,b\n1,2\n"))
                .isEqualTo(201);

        await(trace, Set.of("ingest.sample", "ingest.load", "ingest.complete", "ingest.publish"));
    }

    @Test
    void anIngestThatFailsIsAnErrorOfItsCodeInItsTrace() {
        String trace = newTrace();
        URI url = source.on("/gone.csv", SourceAnswer.status(410)).uri("/gone.csv");

        send(trace, "POST", "/v1/datasets/gone/ingests", "application/json", "{\"url\":\"" + url + "\"}");

        Map<String, Span> spans = await(trace, Set.of("ingest", "ingest.fetch"));
        Status status = spans.get("ingest").getStatus();
        assertThat(status.getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        assertThat(status.getMessage()).isEqualTo("SOURCE_REFUSED");
        assertThat(outcome(spans.get("ingest.fetch"))).isEqualTo("failed");
    }

    @Test
    void whatSomebodyStopsHasNotFailed() {
        String trace = newTrace();
        URI url = source.on("/silent.csv", SourceAnswer.silence()).uri("/silent.csv");
        send(trace, "POST", "/v1/datasets/silent/ingests", "application/json", "{\"url\":\"" + url + "\"}");
        Await.until(
                "it is fetched", PATIENCE, () -> !source.received("/silent.csv").isEmpty());

        Fetches fetches = new Fetches(web);
        fetches.cancel(fetches.list("/v1/ingests?dataset=silent").getFirst());

        Map<String, Span> spans = await(trace, Set.of("ingest", "ingest.fetch"));
        assertThat(spans.values()).noneMatch(s -> s.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR);
        assertThat(outcome(spans.get("ingest.fetch"))).isEqualTo("stopped");
        assertThat(worker.management().get("/q/metrics").body())
                .contains("sluice_ingest_stage_seconds_count{outcome=\"stopped\",stage=\"fetch\"} 1");
    }

    /** What is asked for, and how it is refused, may be personal; and the URL of a source may have credentials. */
    @Test
    void noTraceHasTheQueryOfARequestOrTheUrlOfASource() {
        URI url = source.on("/private.csv", SourceFile.of("name\nx\n".getBytes(UTF_8)))
                .uri("/private.csv?token=nightingale");
        String fetched = newTrace();
        assertThat(send(
                        fetched,
                        "POST",
                        "/v1/datasets/private/ingests",
                        "application/json",
                        "{\"url\":\"" + url + "\"}"))
                .isEqualTo(202);
        await(fetched, Set.of("ingest", "ingest.publish"));
        String read = newTrace();
        assertThat(send(read, "GET", "/rest/v1/private?name=eq.nightingale", "text/csv", ""))
                .isEqualTo(200);
        String refused = newTrace();
        assertThat(send(refused, "GET", "/rest/v1/private?name=nightingale", "text/csv", ""))
                .isEqualTo(400);
        String failed = newTrace();
        assertThat(send(failed, "GET", "/rest/v1/private?name=match.%5Bnightingale", "text/csv", ""))
                .isEqualTo(400);

        for (String trace : List.of(fetched, read, refused, failed)) {
            Await.until(
                    "the span of the request", PATIENCE, () -> request(trace).isPresent());
            assertThat(receiver.spans(trace).toString()).contains("url.path").doesNotContain("nightingale");
        }
        assertThat(source.received("/private.csv").toString()).doesNotContainIgnoringCase("traceparent");
    }

    private static String outcome(Span span) {
        return span.getAttributesList().stream()
                .filter(a -> a.getKey().equals("sluice.outcome"))
                .map(a -> a.getValue().getStringValue())
                .findFirst()
                .orElseThrow();
    }
}
