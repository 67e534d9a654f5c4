package dev.sluice.ingest;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of every source, sent or fetched. */
@ConfigMapping(prefix = "sluice.load")
interface LoadConfig {
    /** A source that yields less than this a second, over the last {@link #minimumRateAfter()} of waiting, is given up. */
    @WithDefault("16K")
    MemorySize minimumRate();

    /**
     * The time of waiting over which the rate of a source counts, from the first such time on. So a source may pause for
     * almost this long, however fast it is otherwise.
     */
    @WithDefault("20s")
    Duration minimumRateAfter();

    /** The longest record. */
    @WithDefault("4M")
    MemorySize maxRecord();

    /** The most bytes of a source, decompressed. */
    @WithDefault("1T")
    MemorySize maxSize();

    /** The longest time a load may take, from its first statement to its last index. Then it is published. */
    @WithDefault("24h")
    Duration timeLimit();
}
