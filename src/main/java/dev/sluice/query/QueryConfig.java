package dev.sluice.query;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.query")
interface QueryConfig {
    /** How long a page may take: a query with a limit of at most {@link #pageRows()} rows. */
    @WithDefault("30s")
    Duration pageTimeout();

    /** How long an export may take from one fetch of rows to the next, the sorting before the first included. */
    @WithDefault("10m")
    Duration exportTimeout();

    /** What {@code count=estimated} counts exactly: what the planner takes to be no more than this. */
    @WithDefault("10000")
    long exactUpTo();

    /** Memory that all answers of a process may hold rows in at the same time. */
    @WithDefault("32M")
    MemorySize memory();

    /** How long a query waits for memory or a connection. */
    @WithDefault("10s")
    Duration patience();

    /** The largest limit that still makes a page; what is larger is an export, which takes as long as it takes. */
    @WithDefault("10000")
    long pageRows();
}
