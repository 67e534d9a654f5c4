package dev.sluice.access;

import static dev.sluice.access.Keyed.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, what is written down of what they did, and what answers give away. */
class KeysIT {
    private static Map<String, String> configuration;
    private static Service service;
    private static Service other;

    @BeforeAll
    static void start() {
        configuration = Keyed.mode(Servers.migratedDatabase());
        service = Service.start("web", configuration);
        other = Service.start("web", configuration);
        service.awaitReady();
        other.awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
        other.close();
    }

    @Test
    void aSecretIsShownOnceAndKeptNowhere() {
        Response made = Keyed.make(service, "{\"name\":\"loader\",\"scopes\":[\"write\"]}");
        String secret = made.then().statusCode(201).extract().path("key");
        String id = made.path("id");

        assertThat(secret).matches("sluice_[A-Za-z0-9_-]{43}").startsWith(made.<String>path("prefix"));
        assertThat(made.header("Location")).endsWith("/v1/keys/" + id);
        assertThat(made.header("Cache-Control")).isEqualTo("no-store");
        assertThat(Keyed.signIn(service, secret).header("Cache-Control")).isEqualTo("no-store");
        assertThat(Keyed.with(ADMIN, service).get("/v1/keys/" + id).asString())
                .contains("\"prefix\"")
                .doesNotContain(secret);
        assertThat(Keyed.with(ADMIN, service).get("/v1/keys").asString())
                .contains(id)
                .doesNotContain(secret);
        assertThat(Sql.query(configuration, "SELECT k::text FROM sluice.api_key k")
                        .toString())
                .doesNotContain(secret);
        assertThat(service.output() + other.output()).doesNotContain(secret).doesNotContain(ADMIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer ", "Authorization: bearer ", "apikey: ", "X-Api-Key: "})
    void aKeyIsTakenFromTheHeadersThatClientsHave(String header) {
        String name = header.substring(0, header.indexOf(':'));
        Keyed.at(service)
                .header(name, header.substring(header.indexOf(':') + 2) + ADMIN)
                .get("/v1/keys")
                .then()
                .statusCode(200);
    }

    @Test
    void aRevokedKeyIsRefusedByEveryProcessAtOnce() {
        Response made = Keyed.make(service, "{\"name\":\"x\",\"scopes\":[\"read\"]}");
        String key = made.path("key");
        Keyed.with(key, other).get("/v1/datasets").then().statusCode(200);
        Keyed.with(ADMIN, service).delete("/v1/keys/" + made.path("id")).then().statusCode(204);
        Keyed.with(key, other).get("/v1/datasets").then().statusCode(401).body("code", equalTo("KEY_INVALID"));
        Keyed.with(ADMIN, service).delete("/v1/keys/" + made.path("id")).then().statusCode(204); // again
    }

    @Test
    void itsLastUseIsWrittenAtMostOnceAMinute() {
        Response made = Keyed.make(service, "{\"name\":\"used\",\"scopes\":[\"read\"]}");
        String seen = "SELECT last_used_at FROM sluice.api_key WHERE id = '" + made.path("id") + "'";
        assertThat(Sql.query(configuration, seen)).containsExactly((String) null);
        Keyed.with(made.path("key"), service).get("/v1/datasets");
        List<String> first = Sql.query(configuration, seen);
        assertThat(first.getFirst()).isNotNull();
        Keyed.with(made.path("key"), other).get("/v1/datasets");
        assertThat(Sql.query(configuration, seen)).isEqualTo(first);
        Sql.run(
                configuration,
                "UPDATE sluice.api_key SET last_used_at = last_used_at - interval '61 seconds' WHERE id = '"
                        + made.path("id") + "'");
        Keyed.signIn(other, made.path("key")); // which never takes a remembered one
        assertThat(Sql.query(configuration, seen).getFirst()).isGreaterThanOrEqualTo(first.getFirst());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}",
                "[]",
                "{\"name\":\"x\",\"scopes\":[]}",
                "{\"name\":\"x\",\"scopes\":[\"all\"]}",
                "{\"name\":\"x\",\"scopes\":\"read\"}",
                "{\"name\":\"\",\"scopes\":[\"read\"]}",
                "{\"name\":1,\"scopes\":[\"read\"]}",
                "{\"name\":\"a\\ud800b\",\"scopes\":[\"read\"]}",
                "{\"name\":\"a\\u0000b\",\"scopes\":[\"read\"]}",
                "{\"name\":\"x\",\"scopes\":[\"read\"],\"datasets\":[\"A\"]}",
                "{\"name\":\"x\",\"scopes\":[\"read\"],\"datasets\":[\"a*b*c*d*\"]}",
                "{\"name\":\"x\",\"scopes\":[\"read\"],\"datasets\":[\"\"]}",
                "{\"name\":\"x\",\"scopes\":[\"admin\"],\"datasets\":[\"a\"]}",
                "{\"name\":\"x\",\"scopes\":[\"read\"],\"expiresAt\":\"2020-01-01T00:00:00Z\"}",
                "{\"name\":\"x\",\"scopes\":[\"read\"],\"expiresAt\":\"soon\"}",
                "{\"name\":\"x\",\"scopes\":[\"read\"],\"owner\":\"me\"}"
            })
    void aKeyThatMakesNoSenseIsNotMade(String json) {
        Keyed.make(service, json).then().statusCode(400).body("code", equalTo("REQUEST_INVALID"));
    }

