package dev.sluice.harness;

import dev.sluice.local.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.embedded.RedisServer;

/** A Redis Cluster of one node, which has all slots: it refuses a command with keys of several, as a larger one does. */
public final class RedisCluster implements AutoCloseable {
    private static final Duration STARTUP = Duration.ofSeconds(30);
    private static final int SLOTS = 16_384;

    private final RedisServer server;
    private final int port;

    private RedisCluster(RedisServer server, int port) {
        this.server = server;
        this.port = port;
    }

    public static RedisCluster start() throws IOException {
        Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "redis-cluster-");
        int port = FreePorts.next();
        RedisServer server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("dir " + directory)
                .setting("save \"\"")
                .setting("maxmemory-policy volatile-ttl")
                .setting("cluster-enabled yes")
                .setting("cluster-config-file " + directory.resolve("nodes.conf"))
                .setting("cluster-announce-ip 127.0.0.1")
                .build();
        server.start();
        RedisCluster cluster = new RedisCluster(server, port);
        try (RedisConnection redis = RedisConnection.to(cluster.configuration(Map.of()))) {
            redis.send(
                    "CLUSTER",
                    Stream.concat(
                                    Stream.of("ADDSLOTS"),
                                    IntStream.range(0, SLOTS).mapToObj(Integer::toString))
                            .toArray(String[]::new));
            Await.until(
                    "the cluster works",
                    STARTUP,
                    () -> redis.send("CLUSTER", "INFO").toString().contains("cluster_state:ok"));
        }
        return cluster;
    }

    /** That configuration with this Redis. */
    public Map<String, String> configuration(Map<String, String> configuration) {
        Map<String, String> here = new HashMap<>(configuration);
        here.put("quarkus.redis.hosts", "redis://127.0.0.1:" + port);
        here.put("quarkus.redis.client-type", "cluster");
        return here;
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }
}
