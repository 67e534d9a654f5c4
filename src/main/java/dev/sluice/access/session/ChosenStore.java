package dev.sluice.access.session;

import dev.sluice.platform.ProcessType;
import dev.sluice.platform.Processes;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/** The store that the configuration names. */
@ApplicationScoped
class ChosenStore {
    private static final Logger LOG = Logger.getLogger(ChosenStore.class);

    @Produces
    @Singleton
    SessionStore store(SessionConfig config, ReactiveRedisDataSource redis) {
        return switch (config.store()) {
            case REDIS -> new RedisSessions(redis, config.patience());
            case MEMCACHED ->
                MemcachedSessions.on(config.memcached().orElse(List.of("localhost:11211")), config.patience());
        };
    }

    /** A process that signs people in is refused a store which may drop that; none that does not answer yet. */
    void check(@Observes StartupEvent event, Processes processes, SessionStore store) {
        if (!processes.include(ProcessType.WEB)) {
            return;
        }
        try {
            store.evicts().ifPresent(why -> {
                throw new ConfigurationException(why);
            });
        } catch (ProblemException e) {
            LOG.warn("The store of sessions does not answer; whether it would drop any could not be seen");
        }
    }

    void close(@Disposes SessionStore store) {
        if (store instanceof MemcachedSessions memcached) {
            memcached.close();
        }
    }
}
