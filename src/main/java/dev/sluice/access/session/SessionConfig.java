package dev.sluice.access.session;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How long sessions last, and where they are. Public, or its constraints could not be checked. */
@ConfigMapping(prefix = "sluice.session")
public interface SessionConfig {
    /** A session that is not used for this long has ended. */
    @WithDefault("30m")
    @DurationMin(seconds = 1)
    @DurationMax(days = 30)
    Duration idle();

    /** A session has ended this long after its sign-in, however much it is used. */
    @WithDefault("12h")
    @DurationMin(seconds = 1)
    @DurationMax(days = 30)
    Duration lifetime();

    /** Sessions that one key may have; one more ends the oldest. */
    @WithDefault("100")
    @Min(1) @Max(1000) int perKey();

    /** The most bytes of the state that a client may keep in its session. */
    @WithDefault("16K")
    MemorySize maxState();

    /** How long to wait for the store; then it counts as down. */
    @WithDefault("2s")
    Duration patience();

    /** {@code redis}: that of {@code quarkus.redis}; {@code memcached}: that of {@link #memcached()}. */
    @WithDefault("redis")
    Store store();

    /** Memcached servers, as {@code host:port}. */
    Optional<List<String>> memcached();

    enum Store {
        REDIS,
        MEMCACHED
    }
}
