package dev.sluice.access.session;

import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** The store that the configuration names. */
@ApplicationScoped
class ChosenStore {
    @Produces
    @Singleton
    SessionStore store(SessionConfig config, ReactiveRedisDataSource redis) {
        return switch (config.store()) {
            case REDIS -> new RedisSessions(redis, config.patience());
            case MEMCACHED ->
                MemcachedSessions.on(config.memcached().orElse(List.of("localhost:11211")), config.patience());
        };
    }

    void close(@Disposes SessionStore store) {
        if (store instanceof MemcachedSessions memcached) {
            memcached.close();
        }
    }
}
