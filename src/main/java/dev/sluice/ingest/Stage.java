package dev.sluice.ingest;

import java.util.Locale;

/** What an ingest goes through, one after the other; an upload neither waits nor is fetched. */
enum Stage {
    /** In the queue, before its first attempt. */
    WAIT,
    /** From the request to the source to the first byte of its answer. */
    FETCH,
    /** Reading as much as is needed to begin with types. */
    SAMPLE,
    /** Reading the rest, and COPY. */
    LOAD,
    /** The key, indexes and statistics of the table. */
    COMPLETE,
    /** Making it the current version. */
    PUBLISH;

    /** As metrics and traces have it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
