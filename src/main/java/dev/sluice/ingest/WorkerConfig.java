package dev.sluice.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.worker")
interface WorkerConfig {
    /**
     * Ingests one worker runs at once: more than it could load at once, since most of their time they wait for their sources.
     * Each holds a database connection and some MB: 10, or four times {@link LoadConfig#maxRecord()} where records are that
     * long. Those of one key have at most all of them but one.
     */
    @WithDefault("4")
    int slots();

    /** How often a worker looks for work that no doorbell told it of. */
    @WithDefault("1s")
    Duration poll();

    /** How long running ingests have to finish at shutdown; what is left then is handed back. */
    @WithDefault("25s")
    Duration grace();

    /** How often an ingest is tried at most. */
    @WithDefault("5")
    int attempts();

    /** How often an ingest is handed back at most. */
    @WithDefault("20")
    int handBacks();

    /** The longest wait before a second attempt; it doubles with each further one. */
    @WithDefault("10s")
    Duration backoff();

    /** No wait between attempts is longer. */
    @WithDefault("10m")
    Duration maxBackoff();

    /** Ingests that wait at most; one more is answered 429 {@code QUEUE_FULL}. */
    @WithDefault("20000")
    int queue();

    /** Ingests of one key that wait or run at most; one more is answered 429 {@code QUEUE_FULL}. */
    @WithDefault("1000")
    int queuePerKey();
}