    @Test
    void aKeyHasAtMost100PatternsAndANameOf200Characters() {
        String patterns = String.join(",", java.util.Collections.nCopies(100, "\"a\""));
        String name = "n".repeat(200);
        Keyed.make(service, "{\"name\":\"" + name + "\",\"scopes\":[\"read\"],\"datasets\":[" + patterns + "]}")
                .then()
                .statusCode(201);
        Keyed.make(service, "{\"name\":\"x\",\"scopes\":[\"read\"],\"datasets\":[" + patterns + ",\"b\"]}")
                .then()
                .statusCode(400);
        Keyed.make(service, "{\"name\":\"" + name + "n\",\"scopes\":[\"read\"]}")
                .then()
                .statusCode(400);
    }

    @Test
    void listsHaveWhatAKeyIsFor() {
        for (String name : List.of("seen-1", "unseen", "seen-2")) {
            Keyed.with(ADMIN, service)
                    .body("a\n1\n")
                    .put("/v1/datasets/" + name)
                    .then()
                    .statusCode(201);
        }
        String key = Keyed.key(service, "read", "seen-*");

        assertThat(Keyed.with(key, service).get("/v1/datasets").jsonPath().<String>getList("items.name"))
                .containsExactlyInAnyOrder("seen-1", "seen-2");
        assertThat(Keyed.with(key, other).get("/v1/ingests").jsonPath().<String>getList("items.dataset"))
                .containsExactlyInAnyOrder("seen-1", "seen-2");
    }

    @Test
    void twoCallersMayUseTheSameIdempotencyKey() {
        String first = Keyed.key(service, "write");
        String second = Keyed.key(service, "write");
        for (String key : List.of(first, second)) {
            Keyed.with(key, service)
                    .header("Idempotency-Key", "one")
                    .body("a\n" + key + "\n")
                    .put("/v1/datasets/idempotent")
                    .then()
                    .statusCode(org.hamcrest.Matchers.lessThan(300));
        }
        Keyed.with(first, service)
                .header("Idempotency-Key", "one")
                .body("a\nx\n")
                .put("/v1/datasets/idempotent")
                .then()
                .statusCode(422);
    }

