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

    /** How long an export may wait for PostgreSQL from one row to the next, all that comes before the first included. */
    @WithDefault("10m")
    Duration exportTimeout();

    /** How long an export may take in all. */
    @WithDefault("24h")
    Duration exportLimit();

    /** Exports on their way at once, each with a connection of its own; others are left to pages. */
    @WithDefault("16")
    int exports();

    /** Queries with regular expressions that are being prepared or look for their first rows: each takes up to 15 MB of PostgreSQL. */
    @WithDefault("4")
    int patterns();

    /** How long a client may take for the next 32 KiB of an answer. */
    @WithDefault("60s")
    Duration writeIdle();

    /** How long answers are kept for others who ask the same; 0s: not at all. */
    @WithDefault("5m")
    Duration cacheFor();

    /**
     * Memory of Redis that answers of the whole installation are kept in, at the most. What is more is not kept, so that sessions
     * find room in a Redis that evicts nothing.
     */
    @WithDefault("32M")
    MemorySize cacheMemory();

    /** The part of {@link #cacheMemory()} that answers to one key may take. */
    @WithDefault("8M")
    MemorySize cachePerKey();

    /** What an answer that is kept took at least; others are found as quickly as kept. */
    @WithDefault("10ms")
    Duration cacheFrom();

    /** What {@code count=estimated} counts exactly: what the planner takes to be no more than this. */
    @WithDefault("10000")
    long exactUpTo();

    /** How long a query waits for a connection, for one of the exports, and for its turn if it has regular expressions. */
    @WithDefault("10s")
    Duration patience();

    /** The same while other requests wait for the memory that its connection holds. */
    @WithDefault("1s")
    Duration patienceIfAwaited();

    /** The largest limit that still makes a page; what is larger is an export, which takes as long as it takes. */
    @WithDefault("10000")
    long pageRows();
}
