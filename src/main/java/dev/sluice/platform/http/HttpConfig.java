package dev.sluice.platform.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.http")
interface HttpConfig {
    /**
     * Connections of one address at the same time. A proxy counts as one address, and all its clients with it. Of IPv6 the
     * first 64 bits count.
     */
    @WithDefault("256")
    @Min(1) int connectionsPerAddress();

    /** How long the first line and the headers of a request may take, from their first byte on. */
    @WithDefault("10s")
    Duration headTimeout();

    /** How long a connection may wait for the next request. */
    @WithDefault("60s")
    Duration idleTimeout();

    /** How long a client may take nothing of an answer that is complete. */
    @WithDefault("60s")
    Duration takeTimeout();

    /** The same while other requests wait for the memory that its connection holds. */
    @WithDefault("3s")
    Duration takeTimeoutIfAwaited();
}