    @Test
    void everyChangeIsOnRecordWithWhoMadeIt() {
        Response made = Keyed.make(service, "{\"name\":\"changer\",\"scopes\":[\"write\"]}");
        String key = made.path("key");
        String id = made.path("id");
        Keyed.with(key, service)
                .body("a\n1\n")
                .put("/v1/datasets/changed")
                .then()
                .statusCode(201);
        Keyed.with(key, other).body("a\n2\n").put("/v1/datasets/changed").then().statusCode(200);
        Keyed.with(key, other)
                .post("/v1/datasets/changed/versions/1/restore")
                .then()
                .statusCode(200);
        Keyed.with(key, other)
                .contentType("application/json")
                .body("{\"title\":\"t\"}")
                .patch("/v1/datasets/changed")
                .then()
                .statusCode(200);
        Keyed.with(key, other)
                .contentType("application/json")
                .body("{}")
                .patch("/v1/datasets/changed")
                .then()
                .statusCode(200);
        Keyed.with(key, other)
                .post("/v1/datasets/changed/versions/3/restore") // it is current
                .then()
                .statusCode(200);
        String ingest = Keyed.with(key, other)
                .contentType("application/json")
                .body("{\"url\":\"https://example.org/x.csv\"}")
                .post("/v1/datasets/changed/ingests")
                .path("id");
        for (int i = 0; i < 2; i++) { // the second time it has ended
            Keyed.with(key, other)
                    .delete("/v1/ingests/" + ingest.toUpperCase(java.util.Locale.ROOT))
                    .then()
                    .statusCode(200);
        }
        Keyed.with(key, service).delete("/v1/datasets/changed").then().statusCode(204);
        String before = Keyed.session(other, key);
        String session = Keyed.by(before, service)
                .contentType("application/json")
                .body("{\"key\":\"" + key + "\"}")
                .post("/v1/sessions")
                .cookie("sluice_session");
        Keyed.pageBy(session, service).delete("/v1/sessions/current").then().statusCode(204);
        Keyed.with(key, service).delete("/v1/sessions").then().statusCode(204); // there are none
        Keyed.with(ADMIN, service)
                .delete("/v1/keys/" + id.toUpperCase(java.util.Locale.ROOT))
                .then()
                .statusCode(204);

        assertThat(Keyed.with(ADMIN, other).get("/v1/audit").jsonPath().<Map<String, String>>getList("items").stream()
                        .filter(e -> e.get("actor").equals(id))
                        .map(e -> e.get("action"))
                        .toList()
                        .reversed())
                .containsExactly(
                        "version.published",
                        "version.published",
                        "version.restored",
                        "dataset.changed",
                        "ingest.queued",
                        "ingest.cancelled",
                        "dataset.deleted",
                        "session.begun",
                        "session.ended",
                        "session.begun",
                        "session.ended");
        assertThat(Keyed.with(ADMIN, other)
                        .queryParam("subject", ingest)
                        .get("/v1/audit")
                        .jsonPath()
                        .<String>getList("items.action"))
                .containsExactly("ingest.cancelled", "ingest.queued");
        assertThat(Keyed.with(ADMIN, other)
                        .queryParam("subject", id)
                        .get("/v1/audit")
                        .jsonPath()
                        .<String>getList("items.action"))
                .containsExactly("key.revoked", "key.created");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE sluice.audit SET actor = 'x'", "DELETE FROM sluice.audit", "TRUNCATE sluice.audit"})
    void theAuditCannotBeChanged(String statement) {
        assertThatThrownBy(() -> Sql.run(configuration, statement)).hasMessageContaining("append-only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM sluice.api_key",
                "SELECT * FROM sluice.dataset",
                "CREATE TABLE data.x (a int)",
                "CREATE TABLE public.x (a int)",
                "DELETE FROM %s",
                "UPDATE %s SET a = 1",
                "DROP TABLE %s"
            })
    void readingRunsAsWhoCanOnlyRead(String statement) {
        Keyed.with(ADMIN, service).body("a\n1\n").put("/v1/datasets/read-only");
        String table = Sql.query(
                        configuration,
                        "SELECT 'data.' || table_name FROM sluice.segment ORDER BY created_at DESC LIMIT 1")
                .getFirst();
        String reader = "SET ROLE sluice_reader; ";
        Sql.run(configuration, reader + "SELECT * FROM " + table);
        assertThatThrownBy(() -> Sql.run(configuration, reader + String.format(statement, table)))
                .hasMessageMatching("(?s).*(permission denied|must be owner).*");
    }

    @Test
    void aCommandMakesTheFirstKey() {
        Map<String, String> fresh = new HashMap<>(Servers.migratedDatabase());
        fresh.put("sluice.access.mode", "keys");
        String secret;
        try (Service command = Service.commandWithoutLog(fresh, "create-key", "the first", "admin")) {
            assertThat(command.exitCode()).isZero();
            secret = command.output().strip();
        }
        try (Service there = Service.start("web", fresh).awaitReady()) {
            Keyed.with(secret, there).get("/v1/keys").then().statusCode(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create-key|a name and a scope are missing",
                "create-key x all|is no scope",
                "create-key x read A|A pattern of datasets",
                "no-such|There is no command"
            })
    void aCommandThatIsWrongSaysHowItIsRight(String command, String word) {
        try (Service wrong = Service.command(configuration, command.split(" "))) {
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.output()).contains(word).contains("create-key NAME read|write|admin");
        }
    }

    @Test
    void answersCarryWhatBrowsersMustHeed() {
        for (String path : List.of("/v1/datasets", "/nothing", "/q/openapi")) {
            Response answer = Keyed.with(ADMIN, service)
                    .header("Origin", "https://x.example")
                    .get(path);
            assertThat(answer.header("Content-Security-Policy"))
                    .contains("default-src 'self'", "frame-ancestors 'none'");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
            assertThat(answer.header("Access-Control-Allow-Origin"))
                    .as("CORS is off")
                    .isNull();
        }
        assertThat(Keyed.with(ADMIN, service).get("/v1/datasets").header("Cache-Control"))
                .isEqualTo("private, no-cache");
    }

    @Test
    void theAccessLogHasThePathAndNoSecret() {
        Keyed.with(ADMIN, service)
                .cookie("sluice_session", "a-secret-of-a-session")
                .get("/rest/v1/none?a=eq.private");
        dev.sluice.harness.Await.until("the line", java.time.Duration.ofSeconds(20), () -> {
            return service.output().contains("GET /rest/v1/none");
        });
        assertThat(service.output()).doesNotContain(ADMIN, "a-secret-of-a-session", "eq.private");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"line|8300|414", "header|17000|431"})
    void aHeadHasAtMost16KiBAndALineOf8(String what, int size, int status) {
        String x = "x".repeat(size);
        try (Client client = Client.to(service)) {
            String answer = client.send("GET /v1/datasets" + (what.equals("line") ? "?" + x : "")
                            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + (what.equals("header") ? "X: " + x + "\r\n" : "") + "\r\n")
                    .readAll();
            assertThat(answer).matches("(?s)HTTP/1.[01] " + status + " .*");
        }
    }
}
