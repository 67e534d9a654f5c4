package dev.sluice.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.upload")
interface UploadConfig {
    /**
     * Uploads that one process loads at the same time. Each holds a database connection and some MB: 10, or four times
     * {@link LoadConfig#maxRecord()} where records are that long. One key has at most all of them but one. More than these
     * wait or are answered 503 {@code UPLOADS_BUSY}.
     */
    @WithDefault("4")
    int slots();

    /**
     * Uploads that one process receives at the same time, of most the first bytes, before they need a slot. One key has at
     * most a quarter of them.
     */
    @WithDefault("1000")
    int receiving();

    /** Uploads that one key may have running, on all processes together; one more is answered 429 {@code RATE_LIMITED}. */
    @WithDefault("16")
    int perKey();

    /** How long an upload waits for a slot once its first bytes are here. */
    @WithDefault("10s")
    Duration slotWait();
}
