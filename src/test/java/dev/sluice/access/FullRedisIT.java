package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.RedisConnection;
import dev.sluice.harness.Service;
import dev.sluice.local.EmbeddedServers;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Redis that evicts nothing and has little memory, and a process that would keep every answer in it. */
class FullRedisIT {
    private static final int IN_ALL = 1024 * 1024;
    private static final int PER_KEY = 512 * 1024;
    private static final int FREE = 3 * 1024 * 1024;
    private static final int ROWS = 200;

    private static EmbeddedServers servers;
    private static Service web;
    private static RedisConnection redis;

    @BeforeAll
    static void start() throws IOException {
        servers = EmbeddedServers.start();
        Map<String, String> configuration = Keyed.mode(servers.newDatabase("little_memory"));
        configuration.put("sluice.query.cache-from", "0s");
        configuration.put("sluice.query.cache-memory", Integer.toString(IN_ALL));
        configuration.put("sluice.query.cache-per-key", Integer.toString(PER_KEY));
        redis = RedisConnection.to(configuration);
        redis.send("CONFIG", "SET", "maxmemory-policy", "noeviction");
        Service.migrate(configuration);
        web = Service.start("web", configuration).awaitReady();
        redis.send("CONFIG", "SET", "maxmemory", Long.toString(used() + FREE));
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
        web.close();
        servers.close();
    }

    private static long used() {
        Matcher used = Pattern.compile("used_memory:(\\d+)")
                .matcher(redis.send("INFO", "memory").toString());
        assertThat(used.find()).isTrue();
        return Long.parseLong(used.group(1));
    }

    /** Bytes that Redis has allocated for answers. */
    private static long kept() {
        long bytes = 0;
        for (Response key : redis.send("KEYS", redis.key("rows:\"*"))) {
            bytes += redis.send("MEMORY", "USAGE", key.toString()).toLong();
        }
        return bytes;
    }

    @Test
    void distinctReadsTakeNoMoreThanTheBoundAndPeopleSignIn() {
        String writer = Keyed.key(web, "write");
        String table = IntStream.range(0, ROWS)
                .mapToObj(i -> i + "," + ("x" + i).repeat(3_000) + "\n")
                .collect(Collectors.joining("", "n,text\n", ""));
        Keyed.with(writer, web).body(table).put("/v1/datasets/wide").then().statusCode(201);

        read(Keyed.key(web, "read"), 1);
        long ofOneKey = kept();
        assertThat(ofOneKey).isBetween(PER_KEY / 4L, (long) PER_KEY);
        for (int i = 2; i <= 4; i++) {
            read(Keyed.key(web, "read"), i);
        }
        assertThat(kept()).isBetween(ofOneKey + 1, (long) IN_ALL);
        assertThat(Keyed.signIn(web, writer).statusCode()).isEqualTo(201);
    }

    /** All rows, each by a query that no other reader asks. */
    private static void read(String key, int reader) {
        for (int n = 0; n < ROWS; n++) {
            Keyed.with(key, web)
                    .get("/rest/v1/wide?n=eq." + n + "&n=gt.-" + reader)
                    .then()
                    .statusCode(200);
        }
    }
}
