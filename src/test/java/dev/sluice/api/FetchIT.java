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
import dev.sluice.harness.Sql;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that are fetched: queued by a web process, fetched by a worker, which are different processes here. */
class FetchIT {
    private static final byte[] SMALL = "a,b\n1,2\n3,4\n".getBytes(UTF_8);
    private static final byte[] LARGE = ("a,b\n" + "1,some text\n".repeat(500_000)).getBytes(UTF_8);

    private static Map<String, String> configuration;
    private static Source source;
    private static Service web;
    private static Service worker;
    private static Fetches fetches;

    @BeforeAll
    static void start() {
        configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.putAll(Map.of(
                "sluice.source.allowed-networks", "127.0.0.0/8",
                "sluice.source.idle-timeout", "2s",
                "sluice.source.expansion-free", "1M",
                "sluice.worker.slots", "4",
                "sluice.worker.attempts", "3",
                "sluice.worker.backoff", "50ms",
                "sluice.worker.max-backoff", "100ms",
                "sluice.load.minimum-rate-after", "2s"));
        source = Source.start();
        web = Service.start("web", configuration);
        worker = Service.start("worker", configuration).awaitReady();
        web.awaitReady();
        fetches = new Fetches(web);
    }

    @AfterAll
    static void stop() {
        web.close();
        worker.close();
        source.close();
    }

    private static String csv(String name) {
        return Service.send(HttpRequest.newBuilder(web.uri("/rest/v1/" + name))
                        .header("Accept", "text/csv")
                        .header("Prefer", "rendering=source")
                        .build())
                .body();
    }

    @Test
    void everySharedTableArrivesCellForCell() {
        Map<String, String> ids = new HashMap<>();
        for (String file : Tables.FILES) {
            source.on("/" + file, SourceFile.of(Tables.file(file)));
            ids.put(file, fetches.post(name(file), source.uri("/" + file)));
        }
        ids.forEach((file, id) -> {
            assertThat(fetches.ended(id)).startsWith("succeeded");
            char delimiter = file.endsWith(".tsv") ? '\t' : ',';
            assertThat(Tables.cells(csv(name(file)), ',')).isEqualTo(Tables.cells(Tables.file(file), delimiter));
        });
    }

    private static String name(String file) {
        return file.replace('.', '_');
    }

    @Test
    void theAnswerToTheRequestIsWhereToLook() {
        source.on("/small", SourceFile.of(SMALL));

        HttpResponse<String> answer = fetches.request("small", "{\"url\":\"" + source.uri("/small") + "\"}", null);

        assertThat(answer.statusCode()).isEqualTo(202);
        String location = answer.headers().firstValue("Location").orElseThrow();
        assertThat(location).contains("/v1/ingests/");
        assertThat(fetches.ended(location.substring(location.lastIndexOf('/') + 1)))
                .isEqualTo("succeeded");
        assertThat(csv("small")).isEqualTo("a,b\n1,2\n3,4\n");
    }

    @Test
    void aSourceThatFailsForAWhileIsTriedAgain() {
        source.on(
                "/moody",
                SourceAnswer.inTurn(
                        SourceAnswer.status(503),
                        SourceAnswer.status(429, Map.of("Retry-After", "1")),
                        SourceFile.of(SMALL)));

        String id = fetches.post("moody", source.uri("/moody"));

        assertThat(fetches.ended(id)).isEqualTo("succeeded");
        assertThat(fetches.view(id).getInt("attempt")).isEqualTo(3);
        assertThat(source.received("/moody")).hasSize(3);
    }

    @Test
    void aSourceThatKeepsFailingFailsAtTheLastAttempt() {
        source.on("/down", SourceAnswer.status(500));
        source.on("/hangs-up", SourceAnswer.hangUp());
        source.on("/silent", SourceAnswer.silence());
        source.on("/drops", SourceFile.of(LARGE).droppingAfter(3_000_000));
        source.on("/lies", SourceFile.of(SMALL).announcing(1000));
        source.on("/stalls", SourceFile.of(LARGE).stallingAfter(3_000_000));
        Map<String, String> expected = Map.of(
                "/down", "failed SOURCE_REFUSED",
                "/hangs-up", "failed SOURCE_UNREACHABLE",
                "/silent", "failed SOURCE_UNREACHABLE",
                "/drops", "failed SOURCE_TRUNCATED",
                "/lies", "failed SOURCE_TRUNCATED",
                "/stalls", "failed SOURCE_UNREACHABLE");
        Map<String, String> ids = new HashMap<>();
        expected.keySet().forEach(path -> ids.put(path, fetches.post(path.substring(1), source.uri(path))));

        expected.forEach((path, outcome) -> {
            assertThat(fetches.ended(ids.get(path))).as(path).isEqualTo(outcome);
            assertThat(fetches.view(ids.get(path)).getInt("attempt")).as(path).isEqualTo(3);
            assertThat(web.status("/v1/datasets/" + path.substring(1))).isEqualTo(404);
        });
    }

