package dev.sluice.platform.memory;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.answers")
public interface MemoryConfig {
    /** The memory that all answers of a process hold at the same time. */
    @WithDefault("32M")
    MemorySize memory();

    /** How long an answer waits for memory. */
    @WithDefault("10s")
    Duration patience();
}
