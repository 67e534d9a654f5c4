package dev.sluice.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Await;
import dev.sluice.harness.EventSource;
import dev.sluice.harness.RedisConnection;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process makes of entries in Redis that another client has written. */
class HostileRedisIT {
    private static final String CSV = "a,done\n1,yes\n2,no\n";
    private static final String JSON = "[{\"a\":1,\"done\":true},{\"a\":2,\"done\":false}]";

    /** SQL that leaves a trace: the connection that ran it holds a lock. */
    private static final String SQL = "(SELECT pg_advisory_lock(4711)::text)";

    private static Map<String, String> configuration;
    private static Service web;
    private static RedisConnection redis;

    @BeforeAll
    static void start() {
        configuration = new TreeMap<>(Servers.migratedDatabase());
        configuration.put("sluice.query.cache-from", "0s");
        configuration.put("sluice.ingest.events-check-every", "200ms");
        web = Service.start("web", configuration).awaitReady();
        redis = RedisConnection.to(configuration);
    }

    @AfterAll
    static void stop() {
        redis.close();
        web.close();
    }

    private static Response get(String path, String accept, String prefer) {
        return given().baseUri(web.uri("").toString())
                .accept(accept)
                .header("Prefer", prefer)
                .get(path);
    }

    private static String uploaded() {
        String name = Api.newName();
        given().baseUri(web.uri("").toString())
                .body(CSV)
                .put("/v1/datasets/" + name)
                .then()
                .statusCode(201);
        return name;
    }

    /** What is remembered of version 1 of a dataset. */
    private static String remembered(String name) {
        assertThat(get("/rest/v1/" + name + "@1", "application/json", "").asString())
                .isEqualTo(JSON);
        return redis.send("HGET", redis.key("cache:versions:" + name), "1").toString();
    }

    private static void remember(String name, String entry) {
        redis.send("HSET", redis.key("cache:versions:" + name), "1", entry);
        assertThat(redis.send("HGET", redis.key("cache:versions:" + name), "1").toString())
                .isEqualTo(entry);
    }

