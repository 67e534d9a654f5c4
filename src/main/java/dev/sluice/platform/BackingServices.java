package dev.sluice.platform;

import io.agroal.api.AgroalDataSource;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Reports PostgreSQL and Redis. Never down: a backing service that restarts must not take every process out at once. */
@Readiness
class BackingServices implements HealthCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final AgroalDataSource database;
    private final ReactiveRedisDataSource redis;

    BackingServices(AgroalDataSource database, ReactiveRedisDataSource redis) {
        this.database = database;
        this.redis = redis;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("backing-services")
                .up()
                .withData("postgresql", word(databaseAnswers()))
                .withData("redis", word(redisAnswers()))
                .build();
    }

    private boolean databaseAnswers() {
        try (Connection c = database.getConnection()) {
            return c.isValid(Math.toIntExact(PATIENCE.toSeconds()));
        } catch (SQLException e) {
            return false;
        }
    }

    private boolean redisAnswers() {
        try {
            return redis.execute("PING").await().atMost(PATIENCE) != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static String word(boolean answers) {
        return answers ? "up" : "down";
    }
}
