package dev.sluice.access.limit;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits in the mode {@code keys}. Everything else that is limited is so for a process, or by the database. Public, or its
 * constraints could not be checked.
 */
@ConfigMapping(prefix = "sluice.limit")
public interface LimitConfig {
    /** Requests of one key. */
    Requests key();

    /**
     * Requests from one address, whoever they are of. Behind a proxy this is the proxy's, unless it is trusted by {@code
     * QUARKUS_HTTP_PROXY_*}.
     */
    Requests address();

    /** Sign-ins with one key: at once after a pause, and within an hour in the long run; 0: any number. */
    @WithDefault("100")
    @Min(0) @Max(1_000_000) int signInsPerHour();

    /** Bytes of sources that are loaded for one key in a day of UTC. No limit unless set. */
    Optional<MemorySize> bytesPerDay();

    /** What holds while Redis does not answer: {@code open}, no limit; {@code closed}: 503 {@code LIMITS_UNAVAILABLE}. */
    @WithDefault("open")
    WithoutRedis withoutRedis();

    /** How long to wait for Redis; then it counts as down. */
    @WithDefault("1s")
    Duration patience();

    enum WithoutRedis {
        OPEN,
        CLOSED
    }

    /** A rate. */
    interface Requests {
        /** Requests a second in the long run; 0: any number. */
        @WithDefault("500")
        @Min(0) @Max(1_000_000) int perSecond();

        /** Requests at once after a pause. */
        @WithDefault("1000")
        @Min(1) @Max(1_000_000) int burst();
    }
}
