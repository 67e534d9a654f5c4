package dev.sluice.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.sample")
interface SampleConfig {
    /**
     * Samples that one process receives at the same time, each of up to 1 MiB in memory. They are looked at one after the
     * other, which takes as much memory as one load: 10 MB. One key has at most all of them but one.
     */
    @WithDefault("8")
    int receiving();

    /** How long a sample waits to be received, and then to be looked at; after that it is answered 503 {@code SAMPLES_BUSY}. */
    @WithDefault("10s")
    Duration patience();
}