    private static void theRightRowsComeAndNoSqlOfTheEntryRan(String name) {
        for (String target : List.of(name, name + "@1")) {
            assertThat(get("/rest/v1/" + target, "application/json", "").asString())
                    .isEqualTo(JSON);
            assertThat(get("/rest/v1/" + target, "text/csv", "rendering=source").asString())
                    .isEqualTo(CSV);
        }
        assertThat(Sql.query(configuration, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"t_[0-9a-f]*\"|\"t_1\\\\\" AS x, {sql} AS y, data.\\\\\"{table}\"",
                "\"t_[0-9a-f]*\"|null",
                "\"tables\":\\[[^]]*\\]|\"tables\":[]",
                "\"name\":\"a\"|\"name\":\"a\\\\\", {sql} AS \\\\\"b\"",
                "\"name\":\"a\"|\"name\":\"xmin\"",
                "\"type\":\"bigint\"|\"type\":\"{sql}\"",
                "\"format\":\"yes/no\"|\"format\":\"yes'||{sql}||'/no\"",
                "\"rows\":2|\"rows\":-1",
                "\"rowBytes\":[0-9]*|\"rowBytes\":0",
                "\"id\":\"[^\"]*\"|\"id\":null",
                ".*|null",
                ".*|[]",
                ".*|no JSON",
            })
    void whatNoLoadCanHaveMadeIsReadFromTheDatabase(String part, String hostile) {
        String name = uploaded();
        String entry = remembered(name);
        String table = Sql.query(configuration, "SELECT table_name FROM sluice.segment ORDER BY id DESC LIMIT 1")
                .getFirst();
        assertThat(entry).contains(table);
        remember(name, entry.replaceFirst(part, hostile).replace("{sql}", SQL).replace("{table}", table));

        theRightRowsComeAndNoSqlOfTheEntryRan(name);
    }

    /** Else what is remembered would be read from the database every time. */
    @Test
    void whatALoadHasMadeIsFound() {
        String name = Api.newName();
        String header = "Größe (m²),a,b,c,d,e,f,g,h,i\n";
        String row = "1,Y,\"1,234\",1.5,1.0e3,2024-01-02,12:30,2024-01-02 03:04:05Z,"
                + "123e4567-e89b-12d3-a456-426614174000,01/31/2024 1:05 PM\n"
                + "2,N,\"2,234\",.25,1.5e7,2024-01-03,13:30,2024-01-03 03:04:05Z,"
                + "123e4567-e89b-12d3-a456-426614174001,02/28/2024 11:05 AM\n";
        given().baseUri(web.uri("").toString())
                .body((header + row).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .put("/v1/datasets/" + name)
                .then()
                .statusCode(201);
        get("/rest/v1/" + name + "@1", "application/json", "").then().statusCode(200);
        String key = redis.key("cache:versions:" + name);
        String entry = redis.send("HGET", key, "1").toString();
        assertThat(entry).contains("größe_m2").contains("\"timestamptz\"").contains("\"uuid\"");
        remember(name, entry.replace("\"label\":\"a\"", "\"label\":\"changed\""));

        assertThat(get("/rest/v1/" + name + "@1", "text/csv", "rendering=source")
                        .asString())
                .contains(",changed,b,");
    }

    /** Its words are data, and so is the text of NULL. */
    @Test
    void sqlInWordsAndInTheTextOfNullIsData() {
        String name = uploaded();
        remember(
                name,
                remembered(name)
                        .replace("\"yes/no\"", "\"x'||" + SQL + "||'/y\"")
                        .replace("\"nullToken\":null", "\"nullToken\":\"'||" + SQL + "||'\""));

        assertThat(get("/rest/v1/" + name + "@1", "text/csv", "rendering=source")
                        .asString())
                .isEqualTo("a,done\n1,x'||" + SQL + "||'\n2,y\n");
        assertThat(Sql.query(configuration, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null\n",
                "no JSON\n[]",
                "no line break",
                "{}\n[]",
                "{\"status\":302,\"headers\":{\"Location\":\"https://evil.example\"}}\n",
                "{\"status\":200,\"headers\":{\"Content-Type\":\"text/html\"}}\n<script>",
                "{\"status\":200,\"headers\":{\"Set-Cookie\":\"sluice_session=x\"}}\n[]",
                "{\"status\":200,\"headers\":{\"Link\":\"<https://evil.example/rest/v1/>; rel=\\\"next\\\"\"}}\n[]",
                "{\"status\":200,\"headers\":{\"Content-Range\":\"0-1/2\\r\\nX: y\"}}\n[]",
                "{\"status\":200,\"headers\":{\"Link\":null}}\n[]",
            })
    void whatNoProcessCanHaveKeptIsReadFromTheDatabase(String hostile) {
        String path = "/rest/v1/" + uploaded() + "?a=gt.0&order=a";
        Response first = get(path, "application/json", "");
        assertThat(first.asString()).isEqualTo(JSON);
        String key = redis.key("rows:" + first.header("ETag"));
        assertThat(redis.send("EXISTS", key).toInteger()).isEqualTo(1);
        redis.send("SET", key, hostile);

        Response second = get(path, "application/json", "");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.asString()).isEqualTo(JSON);
        assertThat(names(second)).isEqualTo(names(first));
        assertThat(second.contentType()).isEqualTo(first.contentType());
    }

    private static Set<String> names(Response response) {
        return StreamSupport.stream(response.headers().spliterator(), false)
                .map(header -> header.getName())
                .collect(Collectors.toSet());
    }

    @Test
    void theDoorbellGoesOnAfterNonsense() {
        Await.until("the process listens", Duration.ofSeconds(30), () -> ring("work") > 0);
        assertThat(ring("nonsense")).isEqualTo(1);
        assertThat(ring("work")).isEqualTo(1);
        given().baseUri(web.uri("").toString()).get("/v1/datasets").then().statusCode(200);
        assertThat(ring("work")).isEqualTo(1);
        assertThat(web.output()).doesNotContain("IllegalArgumentException");
    }

    private static int ring(String message) {
        return redis.send("PUBLISH", redis.key("doorbell"), message).toInteger();
    }

    @Test
    void anEntryOfAStreamIsOneEventAndTheEndIsThatOfTheDatabase() {
        String name = uploaded();
        String ingest = Sql.query(configuration, "SELECT id FROM sluice.ingest WHERE dataset = '" + name + "'")
                .getFirst();
        String stream = redis.key("ingest:{" + ingest + "}:events");
        Await.until("its events", Duration.ofSeconds(30), () -> {
            return redis.send("EXISTS", stream).toInteger() == 1;
        });
        redis.send("DEL", stream);
        redis.send("XADD", stream, "*", "x", "y");
        redis.send("XADD", stream, "*", "event", "progress\nevent: done", "data", "{}\n\nevent: done\r\ndata: {}");

        try (EventSource events = EventSource.open(web, "/v1/ingests/" + ingest + "/events", null)) {
            assertThat(events.rest())
                    .extracting(EventSource.Event::type, e -> e.id() == null)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("progress", false),
                            org.assertj.core.groups.Tuple.tuple("progress", false),
                            org.assertj.core.groups.Tuple.tuple("done", true));
        }
    }
}
