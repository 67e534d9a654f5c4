package dev.sluice.access;

import static dev.sluice.access.Keyed.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.equalTo;

import dev.sluice.harness.Await;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the audit has beside who did what, how long it has that, and how little others can fill it. */
class AuditIT {
    private static final int REFUSED = 30;
    private static final int REFUSED_OF_AN_ADDRESS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Map<String, String> configuration;
    private static Service web;

    @BeforeAll
    static void start() {
        configuration = Keyed.mode(Servers.migratedDatabase());
        configuration.put("quarkus.http.proxy.proxy-address-forwarding", "true");
        configuration.put("quarkus.http.proxy.trusted-proxies", "127.0.0.1");
        configuration.put("sluice.audit.refused-per-hour", Integer.toString(REFUSED));
        configuration.put("sluice.audit.refused-per-hour-and-address", Integer.toString(REFUSED_OF_AN_ADDRESS));
        configuration.put("sluice.limit.sign-ins-per-hour", "2");
        web = Service.start("web", configuration).awaitReady();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static RequestSpecification from(String address) {
        return Keyed.at(web).header("X-Forwarded-For", address);
    }

    private static Response signIn(String address, String key) {
        return from(address)
                .contentType("application/json")
                .body("{\"key\":\"" + key + "\"}")
                .post("/v1/sessions");
    }

    private static List<Map<String, String>> entries() {
        return Keyed.with(ADMIN, web).get("/v1/audit").jsonPath().getList("items");
    }

    private static List<Map<String, String>> entriesFrom(String address) {
        return entries().stream()
                .filter(entry -> address.equals(entry.get("address")))
                .toList()
                .reversed();
    }

    @Test
    void aRefusedSignInIsOnRecordWithItsReasonAndItsAddressAndNotWithTheSecret() {
        String address = "203.0.113.1";
        Response revoked = Keyed.make(web, "{\"name\":\"revoked\",\"scopes\":[\"read\"]}");
        Keyed.with(ADMIN, web).delete("/v1/keys/" + revoked.path("id")).then().statusCode(204);
        Instant end = Instant.now().plus(1, ChronoUnit.SECONDS);
        Response expired =
                Keyed.make(web, "{\"name\":\"expired\",\"scopes\":[\"read\"],\"expiresAt\":\"" + end + "\"}");
        Await.until("its end", PATIENCE, () -> Instant.now().isAfter(end));
        Response limited = Keyed.make(web, "{\"name\":\"limited\",\"scopes\":[\"read\"]}");
        for (int i = 0; i < 2; i++) {
            signIn("203.0.113.2", limited.path("key")).then().statusCode(201);
        }

        signIn(address, "sluice_no-such-secret").then().statusCode(401);
        signIn(address, revoked.path("key")).then().statusCode(401);
        signIn(address, expired.path("key")).then().statusCode(401);
        signIn(address, limited.path("key")).then().statusCode(429);

        List<Map<String, String>> found = entriesFrom(address);
        assertThat(found).allMatch(entry -> entry.get("action").equals("session.refused"));
        assertThat(found)
                .extracting(entry -> entry.get("actor"), entry -> entry.get("subject"), entry -> entry.get("reason"))
                .containsExactly(
                        tuple("unknown", "unknown key", "unknown"),
                        tuple(revoked.path("id"), revoked.path("id"), "revoked"),
                        tuple(expired.path("id"), expired.path("id"), "expired"),
                        tuple(limited.path("id"), limited.path("id"), "limited"));
        assertThat(Sql.query(configuration, "SELECT a::text FROM sluice.audit a")
                        .toString())
                .doesNotContain("no-such-secret")
                .doesNotContain(revoked.<String>path("key"));
    }

    @Test
    void aChangeHasTheAddressOfItsClient() {
        String address = "203.0.113.3";
        from(address)
                .header("apikey", ADMIN)
                .body("a\n1\n")
                .put("/v1/datasets/addressed")
                .then()
                .statusCode(201);
        from(address)
                .header("apikey", ADMIN)
                .contentType("application/json")
                .body("{\"url\":\"https://example.org/x.csv\"}")
                .post("/v1/datasets/addressed/ingests")
                .then()
                .statusCode(202);
        from(address)
                .header("apikey", ADMIN)
                .contentType("application/json")
                .body("{\"title\":\"t\"}")
                .patch("/v1/datasets/addressed")
                .then()
                .statusCode(200);

        assertThat(entriesFrom(address))
                .extracting(entry -> entry.get("action"))
                .containsExactly("version.published", "ingest.queued", "dataset.changed");
    }

    @Test
    void anUnchangedUploadIsOnRecordIfItChangesIndexes() {
        String address = "203.0.113.4";
        for (int i = 0; i < 3; i++) { // the second changes nothing, the third puts back what the patch changed
            from(address)
                    .header("apikey", ADMIN)
                    .body("a,b\n1,2\n")
                    .put("/v1/datasets/indexed?index=a")
                    .then()
                    .body("version", equalTo(1));
            if (i == 1) {
                Keyed.with(ADMIN, web)
                        .contentType("application/json")
                        .body("{\"index\":[\"b\"]}")
                        .patch("/v1/datasets/indexed")
                        .then()
                        .statusCode(200);
            }
        }

        assertThat(entriesFrom(address))
                .extracting(entry -> entry.get("action"), entry -> entry.get("subject"))
                .containsExactly(tuple("version.published", "indexed@1"), tuple("dataset.changed", "indexed"));
    }

    @Test
    void refusedSignInsFillTheAuditOnlySoFar() {
        Map<String, String> own = Keyed.mode(Servers.migratedDatabase());
        configuration.forEach(own::putIfAbsent);
        try (Service attacked = Service.start("web", own).awaitReady()) {
            for (int address = 0; address < 5; address++) {
                for (int i = 0; i < REFUSED_OF_AN_ADDRESS + 5; i++) {
                    Keyed.at(attacked)
                            .header("X-Forwarded-For", "198.51.100." + address)
                            .contentType("application/json")
                            .body("{\"key\":\"guess " + i + "\"}")
                            .post("/v1/sessions")
                            .then()
                            .statusCode(401);
                }
            }
        }

        assertThat(Sql.query(own, "SELECT count(*) FROM sluice.audit GROUP BY address ORDER BY address"))
                .containsExactly("10", "10", "10");
    }

    @Test
    void aMonthWithoutATableRefusesNothingAndMonthsThatAreTooOldGo() {
        Map<String, String> own = Keyed.mode(Servers.migratedDatabase());
        months(own).forEach(month -> Sql.run(own, "DROP TABLE sluice." + month));
        for (int days : List.of(1000, 500, 300)) {
            Sql.execute(
                    own,
                    "INSERT INTO sluice.audit (at, actor, action, subject) VALUES (now() - interval '" + days
                            + " days', 'x', 'x', '" + days + "')");
        }
        try (Service there = Service.start("web", own).awaitReady()) {
            Keyed.with(ADMIN, there)
                    .body("a\n1\n")
                    .put("/v1/datasets/of-no-month")
                    .then()
                    .statusCode(201);
        }
        assertThat(Sql.query(own, "SELECT action FROM sluice.audit_rest")).contains("version.published");

        List<Service> workers =
                Stream.generate(() -> Service.start("worker", own)).limit(3).toList();
        YearMonth now = YearMonth.now(ZoneOffset.UTC);
        List<String> expected = Stream.concat(
                        Stream.of(YearMonth.from(
                                Instant.now().minus(300, ChronoUnit.DAYS).atZone(ZoneOffset.UTC))),
                        IntStream.range(0, 3).mapToObj(now::plusMonths))
                .map(AuditIT::table)
                .toList();
        Await.until("months are " + expected, PATIENCE, () -> months(own).equals(expected));
        workers.forEach(Service::awaitReady);
        workers.forEach(worker -> assertThat(worker.output()).doesNotContain("audit-months failed"));
        workers.forEach(Service::close);

        assertThat(Sql.query(own, "SELECT action FROM sluice.audit_rest")).isEmpty();
        assertThat(Sql.query(own, "SELECT subject FROM sluice." + expected.getFirst()))
                .containsExactly("300");
        assertThat(Sql.query(own, "SELECT action FROM sluice." + table(now))).contains("version.published");
        assertThat(Sql.query(own, "SELECT subject FROM sluice.audit")).doesNotContain("500", "1000");
    }

    @Test
    void noTableOfTheAuditCanBeChanged() {
        List<String> tables = months(configuration);
        assertThat(tables).hasSize(3);
        for (String table :
                Stream.concat(tables.stream(), Stream.of("audit", "audit_rest")).toList()) {
            for (String statement :
                    List.of("UPDATE sluice.%s SET actor = 'x'", "DELETE FROM sluice.%s", "TRUNCATE sluice.%s")) {
                assertThatThrownBy(() -> Sql.run(configuration, statement.formatted(table)))
                        .as(statement, table)
                        .hasMessageContaining("append-only");
            }
        }
    }

    @Test
    void whatWasThereBeforeMovesToItsMonth() {
        Map<String, String> own = Keyed.mode(Servers.newDatabase());
        Flyway.configure()
                .dataSource(
                        own.get("quarkus.datasource.jdbc.url"),
                        own.get("quarkus.datasource.username"),
                        own.get("quarkus.datasource.password"))
                .schemas("sluice")
                .target("11")
                .load()
                .migrate();
        Sql.run(
                own,
                "INSERT INTO sluice.audit (at, actor, action, subject)"
                        + " SELECT now() - n * interval '31 days', 'x', 'x', n::text FROM generate_series(0, 12) n");
        List<String> before = Sql.query(own, "SELECT (id, at, subject)::text FROM sluice.audit ORDER BY id");

        Service.migrate(own);

        assertThat(Sql.query(own, "SELECT (id, at, subject)::text FROM sluice.audit ORDER BY id"))
                .isEqualTo(before);
        assertThat(Sql.query(own, "SELECT 1 FROM sluice.audit_rest")).isEmpty();
        assertThat(months(own)).hasSizeBetween(15, 16);
        try (Service there = Service.start("web", own).awaitReady()) {
            Keyed.with(ADMIN, there)
                    .body("a\n1\n")
                    .put("/v1/datasets/after")
                    .then()
                    .statusCode(201);
            assertThat(Keyed.with(ADMIN, there).get("/v1/audit").jsonPath().<String>getList("items.subject"))
                    .startsWith("after@1")
                    .endsWith("1", "0")
                    .hasSize(15);
        }
    }

    private static String table(YearMonth month) {
        return "audit_" + month.toString().replace('-', '_');
    }

    private static List<String> months(Map<String, String> of) {
        return Sql.query(
                of,
                "SELECT relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
                        + " WHERE inhparent = 'sluice.audit'::regclass AND relkind = 'r' AND relname <> 'audit_rest' ORDER BY 1");
    }
}
