package dev.sluice.ingest;

/** What an ingest can be in. The constants are written to the catalog and the API as they are. */
enum IngestState {
    queued,
    running,
    succeeded,
    failed,
    cancelled,
    unchanged;

    /** Whether an ingest in this state has ended, and stays in it. */
    boolean isFinal() {
        return this != queued && this != running;
    }
}
