package dev.sluice.access.session;

import dev.sluice.platform.ProcessType;
import dev.sluice.platform.Processes;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Refuses a Redis that would drop sessions to make room for what can be had again. With {@code volatile-ttl} what would
 * expire first goes first: progress and limits live for less long than sessions do.
 */
@ApplicationScoped
class EvictionPolicy {
    private static final Logger LOG = Logger.getLogger(EvictionPolicy.class);
    private static final Pattern POLICY = Pattern.compile("maxmemory_policy:([a-z-]+)");
    private static final Set<String> SPARING = Set.of("noeviction", "volatile-ttl");

    private final ReactiveRedisDataSource redis;
    private final SessionConfig config;

    EvictionPolicy(ReactiveRedisDataSource redis, SessionConfig config) {
        this.redis = redis;
        this.config = config;
    }

    void check(@Observes StartupEvent event, Processes processes) {
        if (processes.include(ProcessType.WEB) && config.store() == SessionConfig.Store.REDIS) {
            policy().filter(policy -> !SPARING.contains(policy)).ifPresent(policy -> {
                throw new ConfigurationException("Redis may drop sessions: its maxmemory-policy is " + policy
                        + ". Set it to volatile-ttl or noeviction, or keep sessions elsewhere (SLUICE_SESSION_STORE).");
            });
        }
    }

    /** What it says; empty if it does not answer, which must not keep this process from starting. */
    private Optional<String> policy() {
        try {
            String memory = redis.execute("INFO", "memory")
                    .await()
                    .atMost(config.patience())
                    .toString();
            return Optional.of(POLICY.matcher(memory)).filter(Matcher::find).map(found -> found.group(1));
        } catch (RuntimeException e) {
            LOG.warn("Redis does not answer; whether it would drop sessions could not be seen");
            return Optional.empty();
        }
    }
}
