package dev.sluice.harness;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks into a service's Redis. */
public final class RedisConnection implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, String> configuration;
    private final Redis redis;

    private RedisConnection(Map<String, String> configuration) {
        this.configuration = configuration;
        redis = Redis.createClient(vertx, configuration.get("quarkus.redis.hosts"));
    }

    public static RedisConnection to(Map<String, String> configuration) {
        return new RedisConnection(configuration);
    }

    /** What the service of that configuration calls its own under a name. */
    public String key(String name) {
        return "sluice:"
                + Sql.query(configuration, "SELECT id FROM sluice.catalog").getFirst() + ":" + name;
    }

    public Response send(String command, String... arguments) {
        Request request = Request.cmd(Command.create(command));
        for (String argument : arguments) {
            request.arg(argument);
        }
        return await(redis.send(request));
    }

    private static <T> T await(Future<T> answer) {
        try {
            return answer.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        redis.close();
        await(vertx.close());
    }
}
