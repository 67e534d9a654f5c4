package dev.sluice.access;

import static dev.sluice.access.Keyed.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Memcached;
import dev.sluice.harness.RedisConnection;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import dev.sluice.local.EmbeddedServers;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions on several processes, and how they end. */
class SessionsIT {
    private static final Duration IDLE = Duration.ofSeconds(3);
    private static final Duration LIFETIME = Duration.ofSeconds(6);

    private static EmbeddedServers servers;
    private static Map<String, String> configuration;
    private static Service a;
    private static Service b;
    private static Service c;
    private static Service shortLived;

    @BeforeAll
    static void start() throws IOException {
        servers = EmbeddedServers.start();
        configuration = Keyed.mode(servers.newDatabase("sessions"));
        Service.migrate(configuration);
        a = Service.start("web", configuration);
        b = Service.start("web", configuration);
        c = Service.start("web", configuration);
        Map<String, String> fast = new TreeMap<>(configuration);
        fast.put("sluice.session.idle", IDLE.toString());
        fast.put("sluice.session.lifetime", LIFETIME.toString());
        fast.put("sluice.session.per-key", "2");
        fast.put("sluice.limit.without-redis", "closed");
        shortLived = Service.start("web", fast);
        List.of(a, b, c, shortLived).forEach(Service::awaitReady);
    }

    @AfterAll
    static void stop() throws IOException {
        List.of(a, b, c, shortLived).forEach(Service::close);
        servers.close();
    }

    @Test
    void aSessionGoesOnWhenTheProcessThatBeganItIsGone() {
        String key = Keyed.key(b, "write");
        try (Service first = Service.start("web", configuration).awaitReady()) {
            String session = Keyed.session(first, key);
            Keyed.by(session, b).get("/v1/datasets").then().statusCode(200);

            first.kill();

            Keyed.by(session, c).get("/v1/sessions/current").then().statusCode(200);
            Keyed.pageBy(session, c).delete("/v1/sessions/current").then().statusCode(204);
            Keyed.by(session, b).get("/v1/datasets").then().statusCode(401).body("code", equalTo("SESSION_ENDED"));
        }
    }

    @Test
    void aSessionKnowsItsKeyItsClientAndItsTimes() {
        Response begun = Keyed.signIn(a, Keyed.key(a, "write", "x-*"));
        begun.then()
                .statusCode(201)
                .body("name", equalTo("a key"))
                .body("scopes", equalTo(List.of("read", "write")))
                .body("datasets", equalTo(List.of("x-*")))
                .body("current", equalTo(true))
                .body("userAgent", org.hamcrest.Matchers.startsWith("Apache"));
        assertThat(begun.header("Set-Cookie"))
                .contains("HttpOnly")
                .contains("SameSite=Lax")
                .contains("Path=/");
        assertThat(begun.header("Set-Cookie"))
                .as("from this machine, without TLS")
                .doesNotContain("Secure");
    }

    /** As browsers have it: a page of another host can neither set such a cookie nor have it sent elsewhere. */
    @Test
    void aCookieOfAnotherMachineIsOfItsHostAlone() {
        Response begun = Keyed.at(a)
                .header("Host", "sluice.example")
                .contentType("application/json")
                .body("{\"key\":\"" + ADMIN + "\"}")
                .post("/v1/sessions");

        begun.then().statusCode(201);
        assertThat(begun.header("Set-Cookie"))
                .startsWith("__Host-sluice_session=")
                .contains("Secure", "HttpOnly", "Path=/", "SameSite=Lax")
                .doesNotContain("Domain");
        String session = begun.cookie("__Host-sluice_session");
        for (String name : List.of("__Host-sluice_session", "sluice_session")) {
            Keyed.at(b)
                    .header("Host", "sluice.example")
                    .cookie(name, session)
                    .get("/v1/datasets")
                    .then()
                    .statusCode(name.startsWith("__Host-") ? 200 : 401);
        }
    }