    @Test
    void whatTryingAgainCannotMendFailsAtOnce() {
        source.on("/gone", SourceAnswer.status(404));
        source.on("/text", SourceFile.of("a,b\n1,\u0000\n".getBytes(UTF_8)));
        source.on("/away", SourceAnswer.redirect(302, "http://10.0.0.1/"));
        source.on("/bomb", SourceFile.gzip("a\n".repeat(8 << 20).getBytes(UTF_8)));
        Map<String, String> expected = Map.of(
                "/gone", "failed SOURCE_REFUSED",
                "/text", "failed TEXT_INVALID",
                "/away", "failed SOURCE_ADDRESS_REFUSED",
                "/bomb", "failed EXPANSION_LIMIT");
        Map<String, String> ids = new HashMap<>();
        expected.keySet().forEach(path -> ids.put(path, fetches.post("x" + path.substring(1), source.uri(path))));

        expected.forEach((path, outcome) -> {
            assertThat(fetches.ended(ids.get(path))).as(path).isEqualTo(outcome);
            assertThat(fetches.view(ids.get(path)).getInt("attempt")).as(path).isEqualTo(1);
        });
    }

    @Test
    void aSourceThatDripsIsGivenUp() {
        source.on("/drip", SourceAnswer.endless("1".getBytes(UTF_8), Duration.ofMillis(500)));

        String id = fetches.post("drip", source.uri("/drip"));

        assertThat(fetches.ended(id)).isEqualTo("failed SOURCE_TOO_SLOW");
    }

    @Test
    void aSourceThatDripsAfterAFastBeginningIsGivenUp() {
        source.on("/fast-then-drip", SourceAnswer.trickling(LARGE, Duration.ofMillis(500)));

        String id = fetches.post("fast-then-drip", source.uri("/fast-then-drip"));

        assertThat(fetches.ended(id)).isEqualTo("failed SOURCE_TOO_SLOW");
    }

    @Test
    void whatWasDroppedMidwayIsResumed() {
        source.on(
                "/resumed",
                SourceAnswer.inTurn(
                        SourceFile.of(LARGE).withETag("\"1\"").withRanges().droppingAfter(3_000_000),
                        SourceFile.of(LARGE).withETag("\"1\"").withRanges()));

        String id = fetches.post("resumed", source.uri("/resumed"));

        assertThat(fetches.ended(id)).isEqualTo("succeeded");
        assertThat(fetches.view(id).getInt("attempt")).isEqualTo(1);
        assertThat(csv("resumed")).isEqualTo(new String(LARGE, UTF_8));
        assertThat(source.received("/resumed")).hasSize(2);
        assertThat(source.received("/resumed").get(1).header("Range")).matches("bytes=[1-9]\\d{5,6}-");
    }

    @Test
    void aSourceThatChangesMidwayIsLoadedAnewAsTheNewFileAlone() {
        byte[] changed = new String(LARGE, UTF_8).replace("some", "SOME").getBytes(UTF_8);
        SourceFile old = SourceFile.of(LARGE).withETag("\"1\"").withHeedlessRanges();
        source.on(
                "/changing",
                SourceAnswer.inTurn(
                        old.droppingAfter(3_000_000),
                        SourceFile.of(changed).withETag("\"2\"").withHeedlessRanges()));

        String id = fetches.post("changing", source.uri("/changing"));

        assertThat(fetches.ended(id)).isEqualTo("succeeded");
        assertThat(fetches.view(id).getInt("attempt")).isEqualTo(2);
        assertThat(csv("changing")).isEqualTo(new String(changed, UTF_8));
    }

    @Test
    void aSourceThatChangesAtEveryAttemptFailsAndSaysSo() {
        AtomicInteger changes = new AtomicInteger();
        source.on(
                "/restless",
                (request, out) -> SourceFile.of(LARGE)
                        .withETag("\"" + changes.incrementAndGet() + "\"")
                        .withHeedlessRanges()
                        .droppingAfter(3_000_000)
                        .answer(request, out));

        String id = fetches.post("restless", source.uri("/restless"));

        assertThat(fetches.ended(id)).isEqualTo("failed SOURCE_CHANGED");
        assertThat(fetches.view(id).getInt("attempt")).isEqualTo(3);
        assertThat(web.status("/v1/datasets/restless")).isEqualTo(404);
    }

