package dev.sluice.access;

import static dev.sluice.access.Keyed.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers that clients and processes recognise, by processes that ask for keys and keep every answer. */
class RecognisedIT {
    private static Map<String, String> configuration;
    private static Service one;
    private static Service other;
    private static String key;

    @BeforeAll
    static void start() {
        configuration = Keyed.mode(Servers.migratedDatabase());
        configuration.put("sluice.query.cache-from", "0s");
        one = Service.start("web", configuration);
        other = Service.start("web", configuration);
        one.awaitReady();
        other.awaitReady();
        key = Keyed.key(one, "write");
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    private static void put(String name, String csv) {
        Response answer = Keyed.with(key, one)
                .contentType("text/csv; charset=utf-8")
                .body(csv)
                .put("/v1/datasets/" + name);
        assertThat(answer.statusCode()).as(answer.asString()).isBetween(200, 201);
    }

    private static Response get(Service service, String path) {
        return Keyed.with(key, service).urlEncodingEnabled(false).get("/rest/v1/" + path);
    }

    private static String etag(String path, String... headers) {
        RequestSpecification request = Keyed.with(key, one).urlEncodingEnabled(false);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        Response answer = request.get("/rest/v1/" + path);
        assertThat(answer.statusCode()).as(answer.asString()).isBetween(200, 206);
        assertThat(answer.header("Vary")).isEqualTo("Accept, Prefer, Range");
        return answer.header("ETag");
    }

    private static int status(Service service, String path, String etag) {
        Response answer = Keyed.with(key, service)
                .urlEncodingEnabled(false)
                .header("If-None-Match", etag)
                .get("/rest/v1/" + path);
        if (answer.statusCode() == 304) {
            assertThat(answer.asString()).isEmpty();
            assertThat(etag).contains(answer.header("ETag"));
            assertThat(answer.header("Vary")).isEqualTo("Accept, Prefer, Range");
        }
        return answer.statusCode();
    }

    @Test
    void anAnswerIsRecognisedByEveryProcessUntilAnotherVersionIsThere() {
        put("published", "n\n1\n2\n");
        String etag = etag("published?n=gt.0&order=n");
        assertThat(etag).matches("\"[\\w-]{43}\"");
        assertThat(status(other, "published?order=n&n=gt.0", etag)).isEqualTo(304);
        assertThat(status(other, "published@1?order=n&n=gt.0", etag)).isEqualTo(304);
        assertThat(status(other, "published?n=gt.0&order=n", "\"a\", W/" + etag))
                .isEqualTo(304);
        assertThat(status(other, "published?n=gt.0&order=n", "\"a\"")).isEqualTo(200);

        put("published", "n\n1\n3\n");
        assertThat(status(other, "published?n=gt.0&order=n", etag)).isEqualTo(200);
        assertThat(get(other, "published?n=gt.0&order=n").jsonPath().<Integer>getList("n"))
                .containsExactly(1, 3);
        assertThat(status(other, "published@1?n=gt.0&order=n", etag)).isEqualTo(304);
        assertThat(get(other, "published@1?n=gt.0&order=n").jsonPath().<Integer>getList("n"))
                .containsExactly(1, 2);
    }

    @Test
    void whateverChangesAnAnswerChangesItsTag() {
        put("tags", "n,m\n1,2\n2,1\n");
        put("tags", "n,m\n1,2\n2,2\n");
        List<String> tags = Stream.of(
                        etag("tags"),
                        etag("tags@1"),
                        etag("tags?limit=1"),
                        etag("tags?limit=2"),
                        etag("tags?n=eq.1"),
                        etag("tags?m=eq.1"),
                        etag("tags?n=gt.1&n=lt.3"),
                        etag("tags", "Accept", "text/csv"),
                        etag("tags", "Accept", "text/csv", "Prefer", "rendering=source"),
                        etag("tags", "Accept", "application/json;nulls=stripped"),
                        etag("tags", "Accept", "application/x-ndjson"),
                        etag("tags", "Prefer", "count=exact"),
                        etag("tags", "Range", "0-0"))
                .toList();
        assertThat(tags).doesNotHaveDuplicates();
    }

    @Test
    void anEstimateHasNoTag() {
        put("estimated", "n\n1\n");
        assertThat(etag("estimated", "Prefer", "count=planned")).isNull();
        assertThat(etag("estimated", "Prefer", "count=estimated")).isNull();
    }

    @Test
    void whatDependsOnTheDayHasNoTag() {
        put("days", "day,text\n2024-01-02,now\n");
        for (String query : List.of(
                "day=lt.today", "day=in.(Tomorrow)", "or=(day.lt.YESTERDAY,day.is.null)", "select=text::timestamp")) {
            assertThat(etag("days?" + query)).as(query).isNull();
        }
        assertThat(etag("days?day=lt.2024-02-01")).isNotNull();
    }

    @Test
    void whatCannotBeAnsweredIsNotRecognised() {
        put("wrong", "n\n1\n");
        assertThat(status(one, "wrong?nosuch=eq.1", "*")).isEqualTo(400);
    }

    @Test
    void aVersionThatIsKnownIsRecognisedWithoutTheDatabase() {
        put("alone", "n\n1\n2\n");
        String etag = etag("alone@1?n=gt.1");
        key = Keyed.key(one, "write"); // to be remembered from now on
        String kept = get(other, "alone@1?n=gt.1").asString();
        String database = Sql.query(configuration, "SELECT current_database()").getFirst();
        Map<String, String> another = new HashMap<>(configuration);
        another.compute("quarkus.datasource.jdbc.url", (_, url) -> url.replace("/" + database, "/postgres"));
        Sql.run(another, "ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        try {
            Sql.query(
                    another,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'");
            assertThat(status(other, "alone@1?n=gt.1", etag)).isEqualTo(304);
            assertThat(get(other, "alone@1?n=gt.1").asString()).isEqualTo(kept);
            assertThat(status(other, "alone?n=gt.1", etag)).isEqualTo(503);
        } finally {
            Sql.run(another, "ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
        }
    }

    @Test
    void nothingOfADeletedDatasetIsRecognised() {
        put("deleted", "n\n1\n");
        String etag = etag("deleted@1");
        assertThat(status(other, "deleted@1", etag)).isEqualTo(304);
        Keyed.with(key, one).delete("/v1/datasets/deleted").then().statusCode(204);
        assertThat(status(other, "deleted@1", etag)).isEqualTo(404);
        put("deleted", "n\n7\n");
        assertThat(status(other, "deleted@1", etag)).isEqualTo(200);
        assertThat(get(other, "deleted@1").asString()).isEqualTo("[{\"n\":7}]");
    }

    @Test
    void anAnswerThatIsKeptIsTheSameAsTheOneThatWasFound() {
        put("kept", "n,t\n1,\"ä\n\"\"\"\n2,\n3,b\n");
        for (String accept : List.of("application/json", "text/csv", "application/x-ndjson")) {
            double hits = hits(other);
            Response found = asked(one, accept);
            Response kept = asked(other, accept);
            assertThat(hits(other)).isEqualTo(hits + 1);
            assertThat(kept.asByteArray()).isEqualTo(found.asByteArray());
            assertThat(kept.statusCode()).isEqualTo(found.statusCode()).isEqualTo(206);
            for (String header :
                    List.of("Content-Type", "Content-Range", "Link", "Preference-Applied", "ETag", "Vary")) {
                assertThat(kept.header(header)).as(header).isNotNull().isEqualTo(found.header(header));
            }
        }
    }

    private static Response asked(Service service, String accept) {
        return Keyed.with(key, service)
                .header("Accept", accept)
                .header("Prefer", "count=exact")
                .get("/rest/v1/kept?n=gt.0&limit=2");
    }

    private static double hits(Service service) {
        return service.management()
                .get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("sluice_rows_cache_total") && line.contains("hit"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void withoutRedisEveryProcessFindsOutForItself() {
        put("without", "n\n1\n");
        String etag = etag("without@1");
        Map<String, String> without = new HashMap<>(configuration);
        without.put("quarkus.redis.hosts", "redis://127.0.0.1:1");
        without.put("sluice.limit.without-redis", "open");
        try (Service alone = Service.start("web", without).awaitReady()) {
            assertThat(get(alone, "without").asString()).isEqualTo("[{\"n\":1}]");
            assertThat(status(alone, "without@1", etag)).isEqualTo(304);
            String id =
                    Keyed.make(one, "{\"name\":\"x\",\"scopes\":[\"read\"]}").path("id");
            Keyed.with(ADMIN, alone).delete("/v1/keys/" + id).then().statusCode(503);
        }
    }
}
