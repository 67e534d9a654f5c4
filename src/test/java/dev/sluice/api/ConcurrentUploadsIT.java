package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Shared;
import dev.sluice.harness.Sql;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConcurrentUploadsIT {
    private static final String MORE_THAN_THE_SAMPLE = "1,2\n".repeat(700_000);

    private static void awaitRunningLoad(Map<String, String> configuration, int loads) {
        Await.until(
                "a load has its table",
                Duration.ofSeconds(30),
                () -> Sql.query(
                                        configuration,
                                        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY data.%'")
                                .size()
                        >= loads);
    }

    @Test
    void twoUploadsToOneDatasetBothSucceedInTheOrderOfTheirCommitsAndNeitherWaits() {
        String name = Api.newName();
        try (Client first = Client.uploading(Shared.service(), name)) {
            first.chunk("a,b\n" + MORE_THAN_THE_SAMPLE);
            awaitRunningLoad(Shared.configuration(), 1);

            Api.put(name, "a,b\n3,4\n").then().statusCode(201); // while the first has its transaction open

            first.chunk("5,6\n").end();
            assertThat(first.readAll()).startsWith("HTTP/1.1 200").contains("\"version\":2");
        }
        assertThat(Api.csv(name + "@1").asString()).isEqualTo("a,b\n3,4\n");
        assertThat(Api.rows(name, Map.of("a", "eq.5")).asString()).isEqualTo("[{\"a\":5,\"b\":6}]");
    }

    @Test
    void readersSeeOneWholeVersionOrTheOtherAndNeverAnError() throws Exception {
        String name = Api.newName();
        int rows = 2000;
        Api.put(name, "v\n" + "0\n".repeat(rows)).then().statusCode(201);
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong reads = new AtomicLong();
        String query = "/rest/v1/" + name;
        int versions = 15;
        try (ExecutorService readers = Executors.newFixedThreadPool(50)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                running.add(readers.submit(() -> {
                    while (!done.get()) {
                        HttpResponse<String> answer = Service.send(
                                HttpRequest.newBuilder(Shared.service().uri(query))
                                        .build());
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                        String row = answer.body().substring(1, answer.body().indexOf('}') + 1);
                        String whole = "[" + (row + ",").repeat(rows - 1) + row + "]";
                        assertThat(answer.body().equals(whole))
                                .as("one whole version")
                                .isTrue();
                        reads.incrementAndGet();
                    }
                }));
            }
            for (int version = 1; version <= versions; version++) {
                Api.put(name, "v\n" + (version + "\n").repeat(rows)).then().statusCode(200);
            }
            done.set(true);
            for (Future<?> reader : running) {
                reader.get(1, TimeUnit.MINUTES);
            }
        }
        assertThat(reads.get()).isGreaterThan(50);
        assertThat(Api.get("/v1/datasets/" + name).jsonPath().getInt("version")).isEqualTo(versions + 1);
    }

    @Test
    void clientsThatSendNextToNothingKeepNobodyFromUploading() {
        List<Client> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                slow.add(Client.uploading(Shared.service(), Api.newName()).chunk("a"));
            }
            for (int second = 0; second < 5; second++) {
                slow.forEach(client -> client.chunk("a"));
                Api.put(Api.newName(), "a,b\n" + MORE_THAN_THE_SAMPLE).then().statusCode(201);
            }
        } finally {
            slow.forEach(Client::close);
        }
    }

    @Test
    void anUploadOrASampleBelowTheMinimumRateIsEnded() {
        try (Service service =
                service(Map.of("sluice.load.minimum-rate", "100K", "sluice.load.minimum-rate-after", "200ms"))) {
            try (Client slow = Client.uploading(service, "slow").chunk("a,b\n")) {
                Await.until("answered", Duration.ofSeconds(30), () -> {
                    slow.chunk("1");
                    return slow.isAnswered();
                });
                assertThat(slow.readAll()).startsWith("HTTP/1.1 408").contains("SOURCE_TOO_SLOW");
            }
            try (Client slow = Client.to(service)) {
                slow.send("PUT /v1/datasets/form HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\nConnection: close\r\n\r\n");
                Await.until("answered before its file begins", Duration.ofSeconds(30), () -> {
                    slow.chunk("x");
                    return slow.isAnswered();
                });
                assertThat(slow.readAll()).startsWith("HTTP/1.1 408").contains("SOURCE_TOO_SLOW");
            }
            try (Client slow = Client.to(service)) {
                slow.send("POST /v1/samples HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
                Await.until("answered", Duration.ofSeconds(30), () -> {
                    slow.chunk("1");
                    return slow.isAnswered();
                });
                assertThat(slow.readAll()).startsWith("HTTP/1.1 408").contains("SOURCE_TOO_SLOW");
            }
        }
    }

    @Test
    void anUploadThatTricklesAfterAFastBeginningIsEnded() {
        try (Service service = service(Map.of("sluice.load.minimum-rate-after", "1s"));
                Client slow = Client.uploading(service, "slow")) {
            slow.chunk("a,b\n" + MORE_THAN_THE_SAMPLE.repeat(4));

            Await.until("answered", Duration.ofSeconds(20), () -> {
                slow.chunk("1");
                return slow.isAnswered();
            });

            assertThat(slow.readAll()).startsWith("HTTP/1.1 408").contains("SOURCE_TOO_SLOW");
        }
    }

    @Test
    void anUploadThatSendsNothingAtAllIsEnded() {
        Map<String, String> configuration = configuration(Map.of("quarkus.http.read-timeout", "2s"));
        try (Service service = Service.start("web", configuration).awaitReady();
                Client silent = Client.uploading(service, "silent")) {
            silent.chunk("a,b\n" + MORE_THAN_THE_SAMPLE);

            assertThat(silent.whatIsLeft()).isEmpty();

            Await.until(
                    "the ingest has failed",
                    Duration.ofSeconds(20),
                    () -> Sql.query(configuration, "SELECT problem_code FROM sluice.ingest WHERE state = 'failed'")
                            .equals(List.of("BODY_INCOMPLETE")));
        }
    }

    @Test
    void anUploadWithoutASlotIsToldToComeBack() {
        Map<String, String> configuration =
                configuration(Map.of("sluice.upload.slots", "1", "sluice.upload.slot-wait", "100ms"));
        try (Service service = Service.start("web", configuration).awaitReady()) {
            try (Client first = Client.uploading(service, "one")) {
                first.chunk("a,b\n" + MORE_THAN_THE_SAMPLE);
                awaitRunningLoad(configuration, 1);

                HttpResponse<String> second = put(service, "two");

                assertThat(second.statusCode()).isEqualTo(503);
                assertThat(second.body()).contains("UPLOADS_BUSY");
                assertThat(second.headers().firstValue("Retry-After")).isPresent();
                first.end();
                assertThat(first.readAll()).startsWith("HTTP/1.1 201");
            }
            assertThat(put(service, "two").statusCode()).isEqualTo(201);
        }
    }

    @Test
    void aPublishedUploadWithoutMemoryForItsDocumentIsAnsweredWithoutOne() {
        Map<String, String> configuration = configuration(Map.of("sluice.answers.memory", "128K"));
        try (Service service = Service.start("web", configuration).awaitReady()) {
            HttpResponse<String> answer = put(service, "one");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            assertThat(answer.headers().firstValue("ETag")).isPresent();
            assertThat(answer.body()).isEmpty();
            assertThat(Sql.query(configuration, "SELECT number FROM sluice.version"))
                    .containsExactly("1");
        }
    }

    @Test
    void aBodyLargerThanAllowedIsRefusedByItsLengthAndWithoutOne() {
        try (Service service = service(Map.of("sluice.load.max-size", "1000"))) {
            HttpResponse<String> announced = Service.send(HttpRequest.newBuilder(service.uri("/v1/datasets/large"))
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(
                            "x\n".repeat(501).getBytes(UTF_8)))
                    .build());
            assertThat(announced.statusCode()).isEqualTo(413);
            assertThat(announced.body()).contains("BODY_TOO_LARGE");
            try (Client chunked = Client.uploading(service, "large")) {
                chunked.chunk("x\n".repeat(501)).end();
                assertThat(chunked.readAll()).startsWith("HTTP/1.1 413").contains("BODY_TOO_LARGE");
            }
        }
    }

    private static HttpResponse<String> put(Service service, String name) {
        return Service.send(HttpRequest.newBuilder(service.uri("/v1/datasets/" + name))
                .PUT(HttpRequest.BodyPublishers.ofString("a\n1\n"))
                .build());
    }

    private static Map<String, String> configuration(Map<String, String> own) {
        Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.putAll(own);
        return configuration;
    }

    private static Service service(Map<String, String> own) {
        return Service.start("web", configuration(own)).awaitReady();
    }
}