    @Test
    void aSourceThatDidNotChangeMakesNoVersion() {
        source.on("/tagged", SourceFile.of(SMALL).withETag("\"1\""));
        source.on("/untagged", SourceFile.of(SMALL));
        for (String path : List.of("/tagged", "/untagged")) {
            String name = "un" + path.substring(1);
            assertThat(fetches.ended(fetches.post(name, source.uri(path)))).isEqualTo("succeeded");

            String second = fetches.post(name, source.uri(path));

            assertThat(fetches.ended(second)).isEqualTo("unchanged");
            assertThat(fetches.view(second).getInt("version")).isEqualTo(1);
        }
        assertThat(source.received("/tagged").get(1).header("If-None-Match")).isEqualTo("\"1\"");
        // read in another way it is another table
        String other = fetches.ended(fetches.post("untagged", source.uri("/tagged"), "{\"delimiter\":\";\"}"));
        assertThat(other).isEqualTo("succeeded");
    }

    @Test
    void credentialsInAUrlAreUsedAndNeverShown() {
        source.on("/private", SourceFile.of(SMALL));
        String url = source.uri("/private?token=s3cr3t").toString().replace("http://", "http://user:pa55word@");

        HttpResponse<String> answer = fetches.request("private", "{\"url\":\"" + url + "\"}", null);
        String id = Fetches.id(answer);

        assertThat(fetches.ended(id)).isEqualTo("succeeded");
        assertThat(source.received("/private").getFirst().header("Authorization"))
                .startsWith("Basic ");
        for (String shown : List.of(
                answer.body(),
                web.get("/v1/ingests/" + id).body(),
                web.get("/v1/ingests").body(),
                web.get("/v1/datasets/private").body(),
                web.output(),
                worker.output())) {
            assertThat(shown).doesNotContain("pa55word").doesNotContain("s3cr3t");
        }
        assertThat(Sql.query(configuration, "SELECT count(fetch_url) FROM sluice.ingest WHERE id = '" + id + "'"))
                .containsExactly("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"url\":1}",
                "{\"url\":\"ftp://example.org/x\"}",
                "{\"url\":\"nonsense\"}",
                "{\"url\":\"http://127.0.0.1:1/\",\"options\":{\"nope\":1}}",
                "{\"url\":\"http://127.0.0.1:1/\",\"options\":[]}",
                "{\"url\":\"http://127.0.0.1:1/\",\"options\":{\"delimiter\":[1]}}",
                "{\"url\":\"http://127.0.0.1:1/\",\"more\":1}",
                "{\"url\":",
                "nonsense"
            })
    void aRequestThatIsNotUnderstoodIsRefused(String body) {
        HttpResponse<String> answer = fetches.request("refused", body, null);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void aPrivateAddressIsRefusedAtOnce() {
        assertThat(fetches.request("refused", "{\"url\":\"http://169.254.169.254/latest/meta-data\"}", null)
                        .body())
                .contains("SOURCE_ADDRESS_REFUSED");
    }

    @Test
    void theListIsFilteredAndPaged() {
        source.on("/listed", SourceFile.of(SMALL));
        for (int i = 0; i < 102; i++) {
            fetches.post("listed", source.uri("/listed"));
        }
        Await.until(
                "all have ended",
                Duration.ofSeconds(60),
                () -> fetches.list("/v1/ingests?dataset=listed&state=queued").isEmpty()
                        && fetches.list("/v1/ingests?dataset=listed&state=running")
                                .isEmpty());

        assertThat(fetches.list("/v1/ingests?dataset=listed&state=succeeded")).hasSize(1);
        assertThat(fetches.list("/v1/ingests?dataset=listed")).hasSize(102).doesNotHaveDuplicates();
        assertThat(web.status("/v1/ingests?state=nope")).isEqualTo(400);
    }

    @Test
    void aRequestOfAnySizeIsAnsweredAndNotReadToItsEnd() {
        HttpResponse<String> answer = fetches.request("large", "[" + "1,".repeat(2_000_000) + "1]", null);

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("BODY_TOO_LARGE");
        assertThat(fetches.request("NoName", "[" + "1,".repeat(2_000_000) + "1]", null)
                        .statusCode())
                .as("whatever else is wrong: nothing of a body is left to be kept")
                .isEqualTo(413);
    }
}
