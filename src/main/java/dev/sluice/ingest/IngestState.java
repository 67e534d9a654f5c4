package dev.sluice.ingest;

/** What an ingest can be in; the last four are final. The constants are written to the catalog and the API as they are. */
enum IngestState {
    queued,
    running,
    succeeded,
    failed,
    cancelled,
    unchanged
}
