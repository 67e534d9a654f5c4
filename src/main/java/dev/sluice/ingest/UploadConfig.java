package dev.sluice.ingest;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.upload")
interface UploadConfig {
    /**
     * Uploads that one process loads at the same time. Each holds a database connection and some MB: 10, or four times {@link
     * #maxRecord()} where records are that long. More than these wait or are answered 503 {@code UPLOADS_BUSY}.
     */
    @WithDefault("4")
    int slots();

    /** Uploads that one process receives the first bytes of at the same time, before they need a slot. */
    @WithDefault("1000")
    int receiving();

    /** How long an upload waits for a slot once its first bytes are here. */
    @WithDefault("10s")
    Duration slotWait();

    /** An upload that sends less than this a second, on average over the time it was waited for, is ended. */
    @WithDefault("16K")
    MemorySize minimumRate();

    /** How long an upload is waited for before its rate counts. */
    @WithDefault("20s")
    Duration minimumRateAfter();

    /** The longest record. */
    @WithDefault("4M")
    MemorySize maxRecord();

    /** The largest body. */
    @WithDefault("1T")
    MemorySize maxSize();

    /** The longest time a load may take, from its first statement to its commit. */
    @WithDefault("24h")
    Duration timeLimit();
}
