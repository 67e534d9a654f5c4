package dev.sluice.lease;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.worker")
interface LeaseConfig {
    /** How long a job stays with a process that gives no sign of life. It is renewed three times as often. */
    @WithDefault("30s")
    Duration lease();
}
