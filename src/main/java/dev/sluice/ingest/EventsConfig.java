package dev.sluice.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.ingest")
interface EventsConfig {
    /** How often the progress of a running ingest is announced, if it has changed. */
    @WithDefault("500ms")
    Duration progressEvery();

    /** How long the events of an ingest are kept after the last one. */
    @WithDefault("1h")
    Duration eventsKeepFor();

    /** About how many events of an ingest are kept; older ones go first. */
    @WithDefault("10000")
    int eventsKept();

    /** How often the database is asked whether an ingest has ended whose events are watched but stay away. */
    @WithDefault("2s")
    Duration eventsCheckEvery();

    /** A stream of events that has nothing to say for this long carries a comment. */
    @WithDefault("15s")
    Duration eventsKeepAlive();

    /** How many streams of events a process has open at once. One key has half of them. */
    @WithDefault("512")
    @Min(1) int eventsStreams();
}
