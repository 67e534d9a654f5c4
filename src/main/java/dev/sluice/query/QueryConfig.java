package dev.sluice.query;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "sluice.query")
interface QueryConfig {
    /** How long a page may take: a query with a limit of at most {@link #pageRows()} rows. */
    @WithDefault("30s")
    Duration pageTimeout();

    /** The largest limit that still makes a page; what is larger is an export, which takes as long as it takes. */
    @WithDefault("10000")
    long pageRows();
}