    @Test
    void redisDoesNotKnowTheSecret() {
        String session = Keyed.session(a, ADMIN);
        try (RedisConnection redis = RedisConnection.to(configuration)) {
            String all = redis.send("KEYS", "*").toString();
            assertThat(all).contains(redis.key("session:")).doesNotContain(session);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s; $Version=1=1", "a=b;\u00de c=\"d\"; %s", "=; ;;%s", "x=y\r\nCookie: %s"})
    void otherCookiesMayBeAnything(String cookies) {
        String session = "sluice_session=" + Keyed.session(a, ADMIN);
        try (Client client = Client.to(b)) {
            assertThat(client.send(
                                    ("GET /v1/sessions/current HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: "
                                                    + cookies.replace("%s", session) + "\r\n\r\n")
                                            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                            .readAll())
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void everySignInHasAnotherSecretAndEndsTheSessionBefore() {
        String key = Keyed.key(a, "read");
        String first = Keyed.session(a, key);
        String second = Keyed.by(first, b)
                .contentType("application/json")
                .body("{\"key\":\"" + key + "\"}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .cookie("sluice_session");

        assertThat(second).isNotEqualTo(first);
        Keyed.by(first, c).get("/v1/datasets").then().statusCode(401);
        Keyed.by(second, c).get("/v1/datasets").then().statusCode(200);
    }

    @Test
    void oneOfMyOwnSessionsCanBeEndedAndNoOther() {
        String key = Keyed.key(a, "read");
        String first = Keyed.session(a, key);
        String second = Keyed.session(b, key);
        String others = Keyed.session(a, Keyed.key(a, "read"));
        List<String> mine = Keyed.by(first, c).get("/v1/sessions").jsonPath().getList("items.id");
        String foreign = Keyed.by(others, c).get("/v1/sessions/current").path("id");
        assertThat(mine).hasSize(2).doesNotContain(foreign);

        String id = Keyed.by(second, c).get("/v1/sessions/current").path("id");
        Keyed.pageBy(first, c).delete("/v1/sessions/" + id).then().statusCode(204);
        Keyed.pageBy(first, c)
                .delete("/v1/sessions/" + foreign)
                .then()
                .statusCode(404)
                .body("code", equalTo("SESSION_NOT_FOUND"));

        Keyed.by(second, a).get("/v1/datasets").then().statusCode(401);
        Keyed.by(first, a).get("/v1/datasets").then().statusCode(200);
        Keyed.with(key, a).delete("/v1/sessions").then().statusCode(204);
        Keyed.by(first, b).get("/v1/datasets").then().statusCode(401);
        Keyed.by(others, b).get("/v1/datasets").then().statusCode(200);
    }

    @Test
    void aRevokedKeyTakesItsSessionsWithIt() {
        Response made = Keyed.make(a, "{\"name\":\"gone\",\"scopes\":[\"read\"]}");
        String session = Keyed.session(b, made.path("key"));
        Keyed.with(ADMIN, c).delete("/v1/keys/" + made.path("id")).then().statusCode(204);

        Keyed.by(session, a).get("/v1/datasets").then().statusCode(401);
        Keyed.with(made.path("key"), b)
                .get("/v1/datasets")
                .then()
                .statusCode(401)
                .body("code", equalTo("KEY_INVALID"));
        Keyed.signIn(a, made.path("key")).then().statusCode(401);
    }

    @Test
    void theStateOfAClientIsKeptAsItWroteItAndOnlyInPlaceOfWhatItKnows() {
        String session = Keyed.session(a, ADMIN);
        Response first = put(session, "{\"zoom\": 1.50}", null);
        first.then().statusCode(200);
        String etag = first.header("ETag");

        Response read = Keyed.by(session, b).get("/v1/sessions/current/state");
        assertThat(read.asString()).isEqualTo("{\"zoom\": 1.50}");
        assertThat(read.header("ETag")).isEqualTo(etag);
        put(session, "{\"zoom\":2}", etag).then().statusCode(200);
        put(session, "{\"zoom\":3}", etag).then().statusCode(412).body("code", equalTo("PRECONDITION_FAILED"));
        assertThat(Keyed.by(session, c).get("/v1/sessions/current").jsonPath().getInt("state.zoom"))
                .isEqualTo(2);
    }

    @Test
    void aStateHasAtMost16KiBAndIsJson() {
        String session = Keyed.session(a, ADMIN);
        String largest = '"' + "x".repeat(16 * 1024 - 2) + '"';
        put(session, largest, null).then().statusCode(200);
        put(session, '"' + largest, null).then().statusCode(413).body("code", equalTo("BODY_TOO_LARGE"));
        put(session, "{", null).then().statusCode(400).body("code", equalTo("REQUEST_INVALID"));
        put(session, "", null).then().statusCode(400);
        put(session, "{\"half a pair\":\"\\udc00\"}", null).then().statusCode(400);
        put(session, "{\"\\ud800 in a name\":0}", null).then().statusCode(400);
        Keyed.pageBy(session, c)
                .contentType("application/json")
                .body("{\"in\":\"another encoding\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE))
                .put("/v1/sessions/current/state")
                .then()
                .statusCode(400);
        assertThat(Keyed.by(session, b).get("/v1/sessions/current/state").asString())
                .isEqualTo(largest);
    }

    @Test
    void aStateIsNestedAtMost100Deep() {
        String session = Keyed.session(a, Keyed.key(a, "read"));
        put(session, "[".repeat(101) + "]".repeat(101), null).then().statusCode(400);
        put(session, "[".repeat(100) + "]".repeat(100), null).then().statusCode(200);
        assertThat(Keyed.by(session, b).get("/v1/sessions").jsonPath().getList("items"))
                .hasSize(1);
    }

    @Test
    void ifMatchMayHaveSeveralTagsAndNoneThatIsEmpty() {
        String session = Keyed.session(a, ADMIN);
        String etag = put(session, "1", "*").header("ETag");
        put(session, "2", "").then().statusCode(412);
        put(session, "2", "\"x\", " + etag).then().statusCode(200);
        put(session, "3", "\"x\", " + etag).then().statusCode(412);
    }

    private static Response put(String session, String state, String ifMatch) {
        var request = Keyed.pageBy(session, c).contentType("application/json").body(state);
        return (ifMatch == null ? request : request.header("If-Match", ifMatch)).put("/v1/sessions/current/state");
    }

    @Test
    void aSessionThatIsUsedOutlivesItsIdleTimeAndEndsAtItsLifetime() {
        String session = Keyed.session(shortLived, ADMIN);
        long begin = System.nanoTime();
        Await.until("its end", LIFETIME.multipliedBy(3), () -> {
            return Keyed.by(session, shortLived).get("/v1/sessions").statusCode() == 401;
        });
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(LIFETIME.minusSeconds(1), LIFETIME.plusSeconds(3));
    }

    @Test
    void aSessionThatIsNotUsedEndsAfterItsIdleTime() {
        String session = Keyed.session(shortLived, ADMIN);
        String id = Keyed.by(session, shortLived).get("/v1/sessions/current").path("id");
        long begin = System.nanoTime();
        try (RedisConnection redis = RedisConnection.to(configuration)) {
            Await.until("its end", LIFETIME, () -> {
                return redis.send("EXISTS", redis.key("session:" + id)).toInteger() == 0;
            });
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(IDLE.minusSeconds(1), IDLE.plusSeconds(2));
        Keyed.by(session, shortLived).get("/v1/datasets").then().statusCode(401);
    }

    @Test
    void oneSessionMoreThanAKeyMayHaveEndsTheOldest() {
        String key = Keyed.key(a, "read");
        List<String> sessions =
                List.of(Keyed.session(shortLived, key), Keyed.session(shortLived, key), Keyed.session(shortLived, key));

        Keyed.by(sessions.get(0), a).get("/v1/datasets").then().statusCode(401);
        Keyed.by(sessions.get(1), a).get("/v1/datasets").then().statusCode(200);
        Keyed.by(sessions.get(2), a).get("/v1/datasets").then().statusCode(200);
    }

    @Test
    void whatHasEndedIsNotCounted() {
        String key = Keyed.key(a, "read");
        String signedOut = Keyed.session(shortLived, key);
        String expired = Keyed.session(shortLived, key);
        String id = Keyed.by(expired, a).get("/v1/sessions/current").path("id");
        Keyed.pageBy(signedOut, a).delete("/v1/sessions/current").then().statusCode(204);
        try (RedisConnection redis = RedisConnection.to(configuration)) {
            assertThat(redis.send("DEL", redis.key("session:" + id)).toInteger())
                    .isEqualTo(1);
        }
        List<String> live = List.of(Keyed.session(shortLived, key), Keyed.session(shortLived, key));

        Keyed.by(live.get(0), a).get("/v1/datasets").then().statusCode(200);
        Keyed.by(live.get(1), a).get("/v1/datasets").then().statusCode(200);
    }

    /** Whoever signs in while others end all sessions of the key is in one of two states, and never in between. */
    @Test
    void noSessionEscapesTheRevocationOfItsKey() throws InterruptedException {
        Response made = Keyed.make(a, "{\"name\":\"busy\",\"scopes\":[\"read\"]}");
        String key = made.path("key");
        Queue<String> begun = new ConcurrentLinkedQueue<>();
        List<Thread> clients = Stream.of(a, b, c)
                .map(process -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 30; i++) {
                        begun.add(Keyed.session(process, key));
                        Keyed.with(key, process).delete("/v1/sessions").then().statusCode(204);
                    }
                    begun.add(Keyed.session(process, key));
                }))
                .toList();
        for (Thread client : clients) {
            client.join();
        }
        List<String> live = begun.stream()
                .filter(session -> Keyed.by(session, a).get("/v1/datasets").statusCode() == 200)
                .toList();
        assertThat(live).isNotEmpty();
        assertThat(Keyed.by(live.getFirst(), a).get("/v1/sessions").jsonPath().getList("items"))
                .hasSameSizeAs(live);
        Keyed.with(ADMIN, c).delete("/v1/keys/" + made.path("id")).then().statusCode(204);
        live.forEach(session -> Keyed.by(session, b).get("/v1/datasets").then().statusCode(401));
    }

    @Test
    void anEventStreamEndsWithItsKeyAndWithItsSession() {
        Response made = Keyed.make(a, "{\"name\":\"watcher\",\"scopes\":[\"write\"]}");
        String key = made.path("key");
        String events = Keyed.with(key, a)
                        .contentType("application/json")
                        .body("{\"url\":\"https://example.org/x.csv\"}")
                        .post("/v1/datasets/never-fetched/ingests")
                        .then()
                        .statusCode(202)
                        .extract()
                        .header("Location")
                        .replaceFirst(".*(?=/v1/)", "")
                + "/events";
        String session = Keyed.session(a, key);
        try (Client byKey = watch(events, "apikey: " + key);
                Client bySession = watch(events, "Cookie: sluice_session=" + session)) {
            Keyed.pageBy(session, a).delete("/v1/sessions/current").then().statusCode(204);
            assertThat(untilItsEnd(bySession)).contains("retry: 1000");
            Keyed.with(ADMIN, a).delete("/v1/keys/" + made.path("id")).then().statusCode(204);
            assertThat(untilItsEnd(byKey)).contains("retry: 1000");
        }
    }

    /** Returns when the answer has begun: from then on only its end can show that it may not go on. */
    private static Client watch(String events, String who) {
        Client client = Client.to(b)
                .send("GET " + events + " HTTP/1.1\r\nHost: localhost\r\n" + who + "\r\nConnection: close\r\n\r\n");
        Await.until("the stream has begun", Duration.ofSeconds(20), client::isAnswered);
        return client;
    }

    /** What came of a stream, which would go on for ever if nobody ended it. */
    private static String untilItsEnd(Client client) {
        return CompletableFuture.supplyAsync(client::readAll)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** In one test, since the others need a Redis that answers. */
    @Test
    void aRedisThatHangsHoldsUpNobodyElse() throws Exception {
        try (EmbeddedServers own = EmbeddedServers.start()) {
            Map<String, String> alone = Keyed.mode(own.newDatabase("hanging"));
            Service.migrate(alone);
            alone.put("sluice.session.patience", "20s");
            alone.put("sluice.limit.key.per-second", "0");
            alone.put("sluice.limit.address.per-second", "0");
            Map<String, String> open = new TreeMap<>(alone);
            open.put("sluice.access.mode", "open");
            try (Service keyed = Service.start("web", alone).awaitReady();
                    Service unkeyed = Service.start("web", open).awaitReady();
                    RedisConnection redis = RedisConnection.to(alone);
                    ExecutorService clients = Executors.newFixedThreadPool(40)) {
                String key = Keyed.key(keyed, "read");
                redis.send("CLIENT", "PAUSE", "600000", "ALL");
                List<Future<Response>> waiting = Stream.generate(() ->
                                clients.submit(() -> Keyed.with(key, keyed).delete("/v1/sessions")))
                        .limit(40)
                        .toList();
                Await.until(
                        "a session is waited for",
                        Duration.ofSeconds(30),
                        () -> Sql.query(
                                                alone,
                                                "SELECT 1 FROM sluice.api_key WHERE name = 'a key' AND last_used_at IS NOT NULL")
                                        .size()
                                == 1);

                Keyed.with(key, keyed).get("/v1/datasets").then().statusCode(200);
                assertThat(keyed.management().get("/q/health/ready").body()).contains("\"redis\": \"down\"");
                Keyed.by("of-another-time", unkeyed).get("/v1/datasets").then().statusCode(200);
                assertThat(waiting).noneMatch(Future::isDone);
                keyed.kill();
            }
        }
    }

    @Test
    void memcachedIsAStoreLikeRedis() throws IOException {
        try (Memcached memcached = Memcached.start("-M")) {
            Map<String, String> there = new TreeMap<>(configuration);
            there.put("sluice.session.store", "memcached");
            there.put("sluice.session.memcached", memcached.address());
            String key = Keyed.key(a, "read");
            try (Service first = Service.start("web", there).awaitReady();
                    Service second = Service.start("web", there).awaitReady()) {
                String session = Keyed.session(first, key);
                Keyed.by(session, second).get("/v1/datasets").then().statusCode(200);
                Keyed.with(key, second).delete("/v1/sessions").then().statusCode(204);
                Keyed.by(session, first).get("/v1/datasets").then().statusCode(401);
            }
        }
    }

    @Test
    void aMemcachedThatWouldDropSessionsIsRefusedAtTheStart() throws IOException {
        try (Memcached memcached = Memcached.start()) {
            Map<String, String> there = new TreeMap<>(configuration);
            there.put("sluice.session.store", "memcached");
            there.put("sluice.session.memcached", memcached.address());
            try (Service refused = Service.start("web", there)) {
                assertThat(refused.exitCode()).isNotZero();
                assertThat(refused.output()).contains("Memcached may drop sessions when it is full. Start it with -M.");
            }
        }
    }

    @Test
    void aSessionEndsWithItsKeyAtTheLatest() {
        java.time.Instant expiry = java.time.Instant.now().plusSeconds(3);
        String key = Keyed.make(a, "{\"name\":\"soon\",\"scopes\":[\"read\"],\"expiresAt\":\"" + expiry + "\"}")
                .path("key");
        String session = Keyed.session(a, key);
        Await.until("the end of both", Duration.ofSeconds(20), () -> {
            return Keyed.by(session, b).get("/v1/datasets").statusCode() == 401
                    && Keyed.with(key, b).get("/v1/datasets").statusCode() == 401;
        });
        assertThat(java.time.Instant.now()).isAfter(expiry);
    }

    /** In one test, since the others need Redis. */
    @Test
    void withoutRedisKeysGoOnAndAfterwardsOneSignsInAgain() throws IOException {
        try (EmbeddedServers own = EmbeddedServers.start()) {
            Map<String, String> alone = Keyed.mode(own.newDatabase("alone"));
            Service.migrate(alone);
            Map<String, String> closed = new TreeMap<>(alone);
            closed.put("sluice.limit.without-redis", "closed");
            try (Service open = Service.start("web", alone).awaitReady();
                    Service shut = Service.start("web", closed).awaitReady()) {
                String session = Keyed.session(open, ADMIN);
                Keyed.with(ADMIN, open)
                        .body("a\n1\n")
                        .put("/v1/datasets/kept")
                        .then()
                        .statusCode(201);
                Keyed.with(ADMIN, shut).get("/v1/datasets").then().statusCode(200);

                own.stopRedis();
                Keyed.by(session, open)
                        .get("/v1/datasets")
                        .then()
                        .statusCode(503)
                        .header("Retry-After", "5")
                        .body("code", equalTo("SESSIONS_UNAVAILABLE"));
                Keyed.with(ADMIN, open).get("/rest/v1/kept").then().statusCode(200);
                Keyed.with(ADMIN, shut)
                        .get("/rest/v1/kept")
                        .then()
                        .statusCode(503)
                        .body("code", equalTo("LIMITS_UNAVAILABLE"));

                own.startRedis(); // empty
                Await.until("Redis is there again", Duration.ofSeconds(30), () -> {
                    return Keyed.by(session, open).get("/v1/datasets").statusCode() == 401;
                });
                String again = Keyed.session(open, ADMIN);
                Keyed.by(again, open)
                        .get("/rest/v1/kept")
                        .then()
                        .statusCode(200)
                        .body("a", equalTo(List.of(1)));
                Keyed.with(ADMIN, shut).get("/rest/v1/kept").then().statusCode(200);
            }
        }
    }

    @Test
    void aRedisThatWouldDropSessionsIsRefusedAtTheStart() throws IOException {
        try (EmbeddedServers own = EmbeddedServers.start()) {
            Map<String, String> alone = Keyed.mode(own.newDatabase("evicting"));
            Service.migrate(alone);
            try (RedisConnection redis = RedisConnection.to(alone)) {
                redis.send("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
            }
            try (Service refused = Service.start("web", alone)) {
                assertThat(refused.exitCode()).isNotZero();
                assertThat(refused.output()).contains("Redis may drop sessions: its maxmemory-policy is allkeys-lru");
            }
        }
    }
}
