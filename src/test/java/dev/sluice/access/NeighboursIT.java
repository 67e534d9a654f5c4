package dev.sluice.access;

import static dev.sluice.access.Keyed.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.sluice.harness.Await;
import dev.sluice.harness.EventSource;
import dev.sluice.harness.RedisConnection;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import io.restassured.response.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two installations, each with a database and a process of its own, on one Redis. */
class NeighboursIT {
    private static final int BURST = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Map<String, String> ours;
    private static Map<String, String> theirs;
    private static Service us;
    private static Service them;
    private static RedisConnection redis;
    private static RedisConnection theirRedis;

    @BeforeAll
    static void start() {
        ours = configuration();
        theirs = configuration();
        us = Service.start("web", ours);
        them = Service.start("web", theirs);
        us.awaitReady();
        them.awaitReady();
        redis = RedisConnection.to(ours);
        theirRedis = RedisConnection.to(theirs);
    }

    private static Map<String, String> configuration() {
        Map<String, String> configuration = Keyed.mode(Servers.migratedDatabase());
        configuration.put("sluice.limit.key.per-second", "1");
        configuration.put("sluice.limit.key.burst", Integer.toString(BURST));
        configuration.put("sluice.limit.bytes-per-day", "1G");
        configuration.put("sluice.query.cache-from", "0s");
        return configuration;
    }

    @AfterAll
    static void stop() {
        redis.close();
        theirRedis.close();
        us.close();
        them.close();
    }

    @Test
    void anAdminOfOneIsNoAdminOfTheOther() {
        String session = Keyed.session(us, ADMIN);
        Keyed.by(session, us).get("/v1/keys").then().statusCode(200);
        Keyed.by(session, them).get("/v1/keys").then().statusCode(401).body("code", equalTo("SESSION_ENDED"));
        Keyed.pageBy(session, them)
                .contentType("application/json")
                .body("{\"name\":\"mine\",\"scopes\":[\"admin\"]}")
                .post("/v1/keys")
                .then()
                .statusCode(401);
    }

    /** By addresses, which are those of both: keys have ids that no two installations share. */
    @Test
    void limitsAreCountedApart() {
        redis.send("SET", redis.key("limit:{127.0.0.1}:address"), "9999999999999999", "PX", "60000");
        try {
            Keyed.at(us).get("/v1/datasets").then().statusCode(429);
            Keyed.at(them).get("/v1/datasets").then().statusCode(401);
        } finally {
            redis.send("DEL", redis.key("limit:{127.0.0.1}:address"));
        }
    }

    @Test
    void onlyOurProcessesHearOurDoorbell() {
        assertThat(List.of(receivers(redis), receivers(theirRedis))).containsExactly(1, 1);
    }

    private static int receivers(RedisConnection redis) {
        Await.until("the process listens", PATIENCE, () -> ring(redis) > 0);
        return ring(redis);
    }

    private static int ring(RedisConnection redis) {
        return redis.send("PUBLISH", redis.key("doorbell"), "work").toInteger();
    }

    /** An ingest that both have, as where one was restored from a backup of the other. */
    @Test
    void eventsOfOneAreNotShownByTheOther() {
        Keyed.with(ADMIN, us).body("a\n1\n").put("/v1/datasets/watched").then().statusCode(201);
        String columns = "SELECT row_to_json(i) FROM sluice.ingest i WHERE dataset = 'watched'";
        String ingest = Sql.query(ours, columns).getFirst();
        Sql.run(
                theirs,
                "INSERT INTO sluice.ingest SELECT * FROM json_populate_record(NULL::sluice.ingest, $$" + ingest
                        + "$$)");
        String id = Sql.query(ours, "SELECT id FROM sluice.ingest WHERE dataset = 'watched'")
                .getFirst();
        Await.until(
                "its events",
                PATIENCE,
                () -> redis.send("EXISTS", redis.key("ingest:{" + id + "}:events"))
                                .toInteger()
                        == 1);

        assertThat(eventIds(us, id)).isNotEmpty().doesNotContainNull();
        assertThat(eventIds(them, id)).as("from their database").hasSize(1).containsOnlyNulls();
    }

    private static List<String> eventIds(Service service, String ingest) {
        try (EventSource events =
                EventSource.open(service, "/v1/ingests/" + ingest + "/events", null, "apikey", ADMIN)) {
            return events.rest().stream().map(EventSource.Event::id).toList();
        }
    }

    /** Whatever they keep: sessions, lists of them, limits, bytes, events, rows, keys and versions. */
    @Test
    void everyKeyAndChannelHasTheIdOfAnInstallation() {
        String key = Keyed.key(us, "write");
        Keyed.session(us, key);
        Keyed.with(key, us).body("a\n1\n").put("/v1/datasets/kept").then().statusCode(201);
        Response rows = Keyed.with(key, us).get("/rest/v1/kept?a=eq.1");
        assertThat(rows.asString()).isEqualTo("[{\"a\":1}]");

        List<String> found = Stream.of(redis.send("KEYS", "*"), redis.send("PUBSUB", "CHANNELS"))
                .peek(answer -> assertThat(answer.type()).isEqualTo(ResponseType.MULTI))
                .flatMap(answer -> StreamSupport.stream(answer.spliterator(), false))
                .map(Object::toString)
                .toList();
        assertThat(found).allMatch(name -> name.matches("sluice:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:.+"));
        for (String kind : List.of(
                "session:",
                "session:of:",
                "limit:{",
                "ingest:{",
                "rows:",
                "cache:key:",
                "cache:versions:kept",
                "doorbell")) {
            assertThat(found).anyMatch(name -> name.startsWith(redis.key(kind)));
        }
    }
}
